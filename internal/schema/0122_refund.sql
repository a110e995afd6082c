-- +goose Up
-- Refunds of delivered orders (trade.md §14): what was asked for, by which formula, and what
-- was decided. The money itself moves with the refund order.
create table refunds (
  id              text primary key,
  kind            text not null,
  state           text not null,
  order_id        text not null references orders (id),
  order_line_id   text not null references order_lines (id),
  instance_id     text not null references instances (id),
  account_id      text not null,
  user_id         text not null,
  seller_id       text not null,
  product_id      text not null,
  amount          bigint not null check (amount >= 0),
  currency        text not null,
  explanation     text not null,
  reason          text not null default '',
  decision        text not null default '',
  refund_order_id text not null default '',
  ends_service    boolean not null default true,
  created_at      bigint not null,
  decided_at      bigint,
  decided_by      text not null default '',
  version         bigint not null default 1
);
create unique index refunds_open on refunds (order_line_id) where state = 'requested';
create index refunds_account on refunds (account_id, id);
create index refunds_seller on refunds (seller_id, id);
create index refunds_state on refunds (state, id);
create index refunds_quota on refunds (account_id, created_at) where kind = 'five_day';
