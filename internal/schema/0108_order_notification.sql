-- +goose Up
-- Where a seller wants to be told of paid and refunded orders (open-api.md §11), and the debug run that was saved.
create table order_notifications (
  seller_id  text primary key references sellers (id),
  address_id text not null references production_addresses (id),
  path       text not null,
  kinds      text not null default '{}',
  version    bigint not null default 1,
  updated_at bigint not null
);
create index order_notifications_address on order_notifications (address_id);

create table order_notification_cases (
  seller_id     text primary key references sellers (id),
  address_id    text not null,
  path          text not null,
  key_id        text not null,
  order_id      text not null,
  order_line_id text not null,
  user_id       text not null,
  at            bigint not null,
  duration_us   bigint not null,
  method        text not null,
  url           text not null,
  request_head  text not null default 'null',
  request_body  text not null,
  status        integer not null,
  response_head text not null default 'null',
  response_body text not null
);
