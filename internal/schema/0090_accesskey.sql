-- +goose Up
-- AK/SK of accounts for the open API (open-api.md §2.1). The secret key is sealed instead of hashed, because signatures
-- are checked with it.
create table account_access_keys (
  id           text primary key,
  access_key   text not null unique,
  account_id   text not null references accounts (id),
  user_id      text not null,
  name         text not null,
  secret       text not null,
  state        text not null default 'active' check (state in ('active', 'disabled')),
  failures     integer not null default 0,
  locked_until bigint,
  used_at      bigint,
  created_at   bigint not null,
  disabled_at  bigint
);
create index account_access_keys_account on account_access_keys (account_id, id);
create index account_access_keys_age on account_access_keys (disabled_at) where disabled_at is not null;
