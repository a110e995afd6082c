-- +goose Up
-- Voucher campaigns (代金券) of sellers and of the marketplace, what accounts hold of them, and
-- each use on an order (trade.md §10.2). The counter of a campaign moves when a voucher is
-- claimed, never when one is used.
create table voucher_campaigns (
  id             text primary key,
  issuer         text not null,
  seller_id      text not null default '',
  kind           text not null,
  state          text not null,
  name           text not null,
  face           bigint not null check (face > 0),
  threshold      bigint not null default 0,
  total          integer not null check (total > 0),
  claimed        integer not null default 0,
  per_account    integer not null,
  claim_from     bigint,
  claim_until    bigint,
  use_from       bigint,
  use_until      bigint,
  use_days       integer not null default 0,
  modes          text not null,
  all_products   boolean not null default false,
  no_promotion   boolean not null default false,
  no_special     boolean not null default false,
  seller_share   text not null,
  budget         bigint not null default 0,
  currency       text not null,
  created_at     bigint not null,
  created_by     text not null default '',
  published_at   bigint,
  ended_at       bigint,
  version        bigint not null default 1,
  check (claimed >= 0 and claimed <= total)
);
create index voucher_campaigns_issuer on voucher_campaigns (issuer, id);
create index voucher_campaigns_end on voucher_campaigns (claim_until) where state = 'PUBLISHED';

-- What a campaign is for: products, or some of their specifications; none with all_products.
create table voucher_scope (
  campaign_id text not null references voucher_campaigns (id),
  product_id  text not null,
  spec_id     text not null default '',
  primary key (campaign_id, product_id, spec_id)
);
create index voucher_scope_product on voucher_scope (product_id);

-- To whom a directed campaign gives how many.
create table voucher_targets (
  campaign_id text not null references voucher_campaigns (id),
  account_id  text not null references accounts (id),
  number      integer not null check (number > 0),
  primary key (campaign_id, account_id)
);

create table voucher_holdings (
  id          text primary key,
  campaign_id text not null references voucher_campaigns (id),
  account_id  text not null references accounts (id),
  user_id     text not null default '',
  number      integer not null,
  state       text not null,
  face        bigint not null,
  balance     bigint not null check (balance >= 0),
  locked      bigint not null default 0 check (locked >= 0),
  used        bigint not null default 0 check (used >= 0),
  valid_from  bigint not null,
  valid_until bigint not null,
  claimed_at  bigint not null,
  unique (campaign_id, account_id, number),
  check (face = balance + locked + used)
);
create index voucher_holdings_account on voucher_holdings (account_id, id);
create index voucher_holdings_lapse on voucher_holdings (valid_until) where state = 'CLAIMED';

create table voucher_uses (
  id         text primary key,
  holding_id text not null references voucher_holdings (id),
  order_id   text not null,
  account_id text not null,
  amount     bigint not null check (amount > 0),
  restored   bigint not null default 0,
  state      text not null,
  locked_at  bigint not null,
  spent_at   bigint,
  ended_at   bigint,
  check (restored >= 0 and restored <= amount)
);
create unique index voucher_uses_order on voucher_uses (order_id) where state <> 'released';
create index voucher_uses_holding on voucher_uses (holding_id, id);

-- The part of an amount that a voucher covers; of a refund, the part that goes back to it.
alter table orders add column voucher_amount bigint not null default 0;
alter table order_lines add column voucher_amount bigint not null default 0;
alter table refunds add column voucher_amount bigint not null default 0;
alter table payments add column instrument_id text not null default '';
