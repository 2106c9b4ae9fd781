-- The calls of software: what a vendor sees of its own, and what support is pointed at. Nothing of a call is in clear that may be
-- personal: of the address, ids, periods and numbers; of the query, the same. Bodies are kept in a sandbox only, masked by
-- pseudonyms. Removed after 30 days.
-- Every call adds a row, so there is one index beside the primary key; a filter reads the rows in the order of their numbers.
create table api_request (
    organiser_id   text   not null references organiser (id),
    number         bigint not null,                -- 1, 2, 3 … without holes, in the order of the commits
    id             text   not null,                -- the BelGov-Trace-Id of the answer
    at             bigint not null,                -- in the business time of the organiser
    application_id text   not null,
    key_id         text   not null,                -- without reference: keys are removed some time after they ended
    creche_id      text,                           -- the one that the address names, as it was sent: it may be unknown
    operation      text,                           -- null: the path has no such method
    method         text   not null,
    path           text   not null,                -- below the root of the API, with the query
    status         bigint not null,
    problem        text,                           -- the type of the problem; null: it was carried out
    verdict_id     text,                           -- on the deposit
    millis         bigint not null,                -- until the answer was ready
    media          text,                           -- of the body
    body_bytes     bigint,                         -- the size of the body; null: none was announced
    body           bytea,                          -- masked and sealed; null: it was no JSON, or bodies are not logged
    body_is_cut    bigint,                         -- 1: the rest of it is left out; null: there is none
    primary key (organiser_id, number),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);
create unique index api_request_by_id on api_request (organiser_id, id);

-- The last number of each organiser. The row is held while calls are written.
create table api_request_log (
    organiser_id text   not null primary key references organiser (id),
    last_number  bigint not null
);
