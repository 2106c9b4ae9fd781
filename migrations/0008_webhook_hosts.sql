-- Addresses of webhook endpoints are sealed, and hosts are protected from what is sent to them.

-- From here on `url` is the empty text: the first start after this migration seals what it holds.
alter table webhook_endpoint add column sealed_url bytea;                       -- the address, sealed
alter table webhook_endpoint add column url_version bigint not null default 1;  -- rises with every other address; part of the seal
alter table webhook_endpoint add column host_hash text;                         -- keyed hash of the host; null for the operator's own
alter table webhook_endpoint add column allowed_rate bigint;                    -- deliveries a minute that the address consented to
create index webhook_endpoint_of_host on webhook_endpoint (host_hash, leased_until) where host_hash is not null;

-- How many messages endpoints that are not verified have sent to a host in an hour, all organisers together.
create table webhook_host_message (
    host_hash text   not null,
    hour      bigint not null,                     -- hours since 1970
    messages  bigint not null,
    primary key (host_hash, hour)
);

-- An organiser is not told which addresses lie inside.
update attempt set failure = 'unreachable' where failure = 'forbiddenAddress';

-- What kind of deployment the database belongs to, recorded at the first start: one row.
create table deployment (
    id          bigint not null primary key,       -- 1
    kind        text   not null,                   -- production or sandbox
    seal        text   not null,                   -- keyed hash of the kind
    recorded_at bigint not null
);
