-- +goose Up
-- The second factor (TOTP, RFC 6238) of users and operators. Until its first code was entered a row has no confirmed_at
-- and asks nothing of anybody.
create table second_factors (
  subject_id   text primary key,
  kind         text not null check (kind in ('user', 'operator')),
  account_id   text not null default '',
  secret       text not null, -- sealed
  last_step    bigint not null default 0, -- of the last code taken: none is taken twice
  proven_from  text not null default '',  -- the network of the last code taken
  confirmed_at bigint,
  created_at   bigint not null
);
create index second_factors_account on second_factors (account_id, subject_id);

-- Each code stands in for the device once.
create table recovery_codes (
  subject_id text not null,
  code_hash  text not null,
  used_at    bigint,
  primary key (subject_id, code_hash)
);

-- A sign-in whose password was right and whose second step is to come.
create table pending_sign_ins (
  token_hash text primary key,
  kind       text not null check (kind in ('user', 'operator')),
  subject_id text not null,
  account_id text not null default '',
  network    text not null,
  created_at bigint not null,
  expires_at bigint not null
);
create index pending_sign_ins_subject on pending_sign_ins (subject_id);
create index pending_sign_ins_age on pending_sign_ins (expires_at);

alter table sessions add column proven_at bigint; -- when the second factor was last proven
alter table accounts add column second_factor_required boolean not null default false;
