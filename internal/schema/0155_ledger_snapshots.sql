-- +goose Up
-- What an account had turned over up to an instant: one row per account and UTC day, moved
-- forward while the day lasts. A balance as of any instant is the latest row before it and
-- the entries after that. Everything here can be computed again from the entries.
drop table ledger_snapshots;
create table ledger_snapshots (
  account text not null,
  day     bigint not null,
  until   bigint not null,
  debit   bigint not null,
  credit  bigint not null,
  primary key (account, day)
);

-- The same per purpose of accounts, for the trial balance.
create table ledger_totals (
  purpose text not null,
  day     bigint not null,
  until   bigint not null,
  debit   bigint not null,
  credit  bigint not null,
  primary key (purpose, day)
);

-- Up to where snapshots and totals reach.
create table ledger_watermark (
  id    integer primary key check (id = 1),
  until bigint not null
);
insert into ledger_watermark (id, until) values (1, 0);

-- Journals in the order of time, for the explorer and for what is new since the last snapshot.
create index ledger_journals_at on ledger_journals (at, id);
