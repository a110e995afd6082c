-- +goose Up
create table fulfillment_calls (
  id            text primary key,
  activity      text not null,
  generation    text not null,
  purpose       text not null,
  profile       text not null,
  order_id      text not null,
  order_line_id text not null,
  instance_id   text not null references instances (id),
  account_id    text not null,
  seller_id     text not null,
  product_id    text not null,
  address_id    text not null,
  path          text not null,
  parameters    text not null default 'null',
  state         text not null,
  attempts      integer not null default 0,
  created_at    bigint not null,
  first_at      bigint,
  last_at       bigint,
  next_at       bigint,
  window_start  bigint not null,
  window_end    bigint not null,
  done_at       bigint,
  external_id   text not null default '',
  result_code   text not null default '',
  error_code    text not null default '',
  error_args    text not null default 'null',
  comment       text not null default '',
  mailed_at     bigint
);
create index fulfillment_calls_instance on fulfillment_calls (instance_id, id);
create index fulfillment_calls_seller on fulfillment_calls (seller_id, id);
create index fulfillment_calls_order on fulfillment_calls (order_id, id);
create index fulfillment_calls_open on fulfillment_calls (state, next_at) where state in ('waiting', 'calling', 'retrying');

create table fulfillment_attempts (
  id            text primary key,
  call_id       text not null references fulfillment_calls (id),
  number        integer not null,
  at            bigint not null,
  duration_us   bigint not null,
  business_id   text not null,
  method        text not null,
  url           text not null,
  request_body  text not null,
  request_head  text not null default 'null',
  status        integer not null,
  response_head text not null default 'null',
  response_body text not null,
  result_code   text not null,
  result_msg    text not null,
  outcome       text not null,
  error_code    text not null,
  error_args    text not null default 'null',
  warnings      text not null default 'null'
);
create unique index fulfillment_attempts_call on fulfillment_attempts (call_id, number);
create index fulfillment_attempts_age on fulfillment_attempts (at);
