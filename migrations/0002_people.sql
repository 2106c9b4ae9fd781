-- People, their log-ins, and what an organiser knows of the applications it registered.

-- A person whom an organiser has let in. Who that is lies sealed; the keyed hash of the SSIN finds the person again.
create table person (
    id             text   not null primary key,
    organiser_id   text   not null references organiser (id),
    ssin_hash      text   not null,                -- keyed hash: the same person in every organiser
    sealed         bytea  not null,                -- JSON: names, e-mail, SSIN
    profile        text   not null,                -- administrator, userManager or dataManager
    consented_at   bigint not null,                -- when it was certified that the person agrees
    consented_by   text   not null,                -- who certified it: a user's id, an operator's name
    created_at     bigint not null,
    deactivated_at bigint,                         -- null while the person may log in
    last_login_at  bigint,                         -- null: never
    version        bigint not null                 -- raised with each change; 1 at first
);
create unique index person_of_organiser on person (organiser_id, ssin_hash);
create index person_by_ssin on person (ssin_hash);

-- What a person may do in which crèche.
create table person_right (
    organiser_id text not null,
    person_id    text not null references person (id),
    creche_id    text not null references creche (id),
    scopes       text not null,                    -- codes separated by spaces
    primary key (organiser_id, person_id, creche_id)
);

-- Agents of the agency who may look at every organiser.
create table agent (
    ssin_hash  text   not null primary key,
    name       text   not null,                    -- what the operator calls the agent: a matricule, not a name
    created_at bigint not null
);

-- Who is logged in. The secret that proves it is in the person's browser only.
create table session (
    id           text   not null primary key,      -- SHA-256 of the secret
    ssin_hash    text   not null,
    agent        text,                             -- the agent's matricule, when the session is an agent's
    organiser_id text,                             -- null until one is chosen
    person_id    text,                             -- null until an organiser is chosen
    assurance    text   not null,                  -- how the person proved who they are
    sealed       bytea  not null,                  -- JSON for the log-out at the identity provider
    created_at   bigint not null,
    seen_at      bigint not null,
    ended_at     bigint                            -- null while it may be used
);
create index session_of_person on session (ssin_hash, seen_at);

-- What the organiser says of an application besides its name and vendor.
alter table application add column sealed bytea;                            -- JSON: technical contact; null: none given
alter table application add column purpose text not null default '';
alter table application add column scopes text not null default '';         -- the most its keys may have; '' before this was recorded: all
alter table application add column creches text;                            -- JSON list of ids; null means all
alter table application add column ends_at bigint;                          -- its keys are refused from then on; null: never
alter table application add column revoked_at bigint;                       -- for good; null while registered

-- What an event is about besides a crèche: an application's id, a key's public id.
alter table event add column subject text;

-- How often a key was used, day by day.
create table key_use (
    organiser_id text   not null,
    key_id       text   not null references api_key (id),
    day          text   not null,
    calls        bigint not null,
    refusals     bigint not null,                  -- of these, deposits refused for their content
    primary key (organiser_id, key_id, day)
);

-- Which notices of a key's end were given.
create table key_notice (
    organiser_id text   not null,
    key_id       text   not null references api_key (id),
    days         bigint not null,                  -- 30, 14, 7 or 1 days before
    expires_at   bigint not null,                  -- the end that was spoken of
    at           bigint not null,
    primary key (organiser_id, key_id, expires_at, days)
);

-- What somebody is still typing in: one draft per statement.
create table draft (
    organiser_id text   not null,
    creche_id    text   not null references creche (id),
    kind         text   not null,
    month        text   not null,
    person_id    text   not null,                  -- who saved it last
    sealed       bytea  not null,                  -- JSON: the rows as they were typed
    saved_at     bigint not null,
    version      bigint not null,                  -- raised with each save; 1 at first
    primary key (organiser_id, creche_id, kind, month)
);

-- Which person deposited a revision, where a person did. Beside the revision, so that it is read without its document.
create table revision_author (
    organiser_id text   not null,
    creche_id    text   not null references creche (id),
    kind         text   not null,
    month        text   not null,
    revision     bigint not null,
    person_id    text   not null,                  -- kept when the person is forgotten
    primary key (organiser_id, creche_id, kind, month, revision)
);

-- The history is looked through crèche by crèche.
create index audit_of_creche on audit_entry (chain, creche_id, number);
