-- +goose Up
-- Online payments (trade.md §9.1). An attempt is one payment that a gateway was asked to carry
-- out, for orders or for the balance; what came of it stands in the ledger.
create table payment_attempts (
  id           text primary key,
  number       text not null unique,
  account_id   text not null references accounts (id),
  user_id      text not null,
  gateway      text not null,
  purpose      text not null,
  amount       bigint not null check (amount > 0),
  currency     text not null,
  state        text not null,
  reference    text not null default '',
  redirect     text not null default '',
  request_key  text not null,
  outcome      text not null default '',
  cause        text not null default '',
  surplus      bigint not null default 0 check (surplus >= 0 and surplus <= amount),
  refunded     bigint not null default 0 check (refunded >= 0 and refunded <= amount),
  checks       integer not null default 0,
  created_at   bigint not null,
  expires_at   bigint not null,
  check_at     bigint not null,
  succeeded_at bigint,
  closed_at    bigint,
  version      bigint not null default 1,
  unique (account_id, request_key)
);
create index payment_attempts_account on payment_attempts (account_id, id);
create index payment_attempts_check on payment_attempts (check_at) where state in ('created', 'waiting');

create table payment_attempt_orders (
  attempt_id text not null references payment_attempts (id),
  order_id   text not null references orders (id),
  amount     bigint not null,
  position   integer not null,
  primary key (attempt_id, order_id)
);
create index payment_attempt_orders_order on payment_attempt_orders (order_id);

-- What gateways told about attempts; forged notices leave no row.
create table payment_notices (
  id         text primary key,
  attempt_id text not null references payment_attempts (id),
  source     text not null,
  event      text not null,
  status     text not null,
  amount     bigint not null,
  currency   text not null,
  reference  text not null,
  verdict    text not null,
  at         bigint not null,
  unique (attempt_id, source, event)
);

-- Money that goes back to whoever paid it, through the gateway.
create table gateway_refunds (
  id         text primary key,
  number     text not null unique,
  attempt_id text not null references payment_attempts (id),
  account_id text not null,
  amount     bigint not null check (amount > 0),
  currency   text not null,
  state      text not null,
  reason     text not null,
  error      text not null default '',
  created_at bigint not null,
  decided_at bigint,
  decided_by text not null,
  version    bigint not null default 1
);
create index gateway_refunds_attempt on gateway_refunds (attempt_id, id);
create index gateway_refunds_account on gateway_refunds (account_id, id);

create index payments_instrument on payments (instrument_id) where instrument_id <> '';
create index payments_age on payments (at, id);
-- Balance and online payment are never mixed (trade.md §9.1).
create unique index payments_one_source on payments (order_id) where instrument in ('balance', 'online');

-- The play gateway's own books: what an outside company would keep.
create table testpay_payments (
  id         text primary key,
  number     text not null unique,
  amount     bigint not null,
  currency   text not null,
  subject    text not null,
  state      text not null,
  return_url text not null,
  notify_url text not null,
  refunded   bigint not null default 0 check (refunded >= 0 and refunded <= amount),
  created_at bigint not null,
  expires_at bigint not null,
  closed_at  bigint
);
create table testpay_refunds (
  number     text primary key,
  payment_id text not null references testpay_payments (id),
  amount     bigint not null,
  at         bigint not null
);
create table testpay_keys (
  id  text primary key,
  key text not null
);
