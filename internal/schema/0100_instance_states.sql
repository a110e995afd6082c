-- +goose Up
-- frozen is the operator's flag of a violation; the state beside it is RETENTION.
alter table instances add column frozen boolean not null default false;
alter table instances add column frozen_at bigint;
alter table instances add column frozen_reason text not null default '';
alter table instances add column ended_at bigint;
create index instances_seller on instances (seller_id, id);
