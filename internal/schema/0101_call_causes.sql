-- +goose Up
-- named_order is the order number that a call bears which no order caused. applies tells that the success of the call
-- changes the instance; otherwise the change was made together with its cause.
alter table fulfillment_calls add column named_order text not null default '';
alter table fulfillment_calls add column applies boolean not null default false;
create unique index fulfillment_calls_named on fulfillment_calls (named_order) where named_order <> '';
