-- +goose Up
-- Money that arrived at the bank (trade.md §9.1): lines of imported statements, or entered by
-- hand. What is not credited yet stands on the account clearing:bank.
create table receiving_codes (
  account_id text primary key references accounts (id),
  code       text not null unique,
  created_at bigint not null
);

create table bank_statements (
  id          text primary key,
  name        text not null,
  imported_at bigint not null,
  imported_by text not null
);

create table bank_receipts (
  id             text primary key,
  statement_id   text not null default '',
  line           integer not null default 0,
  bank_reference text not null unique,
  booked_on      text not null,
  amount         bigint not null check (amount > 0),
  currency       text not null,
  payer          text not null,
  remark         text not null,
  state          text not null,
  account_id     text not null default '',
  topup_id       text not null default '',
  rule           text not null default '',
  third_party    boolean not null default false,
  reason         text not null default '',
  created_at     bigint not null,
  created_by     text not null,
  decided_at     bigint,
  decided_by     text not null default '',
  version        bigint not null default 1
);
create index bank_receipts_state on bank_receipts (state, id);
create unique index bank_receipts_topup on bank_receipts (topup_id) where topup_id <> '';
create index topups_amount on topups (amount, state);

-- Who may pay for an account besides itself: the agreement was seen (第三方付款协议).
create table payer_agreements (
  account_id text not null references accounts (id),
  payer_key  text not null,
  payer      text not null,
  reason     text not null,
  agreed_at  bigint not null,
  agreed_by  text not null,
  primary key (account_id, payer_key)
);
