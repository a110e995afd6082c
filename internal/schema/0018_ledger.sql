-- +goose Up
-- A positive amount credits the account, a negative one debits it; a journal sums to zero.
create table ledger_journals (
  id       text primary key,
  key      text not null unique,
  kind     text not null,
  cause    text not null,
  currency text not null,
  at       bigint not null
);
create index ledger_journals_cause on ledger_journals (cause);

create table ledger_entries (
  id         text primary key,
  journal_id text not null references ledger_journals (id),
  account    text not null,
  amount     bigint not null check (amount <> 0),
  at         bigint not null
);
create index ledger_entries_journal on ledger_entries (journal_id);
create index ledger_entries_account on ledger_entries (account, at, id);

-- Only accounts of one party that must not be overdrawn have a row here; what everybody
-- shares is a snapshot and the entries after it.
create table ledger_balances (
  account text primary key,
  balance bigint not null check (balance >= 0)
);

create table ledger_snapshots (
  account text primary key,
  until   bigint not null,
  balance bigint not null
);
