-- +goose Up
-- What a seller's server at a production address needs otherwise than the documents say (saas.md §10, §12).
alter table production_addresses add column hex_case text not null default 'upper' check (hex_case in ('upper', 'lower'));
alter table production_addresses add column product_info text not null default 'text' check (product_info in ('text', 'object'));
alter table production_addresses add column suppress text not null default '[]';
alter table production_addresses add column timeout_seconds integer not null default 20 check (timeout_seconds between 1 and 60);
