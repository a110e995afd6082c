-- +goose Up
create table jobs (
  id          text primary key,
  kind        text not null,
  args        text not null,
  unique_key  text,
  ref         text not null default '',
  lane        text not null default '',
  state       text not null default 'ready' check (state in ('ready', 'running', 'done', 'dead', 'canceled')),
  run_at      bigint not null,
  attempt     integer not null default 0,
  lease_until bigint,
  worker      text not null default '',
  error       text not null default '',
  created_at  bigint not null,
  finished_at bigint
);
create index jobs_due on jobs (kind, run_at) where state = 'ready';
create index jobs_leased on jobs (kind, lane, lease_until) where state = 'running';
create index jobs_finished on jobs (finished_at) where state in ('done', 'canceled');
create index jobs_ref on jobs (ref) where ref <> '';
create unique index jobs_unique on jobs (unique_key) where unique_key is not null;

create table audit_log (
  id          text primary key,
  at          bigint not null,
  actor_kind  text not null,
  actor_id    text not null,
  actor_name  text not null default '',
  account_id  text not null default '',
  action      text not null,
  object      text not null,
  object_id   text not null,
  reason      text not null default '',
  detail      text not null default 'null',
  address     text not null default '',
  request_id  text not null default ''
);
create index audit_log_account on audit_log (account_id, id);
create index audit_log_object on audit_log (object_id, id);
create index audit_log_action on audit_log (action, id);

create table settings (
  key        text primary key,
  value      text not null,
  version    bigint not null default 1,
  updated_at bigint not null
);

-- One row per answered writing request; the console keeps them a day (idempotency).
create table idempotency_keys (
  owner        text not null,
  key          text not null,
  operation    text not null,
  request_hash text not null,
  result       text not null,
  created_at   bigint not null,
  primary key (owner, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Circuit state of outside endpoints, shared by all nodes.
create table circuits (
  endpoint    text primary key,
  failures    integer not null default 0,
  open_until  bigint,
  updated_at  bigint not null
);

-- Nodes that work on this database: doctor compares their check values.
create table nodes (
  id          text primary key,
  version     text not null,
  started_at  bigint not null,
  seen_at     bigint not null,
  key_check   text not null
);
