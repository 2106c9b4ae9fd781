-- One dialect for SQLite and PostgreSQL. Columns are text, bigint or bytea; truth values are bigint 0 or 1; instants
-- are epoch milliseconds; dates (2026-03-31) and months (2026-03) are text of fixed width, which sorts as they do;
-- ids are UUIDv7 texts made by the gateway; JSON is opaque text. No defaults that compute, no triggers, no sequences.

-- An organiser (pouvoir organisateur): the tenant that every other row belongs to. Its row is also the lock that each
-- write transaction of the organiser takes first.
create table organiser (
    id                text   not null primary key,
    legal_name        text   not null,
    enterprise_number text,                        -- BCE number, ten digits
    created_at        bigint not null,
    last_event        bigint not null              -- number of the latest event; 0 before the first
);

-- A crèche (milieu d'accueil) of an organiser.
create table creche (
    id               text   not null primary key,
    organiser_id     text   not null references organiser (id),
    name             text   not null,
    one_number       text   not null,              -- the agency's number: an opaque string
    subsidised       bigint not null check (subsidised in (0, 1)),
    authorised_from  text   not null,              -- first day of the authorisation
    authorised_until text,                         -- last day; null while it runs
    closures_version bigint not null,              -- raised each time the closures are replaced; 0 before the first
    created_at       bigint not null
);
create unique index creche_of_organiser on creche (organiser_id, id);

-- Authorised places: a history, the entry with the latest from_date on or before a day is the one valid on it.
create table capacity (
    organiser_id text   not null,
    creche_id    text   not null references creche (id),
    from_date    text   not null,                  -- first day on which it holds
    places       bigint not null check (places >= 0),
    primary key (organiser_id, creche_id, from_date)
);

-- Periods in which a crèche is closed, in the order in which they were sent.
create table closure (
    organiser_id text   not null,
    creche_id    text   not null references creche (id),
    position     bigint not null,                  -- place in the list, from 0
    start_date   text   not null,                  -- first closed day
    end_date     text   not null,                  -- last closed day
    reason       text   not null,                  -- code: publicHoliday, strike, annualClosure, other
    primary key (organiser_id, creche_id, position)
);

-- A vendor's software as registered by one organiser (application externe).
create table application (
    id           text   not null primary key,
    organiser_id text   not null references organiser (id),
    name         text   not null,
    vendor       text   not null,
    created_at   bigint not null,
    suspended_at bigint                            -- its keys are refused from then on; null while in use
);
create index application_of_organiser on application (organiser_id, id);

-- API keys. The secret itself is nowhere: only a digest of the whole key text.
create table api_key (
    id             text   not null primary key,    -- the public id inside the key text
    organiser_id   text   not null references organiser (id),
    application_id text   not null references application (id),
    kind           text   not null,                -- live, trial or test
    secret_hash    bytea  not null,                -- SHA-256 of the key text
    scopes         text   not null,                -- codes separated by spaces
    creches        text,                           -- JSON list of crèche ids; null means all of the organiser's
    created_at     bigint not null,
    expires_at     bigint,                         -- null: does not expire
    revoked_at     bigint,                         -- null: not revoked
    last_used_at   bigint                          -- null: never; recorded with a delay
);
create index api_key_of_organiser on api_key (organiser_id, application_id, id);

-- The keys that seal personal data, one per owner, each wrapped (encrypted) by a master key that is not kept here.
create table data_key (
    owner         text  not null primary key,      -- an organiser's id, or 'deployment' for the key of keyed hashes
    wrapped       bytea not null,
    master_key_id text  not null                   -- which master key wraps it
);

-- Where each statement stands: one row per crèche, kind and month that was ever deposited.
create table statement (
    organiser_id text   not null,
    creche_id    text   not null references creche (id),
    kind         text   not null,                  -- attendance; other kinds later
    month        text   not null,
    revision     bigint not null,                  -- the current revision
    status       text   not null,                  -- deposited or locked
    updated_at   bigint not null,
    primary key (organiser_id, creche_id, kind, month)
);
create index statement_by_month on statement (organiser_id, kind, month);

-- Every revision of every statement, never changed once written. The wide column comes last: figures are read without
-- touching it.
create table revision (
    organiser_id   text   not null,
    creche_id      text   not null references creche (id),
    kind           text   not null,
    month          text   not null,
    revision       bigint not null,                -- 1, 2, 3 … without holes
    fingerprint    text   not null,                -- keyed hash of the content: same content, same fingerprint
    totals         text   not null,                -- JSON, clear: counts are not personal
    lines          bigint not null,
    warnings       text   not null,                -- JSON: the warnings it was accepted with, no personal data in them
    has_warnings   bigint not null check (has_warnings in (0, 1)),
    door           text   not null,                -- json, xlsx, xls or console
    application_id text,                           -- null when deposited by a person
    key_id         text,                           -- null when deposited by a person
    deposited_at   bigint not null,
    document       bytea  not null,                -- compressed, then sealed
    primary key (organiser_id, creche_id, kind, month, revision)
);

-- The answer to every deposit and dry run: counts by rule, never content.
create table verdict (
    id             text   not null primary key,
    organiser_id   text   not null references organiser (id),
    creche_id      text   not null,
    kind           text   not null,
    period         text   not null,
    at             bigint not null,
    application_id text,
    key_id         text,
    door           text   not null,                -- json, xlsx, xls or console
    outcome        text   not null,                -- accepted, refused, dryRun or unchanged
    errors         bigint not null,
    warnings       bigint not null,
    counts         text   not null,                -- JSON: rule code to number of findings
    revision       bigint                          -- the revision it made or found; null when nothing was written
);
create index verdict_of_organiser on verdict (organiser_id, at, id);

-- What happened, numbered 1, 2, 3 … without holes for each organiser. Thin: no personal data.
create table event (
    organiser_id text   not null references organiser (id),
    number       bigint not null,
    id           text   not null unique,
    type         text   not null,
    creche_id    text,
    period       text,
    revision     bigint,
    at           bigint not null,
    primary key (organiser_id, number)
);

-- Who did what and who read what: a chain per organiser, and one for the operator. Each entry's hash is keyed and
-- covers the entry and the hash before it.
create table audit_entry (
    chain         text   not null,                 -- an organiser's id, or 'operator'
    number        bigint not null,                 -- 1, 2, 3 … without holes
    at            bigint not null,
    actor_kind    text   not null,                 -- key, operator or system
    actor         text   not null,                 -- the key's public id, the operator's name …
    action        text   not null,
    creche_id     text,
    period        text,
    detail        text,                            -- a few words or JSON, no personal data
    previous_hash text   not null,
    hash          text   not null,
    primary key (chain, number)
);

-- The end of each chain. Its own keyed hash keeps the last entries from being cut off unseen.
create table audit_head (
    chain  text   not null primary key,
    number bigint not null,
    hash   text   not null,                        -- hash of the last entry
    seal   text   not null                         -- keyed hash over chain, number and hash
);
