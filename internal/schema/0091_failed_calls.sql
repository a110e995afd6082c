-- +goose Up
-- Home pages count what failed lately; it is few among all.
create index fulfillment_calls_failed on fulfillment_calls (done_at) where state = 'failed';
