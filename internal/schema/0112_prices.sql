-- +goose Up
-- What a buyer picks of a specification (trade.md §3.3), its trial in days (0: none) and
-- who may buy it how often. 'null' is the simple template and no limit.
alter table specs add column template text not null default 'null';
alter table specs add column trial_days integer not null default 0;
alter table specs add column purchase_limit text not null default 'null';
alter table products add column purchase_limit text not null default 'null';
alter table product_cards add column has_day boolean not null default false;

-- A combination of enumerated values, with the skuCode that it keeps for ever. A simple
-- specification has none: its skuCode stands in specs.
create table skus (
  id         text primary key,
  spec_id    text not null references specs (id),
  product_id text not null,
  choice     text not null,
  sku_code   text not null unique,
  created_at bigint not null,
  unique (spec_id, choice)
);

-- price_plans anew: periods of days, one plan per combination, trials. plan explains the
-- price; sold is false for a combination that new orders cannot have any more.
create table price_plans_new (
  id            text primary key,
  spec_id       text not null references specs (id),
  product_id    text not null references products (id),
  plan_number   text not null unique,
  choice        text not null default '',
  sku_id        text not null default '',
  trial         boolean not null default false,
  sold          boolean not null default true,
  charging_mode text not null check (charging_mode in ('PERIOD', 'ONE_TIME')),
  period_type   text not null check (period_type in ('year', 'month', 'day', '')),
  price         text not null,
  plan          text not null default 'null',
  min_periods   integer not null,
  max_periods   integer not null,
  created_at    bigint not null,
  updated_at    bigint not null,
  unique (spec_id, choice, charging_mode, period_type, trial)
);
insert into price_plans_new (id, spec_id, product_id, plan_number, charging_mode, period_type, price, min_periods, max_periods, created_at, updated_at)
select id, spec_id, product_id, plan_number, charging_mode, period_type, price, min_periods, max_periods, created_at, updated_at from price_plans;
drop table price_plans;
alter table price_plans_new rename to price_plans;
create index price_plans_product on price_plans (product_id);
