-- +goose Up
-- Probing (接口拨测): saved cases that run by themselves on products on sale. day and half are those of the site's time
-- zone; half is am, pm, or now for a run that somebody asked for.
create table probe_runs (
  id           text primary key,
  product_id   text not null references products (id),
  seller_id    text not null,
  address_id   text not null,
  day          text not null,
  half         text not null check (half in ('am', 'pm', 'now')),
  due_at       bigint not null,
  state        text not null check (state in ('planned', 'queued', 'passed', 'failed', 'skipped', 'missed')),
  attempt      integer not null default 0,
  started_at   bigint,
  finished_at  bigint,
  reason       text not null default '',
  cases        integer not null default 0,
  failed_cases integer not null default 0,
  error_code   text not null default '',
  error_args   text not null default 'null',
  results      text not null default '[]',
  asked_by     text not null default ''
);
-- One run per product, day and half, however many nodes plan it; one asked for at a time.
create unique index probe_runs_half on probe_runs (product_id, day, half) where half <> 'now';
create unique index probe_runs_now on probe_runs (product_id) where half = 'now' and state in ('planned', 'queued');
create index probe_runs_product on probe_runs (product_id, id);
create index probe_runs_address on probe_runs (address_id, day);
create index probe_runs_open on probe_runs (due_at) where state in ('planned', 'queued');
create index probe_runs_age on probe_runs (day);

-- What a product's probes have led to.
create table probe_products (
  product_id   text primary key references products (id),
  seller_id    text not null,
  failing_days integer not null default 0,
  counted_from text not null default '',
  last_run_id  text not null default '',
  last_state   text not null default '',
  last_at      bigint
);

-- Decisions that operators are asked for.
create table probe_tasks (
  id           text primary key,
  kind         text not null check (kind in ('frozen', 'failing', 'delist')),
  product_id   text not null references products (id),
  seller_id    text not null,
  state        text not null check (state in ('open', 'confirmed', 'lifted', 'frozen', 'delisted', 'dismissed')),
  count        integer not null,
  created_at   bigint not null,
  decided_at   bigint,
  decided_by   text not null default '',
  decided_name text not null default '',
  comment      text not null default ''
);
create unique index probe_tasks_open on probe_tasks (product_id, kind) where state in ('open', 'confirmed');
create index probe_tasks_product on probe_tasks (product_id, id);
