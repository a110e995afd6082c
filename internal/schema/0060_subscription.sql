-- +goose Up
create table instances (
  id            text primary key,
  order_id      text not null references orders (id),
  order_line_id text not null unique references order_lines (id),
  account_id    text not null,
  seller_id     text not null,
  product_id    text not null,
  product_name  text not null,
  spec_name     text not null,
  sku_code      text not null,
  plan_id       text not null,
  plan_number   text not null,
  charging_mode text not null,
  period_type   text not null,
  period_number integer not null,
  generation    text not null,
  address_id    text not null,
  path          text not null,
  state         text not null,
  external_id   text not null default '',
  access_sealed text not null default '',
  access_state  text not null default 'none',
  access_at     bigint,
  looked_at     bigint,
  started_at    bigint,
  expires_at    bigint,
  created_at    bigint not null,
  version       bigint not null default 1
);
create index instances_account on instances (account_id, id);
create index instances_expiry on instances (expires_at) where state = 'ACTIVE';
create index instances_order on instances (order_id);
create unique index instances_external on instances (address_id, path, external_id) where external_id <> '';

create table instance_events (
  id          text primary key,
  instance_id text not null references instances (id),
  at          bigint not null,
  event       text not null,
  from_state  text not null,
  to_state    text not null,
  detail      text not null default 'null'
);
create index instance_events_instance on instance_events (instance_id, id);
