-- +goose Up
-- Prices of unpaid orders that an operator has adjusted (trade.md §8.3, §8.6 type 609). The
-- line keeps what its price is made with in its discount; this is the record of the change.
create table order_adjustments (
  id            text primary key,
  order_id      text not null references orders (id),
  type          integer not null,
  before_amount bigint not null,
  after_amount  bigint not null check (after_amount >= 0),
  lines         text not null,
  reason        text not null,
  state         text not null,
  operator_id   text not null,
  created_at    bigint not null,
  decided_at    bigint,
  decided_by    text not null default ''
);
create index order_adjustments_order on order_adjustments (order_id, id);
create index orders_confirm_due on orders (deadline) where state = 'PENDING_CONFIRM';
