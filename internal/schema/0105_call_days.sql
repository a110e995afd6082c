-- +goose Up
-- Calls to sellers' servers per day of the site, address and interface, by latency: what
-- charts and health scores read, so that neither scans the attempts. The rows with empty
-- ids are those of all addresses together.
create table call_days (
  address_id text not null,
  day        text not null,
  activity   text not null,
  bucket     integer not null,
  seller_id  text not null,
  good       bigint not null,
  bad        bigint not null,
  primary key (address_id, day, activity, bucket)
);
create index call_days_seller on call_days (seller_id, day);
create index call_days_age on call_days (day);

-- Up to which instant attempts are counted in call_days: one row.
create table call_days_until (
  id    integer primary key,
  until bigint not null
);
