-- +goose Up
create table categories (
  id         text primary key,
  parent_id  text not null default '',
  name       text not null,
  position   integer not null,
  version    bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null
);
create index categories_parent on categories (parent_id, position);

-- The columns from name on are the live version's, copied when it is published, so that
-- selling needs no look into the version's content.
create table products (
  id                text primary key,
  seller_id         text not null,
  delivery_type     text not null,
  state             text not null check (state in ('draft', 'reviewing', 'rejected', 'on_sale', 'hidden', 'suspended', 'delisted')),
  resume_state      text not null default '',
  suspended_until   bigint,
  state_reason      text not null default '',
  live_version_id   text not null default '',
  name              text not null,
  search            text not null default '',
  logo_key          text not null default '',
  category_id       text not null default '',
  address_id        text not null default '',
  path              text not null default '',
  generation        text not null default '',
  agreement_version text not null default '',
  refund_policy     text not null default 'none',
  released_at       bigint,
  version           bigint not null default 1,
  created_at        bigint not null,
  updated_at        bigint not null
);
create index products_seller on products (seller_id, id);
create index products_state on products (state, id);
create index products_category on products (category_id);
create index products_address on products (address_id) where address_id <> '';
create index products_term on products (suspended_until) where suspended_until is not null;

create table product_versions (
  id           text primary key,
  product_id   text not null references products (id),
  number       integer not null,
  state        text not null check (state in ('draft', 'reviewing', 'approved', 'rejected', 'withdrawn')),
  content      text not null,
  revision     bigint not null default 1,
  submitted_at bigint,
  decided_at   bigint,
  created_at   bigint not null,
  updated_at   bigint not null,
  unique (product_id, number)
);
create unique index product_versions_open on product_versions (product_id) where state in ('draft', 'reviewing');

-- What is or was sold. A row is never removed: subscriptions, orders and the wire name it.
create table specs (
  id         text primary key,
  product_id text not null references products (id),
  sku_code   text not null unique,
  name       text not null,
  state      text not null check (state in ('shown', 'hidden', 'delisted')),
  position   integer not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index specs_product on specs (product_id, position);

create table price_plans (
  id            text primary key,
  spec_id       text not null references specs (id),
  product_id    text not null references products (id),
  plan_number   text not null unique,
  charging_mode text not null check (charging_mode in ('PERIOD', 'ONE_TIME')),
  period_type   text not null check (period_type in ('year', 'month', '')),
  price         text not null,
  min_periods   integer not null,
  max_periods   integer not null,
  created_at    bigint not null,
  updated_at    bigint not null,
  unique (spec_id, charging_mode, period_type)
);
create index price_plans_product on price_plans (product_id);

-- Review records: 商品管理 > 我的申请. kind says what is asked for.
create table product_applications (
  id           text primary key,
  kind         text not null check (kind in ('release', 'modify', 'take_down', 'take_down_spec', 'hide_spec', 'show_spec')),
  product_id   text not null references products (id),
  seller_id    text not null,
  version_id   text not null default '',
  spec_id      text not null default '',
  state        text not null check (state in ('reviewing', 'approved', 'rejected', 'withdrawn')),
  product_name text not null,
  reason       text not null default '',
  proof_key    text not null default '',
  note         text not null default '',
  assignee_id  text not null default '',
  assignee     text not null default '',
  submitted_at bigint not null,
  decided_at   bigint,
  decided_by   text not null default '',
  codes        text not null default '[]',
  comment      text not null default ''
);
create index product_applications_seller on product_applications (seller_id, id);
create index product_applications_state on product_applications (state, id);
create index product_applications_product on product_applications (product_id, id);
create unique index product_applications_open on product_applications (product_id, kind, spec_id) where state = 'reviewing';

create table product_events (
  id             text primary key,
  product_id     text not null references products (id),
  version_id     text not null default '',
  application_id text not null default '',
  spec_id        text not null default '',
  seq            integer not null,
  at             bigint not null,
  actor_kind     text not null,
  actor_id       text not null,
  actor_name     text not null default '',
  event          text not null,
  from_state     text not null default '',
  to_state       text not null default '',
  reason         text not null default ''
);
create index product_events_product on product_events (product_id, seq);

-- The storefront's row of a product that has been released: what lists filter and sort by.
create table product_cards (
  product_id  text primary key references products (id),
  seller_id   text not null,
  category_id text not null,
  listed      boolean not null,
  has_month   boolean not null,
  has_year    boolean not null,
  has_once    boolean not null,
  price       bigint not null,
  price_unit  text not null,
  sales       bigint not null default 0,
  released_at bigint not null,
  card        text not null
);
create index product_cards_new on product_cards (listed, released_at, product_id);
create index product_cards_price on product_cards (listed, price, product_id);
create index product_cards_sales on product_cards (listed, sales, product_id);
create index product_cards_category on product_cards (category_id, listed);
create index product_cards_seller on product_cards (seller_id, listed);

-- What changed for the storefront. Ids sort by wall time; transactions commit in another
-- order, so a reader looks back over a window (catalog/shelf).
create table catalog_changes (
  id         text primary key,
  at         bigint not null,
  product_id text not null default ''
);
create index catalog_changes_at on catalog_changes (at);
