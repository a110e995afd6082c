-- +goose Up
-- Uploaded files; the bytes lie in the blob store under the same key. Rows never change.
create table files (
  key          text primary key,
  account_id   text not null default '',
  purpose      text not null,
  private      boolean not null,
  name         text not null,
  content_type text not null,
  size         bigint not null,
  width        integer not null default 0,
  height       integer not null default 0,
  sha256       text not null,
  created_at   bigint not null
);
create index files_account on files (account_id, created_at);
