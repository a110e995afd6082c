-- +goose Up
create table user_groups (
  id          text primary key,
  account_id  text not null references accounts (id),
  preset      text not null default '', -- the preset it was made from
  name        text not null,            -- empty: the preset's name in the reader's language
  description text not null default '',
  permissions text not null default '[]',
  version     bigint not null default 1,
  created_at  bigint not null
);
create index user_groups_account on user_groups (account_id, id);

create table user_group_members (
  group_id   text not null references user_groups (id),
  user_id    text not null references users (id),
  created_at bigint not null,
  primary key (group_id, user_id)
);
create index user_group_members_user on user_group_members (user_id);
