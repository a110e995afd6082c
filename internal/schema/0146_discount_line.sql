-- +goose Up
-- The one discount of a line, as it was when the line was priced ('null': none), and the
-- promotion or offer whose use the order takes.
alter table order_lines add column discount text not null default 'null';
alter table orders add column discount_id text not null default '';
