-- +goose Up
-- The purchase of a changed service goes back together with its changes (trade.md §13.4): each
-- has a refund of its own, main_id names that of the purchase; '' for that one and for all others.
alter table refunds add column main_id text not null default '';
create index refunds_main on refunds (main_id) where main_id <> '';
