-- Webhooks: whom to tell what happened, what is to be told, and how it went.

alter table event add column warnings bigint;      -- how many warnings a statement was accepted with

-- An address that an organiser's events are sent to. Its lease is held by the gateway that delivers to it just now.
create table webhook_endpoint (
    id             text   not null primary key,
    organiser_id   text   not null references organiser (id),
    application_id text   references application (id), -- who made it; null when a person did
    url            text   not null,
    description    text   not null,
    event_types    text,                           -- codes separated by spaces; null means all
    creches        text,                           -- JSON list of crèche ids; null means all of the organiser's
    signing        text   not null,                -- v1 (HMAC) or v1a (ed25519)
    headers        bytea,                          -- JSON, sealed: headers to send along; null for none
    rate           bigint not null,                -- most deliveries in a second
    state          text   not null,                -- pending, active, paused or disabled
    reason         text,                           -- why it is paused or disabled: person, failing, gone
    created_at     bigint not null,
    verified_at    bigint,
    failing_since  bigint,                         -- the first failure since the last success
    held_until     bigint,                         -- it asked for nothing before this
    leased_by      text,
    leased_until   bigint
);
create index webhook_endpoint_of_organiser on webhook_endpoint (organiser_id, id);

-- What deliveries to an endpoint are signed with: several while one takes the place of another.
create table webhook_secret (
    organiser_id text   not null,
    endpoint_id  text   not null references webhook_endpoint (id),
    id           text   not null primary key,
    sealed       bytea  not null,                  -- the secret, or the private key
    public_key   text,                             -- of v1a only
    created_at   bigint not null,
    ends_at      bigint                            -- null for the current one
);
create index webhook_secret_of_endpoint on webhook_secret (endpoint_id, id);

-- An event on its way to an endpoint, written in the transaction of the event itself.
create table delivery (
    organiser_id text   not null,
    endpoint_id  text   not null references webhook_endpoint (id),
    event_id     text   not null,
    number       bigint not null,                  -- the event's; 0 for a test
    type         text   not null,
    at           bigint not null,                  -- when it was written
    state        text   not null,                  -- waiting, delivered or failed
    tries        bigint not null,                  -- since it was last asked for
    attempts     bigint not null,                  -- all of them
    due_at       bigint,                           -- when it is tried next; null when it is not
    primary key (endpoint_id, event_id)
);
create index delivery_due on delivery (endpoint_id, due_at, number) where due_at is not null;
create index delivery_at on delivery (organiser_id, at);

-- What became of each attempt.
create table attempt (
    organiser_id text   not null,
    endpoint_id  text   not null,
    event_id     text   not null,
    number       bigint not null,                  -- 1, 2, 3 …
    at           bigint not null,
    millis       bigint not null,                  -- how long it took
    status       bigint,                           -- the answer's; null when there was none
    failure      text,                             -- why it counts as failed; null when it does not
    answer       text,                             -- the beginning of the answer's body, masked
    primary key (endpoint_id, event_id, number)
);
create index attempt_at on attempt (organiser_id, at);
