-- +goose Up
-- Sellers: admission, shop, production addresses, access keys (catalog-and-roles.md part B, saas.md §1.1, §2).
create table sellers (
  id            text primary key,
  account_id    text not null,
  name          text not null,
  state         text not null default 'active' check (state in ('active', 'suspended', 'exited')),
  state_reason  text not null default '',
  service_email text not null default '',
  service_phone text not null default '',
  logo_key      text not null default '',
  form          text not null,
  company_name  text not null default '',
  certificate   text not null default '',
  search        text not null default '',
  version       bigint not null default 1,
  created_at    bigint not null,
  updated_at    bigint not null
);
create unique index sellers_account on sellers (account_id);
create index sellers_state on sellers (state, id);

create table seller_applications (
  id            text primary key,
  account_id    text not null,
  seller_id     text not null default '',
  kind          text not null check (kind in ('join', 'change')),
  state         text not null check (state in ('draft', 'reviewing', 'approved', 'rejected', 'withdrawn')),
  version       bigint not null default 1,
  form          text not null,
  before_form   text not null default '',
  company_name  text not null default '',
  certificate   text not null default '',
  search        text not null default '',
  agreements    text not null default '[]',
  checks        text not null default '[]',
  website_probe text not null default '',
  reason        text not null default '',
  reviewer_id   text not null default '',
  submitted_at  bigint,
  decided_at    bigint,
  created_at    bigint not null,
  updated_at    bigint not null
);
-- At most one open application per account.
create unique index seller_applications_open on seller_applications (account_id) where state in ('draft', 'reviewing', 'rejected');
create index seller_applications_account on seller_applications (account_id, id);
create index seller_applications_state on seller_applications (state, submitted_at, id);

create table seller_application_events (
  id             text primary key,
  application_id text not null references seller_applications (id),
  number         bigint not null,
  at             bigint not null,
  event          text not null,
  from_state     text not null,
  to_state       text not null,
  actor_kind     text not null,
  actor_id       text not null,
  actor_name     text not null default '',
  reason         text not null default ''
);
create unique index seller_application_events_of on seller_application_events (application_id, number);

create table seller_contact_groups (
  id         text primary key,
  seller_id  text not null references sellers (id),
  position   integer not null,
  name       text not null,
  phone      text not null,
  email      text not null,
  hours      text not null,
  created_at bigint not null
);
create index seller_contact_groups_of on seller_contact_groups (seller_id, position);

create table access_keys (
  id          text primary key,
  seller_id   text not null references sellers (id),
  generation  text not null check (generation in ('v1', 'v2')),
  name        text not null default '',
  secret      text not null,
  category    text not null default '' check (category in ('', 'base', 'joint', 'license', 'general')),
  state       text not null default 'active' check (state in ('active', 'disabled')),
  created_at  bigint not null,
  disabled_at bigint
);
create unique index access_keys_v1 on access_keys (seller_id) where generation = 'v1' and state = 'active';
create index access_keys_of on access_keys (seller_id, id);

create table production_addresses (
  id              text primary key,
  seller_id       text not null references sellers (id),
  origin          text not null,
  state           text not null default 'unverified' check (state in ('unverified', 'verified')),
  development     boolean not null default false,
  accept_unsigned boolean not null default false,
  token           text not null,
  method          text not null default '' check (method in ('', 'file', 'dns', 'operator')),
  verified_at     bigint,
  verified_by     text not null default '',
  checked_at      bigint,
  check_code      text not null default '',
  check_args      text not null default '',
  version         bigint not null default 1,
  created_at      bigint not null
);
create unique index production_addresses_origin on production_addresses (seller_id, origin);
create index production_addresses_state on production_addresses (state, id);

-- Role 'pending' is the second key of a rotation, tried by debug runs before it becomes active.
create table address_keys (
  address_id text not null references production_addresses (id) on delete cascade,
  category   text not null check (category in ('base', 'joint', 'license', 'general')),
  role       text not null default 'active' check (role in ('active', 'pending')),
  key_id     text not null references access_keys (id),
  bound_at   bigint not null,
  primary key (address_id, category, role)
);
create index address_keys_key on address_keys (key_id);
