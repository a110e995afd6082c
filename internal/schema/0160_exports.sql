-- +goose Up
-- Exports of lists (导出记录, trade.md §18): a job writes the file, which is kept for three days.
create table exports (
  id            text primary key,
  account_id    text not null,
  seller_id     text not null,
  user_id       text not null,
  user_name     text not null,
  list          text not null,
  filter        text not null,
  format        text not null check (format in ('xlsx', 'csv')),
  locale        text not null,
  as_of         bigint not null,
  state         text not null check (state in ('QUEUED', 'RUNNING', 'READY', 'EXPIRED', 'FAILED')),
  attempt       integer not null default 0,
  row_count     bigint not null default 0,
  total         bigint not null default 0,
  capped        boolean not null default false,
  size          bigint not null default 0,
  created_at    bigint not null,
  started_at    bigint,
  finished_at   bigint,
  expires_at    bigint
);
-- One that is not over per account and list; operators share the empty account.
create unique index exports_open on exports (account_id, list) where state in ('QUEUED', 'RUNNING');
create index exports_account on exports (account_id, id);
create index exports_old on exports (expires_at) where state = 'READY';
create index exports_age on exports (created_at);
