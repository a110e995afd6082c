-- +goose Up
-- Promotions of sellers and of the marketplace (seller_id ''), and sellers' exclusive offers to
-- named accounts (trade.md §10.1, §10.3).
create table discounts (
  id             text primary key,
  kind           text not null check (kind in ('promotion', 'offer')),
  seller_id      text not null,
  name           text not null,
  name_key       text not null,
  state          text not null,
  public         boolean not null,
  configured     boolean not null,
  token          text not null unique,
  starts_at      bigint not null,
  ends_at        bigint not null,
  for_new        boolean not null,
  for_renewal    boolean not null,
  for_change     boolean not null,
  total_limit    integer not null,
  account_limit  integer not null,
  deadline_hours integer not null,
  reason         text not null default '',
  created_by     text not null,
  created_at     bigint not null,
  closed_at      bigint,
  notified_at    bigint,
  version        bigint not null default 1,
  unique (seller_id, kind, name_key)
);
create index discounts_due on discounts (ends_at) where state in ('EFFECTIVE', 'REVIEWING');
create index discounts_notice on discounts (starts_at) where kind = 'offer' and state = 'EFFECTIVE' and notified_at is null;

-- What a discount is given on: a product, one of its specifications or price plans; product_id
-- '' is everything of the seller, or of the marketplace.
create table discount_lines (
  id          text primary key,
  discount_id text not null references discounts (id),
  product_id  text not null,
  spec_id     text not null,
  plan_id     text not null,
  form        text not null check (form in ('ratio', 'fixed', 'reduction')),
  value       text not null,
  periods     integer not null,
  quantity    bigint not null
);
create index discount_lines_discount on discount_lines (discount_id);
create index discount_lines_product on discount_lines (product_id);

create table discount_accounts (
  discount_id text not null references discounts (id),
  account_id  text not null references accounts (id),
  primary key (discount_id, account_id)
);
create index discount_accounts_account on discount_accounts (account_id);

-- One use per order. Limits are places (slot, account_slot) that only one standing use holds, so
-- that no row is shared by all orders; a use that was given back holds none.
create table discount_uses (
  order_id     text primary key,
  discount_id  text not null references discounts (id),
  account_id   text not null,
  slot         integer,
  account_slot integer,
  at           bigint not null,
  released_at  bigint,
  unique (discount_id, slot),
  unique (discount_id, account_id, account_slot)
);
create index discount_uses_discount on discount_uses (discount_id, at);

-- The operator's bounds of a product: offers from the authorised discount on need no review,
-- and nothing is sold below the floor. Both are ratios of the list price.
create table discount_bounds (
  product_id text primary key,
  authorised text not null,
  floor      text not null,
  changed_at bigint not null,
  changed_by text not null
);
