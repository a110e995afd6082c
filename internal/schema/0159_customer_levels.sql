-- +goose Up
-- Changes of customer levels (客户等级, trade.md §12.4) with their reasons.
create table account_levels (
  id            text primary key,
  account_id    text not null references accounts (id),
  level_before  text not null,
  level_after   text not null,
  reason        text not null,
  operator_id   text not null,
  operator_name text not null,
  changed_at    bigint not null
);
create index account_levels_account on account_levels (account_id, id);
