-- +goose Up
-- Sandboxes of sellers: realms beside this one (docs/decisions/0020). Their orders and money lie in databases of their own.
create table sandboxes (
  id           text primary key,
  seller_id    text not null unique,
  account_id   text not null,
  state        text not null check (state in ('filling', 'open', 'closing')),
  storage      text not null, -- the name of its database; each reset makes another one
  clock        bigint not null, -- its present instant
  holder       text not null default '', -- who fills it or moves its clock
  held_until   bigint, -- of the wall clock
  report       text not null default '[]',
  moved_at     bigint,
  used_at      bigint not null,
  created_at   bigint not null,
  filled_at    bigint
);
create index sandboxes_used on sandboxes (used_at);

-- Every database that was ever begun, so that one whose maker died is found and removed.
create table sandbox_storages (
  name       text primary key,
  created_at bigint not null
);
