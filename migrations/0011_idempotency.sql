-- First answers to requests that were sent with an Idempotency-Key: the same request with the same key gets them again.
-- Nothing of a request is kept but keyed hashes; the answer is sealed. A row is forgotten after 24 hours.
create table idempotent_request (
    organiser_id text   not null,
    caller       text   not null,                  -- key:<public id> or user:<id>
    key_hash     text   not null,                  -- keyed hash of the header
    request_hash text   not null,                  -- keyed hash of operation, address, form and body
    answer       bytea,                            -- status, headers and body, sealed; null until there is one
    at           bigint not null,
    primary key (organiser_id, caller, key_hash)
);
create index idempotent_request_by_time on idempotent_request (organiser_id, at);
