-- +goose Up
create table mails (
  id         text primary key,
  to_address text not null,
  to_name    text not null default '',
  locale     text not null,
  template   text not null,
  args       text not null, -- sealed: links in it open accounts
  state      text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed')),
  attempts   integer not null default 0,
  last_error text not null default '',
  created_at bigint not null,
  sent_at    bigint
);
create index mails_state on mails (state, id);
create index mails_to on mails (to_address, id);

-- A station message to the people of an account (account_id) or, with account_id '', to
-- operators; in both cases to those who hold the permission, '' meaning all of them.
create table messages (
  id         text primary key,
  account_id text not null,
  permission text not null default '',
  class      text not null,
  code       text not null,
  args       text not null default '{}',
  link       text not null default '',
  created_at bigint not null
);
create index messages_account on messages (account_id, id);
create index messages_age on messages (created_at);

create table message_reads (
  message_id text not null references messages (id),
  reader_id  text not null,
  read_at    bigint not null,
  primary key (message_id, reader_id)
);
create index message_reads_reader on message_reads (reader_id);
