-- +goose Up
-- The buyer's own number of a purchase (采购单号), for its books.
alter table orders add column purchase_number text not null default '';

-- How many lines an order has, so that a list can tell without reading them.
alter table orders add column line_count integer not null default 1;
update orders set line_count = counted.n
from (select order_id, count(*) as n from order_lines group by order_id having count(*) > 1) as counted
where counted.order_id = orders.id;

create index orders_review on orders (account_id, created_at, id) where state = 'PENDING_REVIEW';
