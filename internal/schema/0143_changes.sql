-- +goose Up
-- Changes of specification (trade.md §13): what a specification's services can be changed to,
-- what a change leads away from, and when a change takes effect that was bought with a renewal.
alter table specs add column changes text not null default 'null';
alter table order_lines add column change text not null default 'null';
alter table instances add column change_at bigint;
create index instances_change on instances (change_at) where change_at is not null;
