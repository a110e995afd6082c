-- +goose Up
-- The row that makes changes of one cart wait for each other.
create table carts (
  account_id text primary key references accounts (id),
  changed_at bigint not null
);

create table cart_lines (
  id         text primary key,
  account_id text not null references accounts (id),
  plan_id    text not null,
  periods    integer not null,
  quantity   bigint not null,
  added_by   text not null,
  added_at   bigint not null,
  unique (account_id, plan_id)
);
