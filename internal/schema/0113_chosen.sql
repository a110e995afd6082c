-- +goose Up
-- What was picked of a specification and how its price came about: snapshots.
alter table order_lines add column chosen text not null default 'null';
alter table order_lines add column explanation text not null default 'null';
alter table instances add column chosen text not null default 'null';
alter table instances add column trial boolean not null default false;

-- One row per buyer and product with a purchase limit or a trial: whoever places an order
-- holds it until the end of the transaction, so that two orders at once count each other.
create table purchase_guards (
  account_id text not null,
  product_id text not null,
  held_at    bigint not null,
  primary key (account_id, product_id)
);
