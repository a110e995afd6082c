-- +goose Up
-- Whose orders a superior in the buyer's company approves before they are paid.
create table approval_policies (
  account_id   text primary key references accounts (id),
  enabled      boolean not null,
  amount_limit bigint not null check (amount_limit >= 0),
  changed_at   bigint not null
);
