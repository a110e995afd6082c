-- +goose Up
create table quotes (
  id         text primary key,
  account_id text not null,
  user_id    text not null,
  line       text not null,
  amount     bigint not null,
  currency   text not null,
  created_at bigint not null,
  expires_at bigint not null,
  order_id   text not null default ''
);
create index quotes_age on quotes (expires_at);

create table orders (
  id           text primary key,
  kind         text not null,
  state        text not null,
  account_id   text not null references accounts (id),
  user_id      text not null,
  seller_id    text not null,
  product_id   text not null,
  parent_id    text not null default '',
  currency     text not null,
  list_amount  bigint not null check (list_amount >= 0),
  due_amount   bigint not null,
  paid_amount  bigint not null default 0,
  agreement    text not null default 'null',
  note         text not null default '',
  cause        text not null default '',
  created_at   bigint not null,
  deadline     bigint,
  paid_at      bigint,
  closed_at    bigint,
  version      bigint not null default 1
);
create index orders_account on orders (account_id, created_at, id);
create index orders_seller on orders (seller_id, created_at, id);
create index orders_created on orders (created_at, id);
create index orders_due on orders (deadline) where state = 'PENDING_PAYMENT';
create index orders_open on orders (state, created_at) where state in ('PENDING_PAYMENT', 'PROCESSING', 'REFUNDING');
create index orders_parent on orders (parent_id) where parent_id <> '';

-- A line is a snapshot: later changes of the product, its price or the fees do not touch it.
create table order_lines (
  id            text primary key,
  order_id      text not null references orders (id),
  product_id    text not null,
  version_id    text not null,
  product_name  text not null,
  spec_id       text not null,
  spec_name     text not null,
  sku_code      text not null,
  plan_id       text not null,
  plan_number   text not null,
  charging_mode text not null,
  period_type   text not null,
  period_number integer not null,
  unit_price    text not null,
  list_amount   bigint not null,
  amount        bigint not null,
  tax_category  text not null,
  tax_rate      text not null,
  fee_ratio     text not null,
  address_id    text not null,
  path          text not null,
  generation    text not null,
  refund_policy text not null default ''
);
create index order_lines_order on order_lines (order_id);

create table order_events (
  id         text primary key,
  order_id   text not null references orders (id),
  at         bigint not null,
  event      text not null,
  from_state text not null,
  to_state   text not null,
  actor_kind text not null,
  actor_id   text not null,
  actor_name text not null,
  detail     text not null default 'null'
);
create index order_events_order on order_events (order_id, id);
