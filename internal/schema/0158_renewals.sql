-- +goose Up
-- Renewals that end on one day for several services (统一到期日, trade.md §12.6): the day of the
-- month that an account prefers, and the anchor day that a renewal has replaced, for when it is
-- given back.
create table renewal_preferences (
  account_id  text primary key,
  unified_day integer not null,
  changed_at  bigint not null
);
alter table order_lines add column anchor_before integer not null default 0;
