-- +goose Up
-- The life of a subscription (trade.md §12): when something of it is due, its anchor day, and
-- what its buyer wants at the expiry. Each kind of due work is found by its own index.
alter table instances add column due_at bigint;
alter table instances add column auto_at bigint;
alter table instances add column remind_at bigint;
alter table instances add column anchor_day integer not null default 0;
alter table instances add column at_expiry text not null default 'manual';
alter table instances add column auto_days integer not null default 7;
alter table instances add column auto_periods integer not null default 0;
alter table instances add column auto_left integer not null default 0;
update instances set due_at = expires_at where expires_at is not null and state in ('ACTIVE', 'GRACE', 'RETENTION');
create index instances_due on instances (due_at) where due_at is not null;
create index instances_auto on instances (auto_at) where auto_at is not null;
create index instances_remind on instances (remind_at) where remind_at is not null;

alter table order_lines add column instance_id text not null default '';
create index order_lines_instance on order_lines (instance_id) where instance_id <> '';
alter table quotes add column kind text not null default 'NEW';

-- The customer level decides about grace and retention (trade.md §12.4); '' is the site's.
alter table accounts add column customer_level text not null default '';
