-- +goose Up
-- What was refunded of an order line is read with each refund, renewal and change of it.
create index refunds_line on refunds (order_line_id);

-- The open calls are asked for by instance with each new call. By state, the index was read
-- from end to end for it when many calls were open.
drop index fulfillment_calls_open;
create index fulfillment_calls_open on fulfillment_calls (instance_id, state, next_at) where state in ('waiting', 'calling', 'retrying');
