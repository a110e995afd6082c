-- +goose Up
create table payments (
  id         text primary key,
  order_id   text not null references orders (id),
  account_id text not null,
  instrument text not null,
  amount     bigint not null check (amount >= 0),
  refunded   bigint not null default 0,
  currency   text not null,
  at         bigint not null,
  check (refunded >= 0 and refunded <= amount)
);
create unique index payments_order on payments (order_id, instrument);

create table topups (
  id          text primary key,
  number      text not null unique,
  account_id  text not null references accounts (id),
  user_id     text not null,
  amount      bigint not null check (amount > 0),
  currency    text not null,
  state       text not null,
  payer       text not null,
  reference   text not null,
  note        text not null default '',
  reason      text not null default '',
  created_at  bigint not null,
  decided_at  bigint,
  decided_by  text not null default '',
  version     bigint not null default 1
);
create index topups_account on topups (account_id, id);
create index topups_state on topups (state, id);
