-- +goose Up
-- The period that a paid renewal bought (trade.md §12.3): one that has not begun can be given
-- back (§14.1). The unified day is the day of the month that its end was moved to (§12.6); 0 is none.
alter table order_lines add column starts_at bigint;
alter table order_lines add column ends_at bigint;
alter table order_lines add column unified_day integer not null default 0;
create index refunds_instance on refunds (instance_id, id);
