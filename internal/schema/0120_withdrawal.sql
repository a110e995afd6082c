-- +goose Up
-- Withdrawals of balance to a bank account of a payer (trade.md §9.1, §16.11). The account
-- number is sealed; its last four digits are for lists.
create table withdrawals (
  id          text primary key,
  number      text not null unique,
  account_id  text not null references accounts (id),
  user_id     text not null,
  amount      bigint not null check (amount > 0),
  currency    text not null,
  state       text not null,
  payer       text not null,
  bank        text not null,
  bank_sealed text not null,
  bank_tail   text not null,
  note        text not null default '',
  reference   text not null default '',
  reason      text not null default '',
  created_at  bigint not null,
  decided_at  bigint,
  decided_by  text not null default '',
  version     bigint not null default 1
);
create index withdrawals_account on withdrawals (account_id, id);
create index withdrawals_state on withdrawals (state, id);
create index topups_payers on topups (account_id, payer) where state = 'confirmed';
