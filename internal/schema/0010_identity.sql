-- +goose Up
create table accounts (
  id               text primary key,
  kind             text not null check (kind in ('company', 'person')),
  name             text not null,
  state            text not null default 'active' check (state in ('active', 'suspended')),
  state_reason     text not null default '',
  real_name_state  text not null default 'none' check (real_name_state in ('none', 'pending', 'verified', 'rejected')),
  real_name        text not null default '',
  real_name_number text not null default '', -- sealed
  real_name_hint   text not null default '', -- the number's last four characters
  real_name_files  text not null default '[]',
  real_name_reason text not null default '',
  real_name_at     bigint,
  version          bigint not null default 1,
  created_at       bigint not null
);
create index accounts_real_name on accounts (real_name_state, id);
create index accounts_state on accounts (state, id);

create table users (
  id             text primary key,
  account_id     text not null references accounts (id),
  email          text not null,
  name           text not null,
  phone          text not null default '',
  owner          boolean not null,
  state          text not null check (state in ('active', 'disabled', 'pending')),
  locale         text not null default 'zh' check (locale in ('zh', 'en')),
  password_hash  text not null default '',
  last_sign_in   bigint,
  version        bigint not null default 1,
  created_at     bigint not null
);
create unique index users_email on users (email);
create unique index users_owner on users (account_id) where owner;
create index users_account on users (account_id, id);

create table operators (
  id             text primary key,
  email          text not null,
  name           text not null,
  roles          text not null default '[]',
  state          text not null check (state in ('active', 'disabled', 'pending')),
  locale         text not null default 'zh' check (locale in ('zh', 'en')),
  password_hash  text not null default '',
  last_sign_in   bigint,
  version        bigint not null default 1,
  created_at     bigint not null
);
create unique index operators_email on operators (email);

-- A sign-up that waits for its e-mail to be verified. Several may wait for one e-mail:
-- nobody can spoil another's, and the first one verified wins.
create table sign_ups (
  id            text primary key,
  token_hash    text not null,
  email         text not null,
  kind          text not null,
  account_name  text not null,
  name          text not null,
  locale        text not null,
  password_hash text not null,
  mailed_at     bigint not null,
  created_at    bigint not null,
  expires_at    bigint not null
);
create unique index sign_ups_token on sign_ups (token_hash);
create index sign_ups_email on sign_ups (email, id);
create index sign_ups_age on sign_ups (expires_at);

-- Links that work once: password reset, invitations, the first operator's set-up.
create table one_time_links (
  token_hash text primary key,
  purpose    text not null,
  subject_id text not null,
  created_at bigint not null,
  expires_at bigint not null
);
create index one_time_links_subject on one_time_links (subject_id, purpose, created_at);
create index one_time_links_age on one_time_links (expires_at);

create table sessions (
  id               text primary key,
  token_hash       text not null,
  kind             text not null check (kind in ('user', 'operator')),
  subject_id       text not null,
  account_id       text not null default '',
  created_at       bigint not null,
  seen_at          bigint not null,
  expires_at       bigint not null,
  authenticated_at bigint not null,
  address          text not null default '',
  agent            text not null default ''
);
create unique index sessions_token on sessions (token_hash);
create index sessions_subject on sessions (subject_id, id);
create index sessions_account on sessions (account_id) where account_id <> '';
create index sessions_age on sessions (expires_at);

create table sign_in_counters (
  key          text primary key,
  failures     integer not null,
  locked_until bigint,
  updated_at   bigint not null
);
create index sign_in_counters_age on sign_in_counters (updated_at);

create table api_tokens (
  id         text primary key,
  token_hash text not null,
  kind       text not null check (kind in ('user', 'operator')),
  subject_id text not null,
  account_id text not null default '',
  name       text not null,
  hint       text not null,
  scopes     text not null,
  created_at bigint not null,
  expires_at bigint,
  used_at    bigint,
  revoked_at bigint
);
create unique index api_tokens_hash on api_tokens (token_hash);
create index api_tokens_subject on api_tokens (subject_id, id);
