-- Every row that belongs to something of an organiser refers to it together with the organiser (0017 began with grants,
-- rights, places, closures and drafts): it can never belong to a crèche, an application, a key, an endpoint, a doctor, a
-- member of staff or an event of another organiser, whatever writes it.
--
-- SQLite adds a foreign key only by copying the table; PostgreSQL copies likewise, so that there is one text. Each table
-- steps aside under the name former_…, is made anew and filled with one statement; its indexes are made afterwards.
-- Columns are listed by name and keep their values, so that codes of rows stay right. A row that refers to something of
-- another organiser was not written by a gateway: the migration then fails and changes nothing.
--
-- Without such a reference stay rows that outlive what they name, or name it loosely:
--   audit_entry.creche_id                   the trail outlives everything, and its chain is not always an organiser's
--   revision.key_id, verdict.key_id         keys are removed some time after they ended
--   revision_author.user_id, draft.user_id, staff_validation.user_id, session.user_id   users are removed on request
--   delivery.number, delivery.event_id      a test has no event; attempt.event_id follows it, and deliveries are removed
--                                           before their later attempts
--   input_revision.id                       is an id of one of four tables
--   session, expired_form, idempotent_request, staff_probe, organiser_search   name an organiser only

-- Keys, and what belongs to them.
alter table key_use rename to former_key_use;
alter table key_notice rename to former_key_notice;
alter table api_key_scope rename to former_api_key_scope;
alter table api_key_creche rename to former_api_key_creche;
alter table api_key rename to former_api_key;
drop index api_key_of_organiser;

create table api_key (
    id             text   not null primary key,    -- the public id inside the key text
    organiser_id   text   not null references organiser (id),
    application_id text   not null,
    kind           text   not null,                -- live, trial or test
    secret_hash    bytea  not null,                -- SHA-256 of the key text
    created_at     bigint not null,
    expires_at     bigint,                         -- null: does not expire
    revoked_at     bigint,                         -- null: not revoked
    last_used_at   bigint,                         -- null: never; recorded with a delay
    mac            bytea,                          -- authentication code of the row
    all_creches    bigint not null default 0 check (all_creches in (0, 1)),
    unique (organiser_id, id),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);
insert into api_key (id, organiser_id, application_id, kind, secret_hash, created_at, expires_at, revoked_at, last_used_at, mac,
                     all_creches)
select id, organiser_id, application_id, kind, secret_hash, created_at, expires_at, revoked_at, last_used_at, mac, all_creches
from former_api_key;
create index api_key_of_organiser on api_key (organiser_id, application_id, id);

create table api_key_scope (
    organiser_id text   not null,
    key_id       text   not null,
    scope        text   not null check (scope <> ''),
    position     bigint not null,                  -- place in the list, from 0
    primary key (organiser_id, key_id, position),
    foreign key (organiser_id, key_id) references api_key (organiser_id, id)
);
insert into api_key_scope (organiser_id, key_id, scope, position)
select organiser_id, key_id, scope, position from former_api_key_scope;

create table api_key_creche (
    organiser_id text   not null,
    key_id       text   not null,
    creche_id    text   not null,
    position     bigint not null,
    primary key (organiser_id, key_id, position),
    foreign key (organiser_id, key_id) references api_key (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into api_key_creche (organiser_id, key_id, creche_id, position)
select organiser_id, key_id, creche_id, position from former_api_key_creche;

-- How often a key was used, day by day.
create table key_use (
    organiser_id text   not null,
    key_id       text   not null,
    day          text   not null,
    calls        bigint not null,
    refusals     bigint not null,                  -- of these, deposits refused for their content
    primary key (organiser_id, key_id, day),
    foreign key (organiser_id, key_id) references api_key (organiser_id, id)
);
insert into key_use (organiser_id, key_id, day, calls, refusals)
select organiser_id, key_id, day, calls, refusals from former_key_use;

-- Which notices of a key's end were given.
create table key_notice (
    organiser_id text   not null,
    key_id       text   not null,
    days         bigint not null,                  -- 30, 14, 7 or 1 days before
    expires_at   bigint not null,                  -- the end that was spoken of
    at           bigint not null,
    primary key (organiser_id, key_id, expires_at, days),
    foreign key (organiser_id, key_id) references api_key (organiser_id, id)
);
insert into key_notice (organiser_id, key_id, days, expires_at, at)
select organiser_id, key_id, days, expires_at, at from former_key_notice;

drop table former_key_use;
drop table former_key_notice;
drop table former_api_key_scope;
drop table former_api_key_creche;
drop table former_api_key;

-- Webhook endpoints, and what belongs to them.
alter table webhook_endpoint_event_type rename to former_webhook_endpoint_event_type;
alter table webhook_endpoint_creche rename to former_webhook_endpoint_creche;
alter table webhook_secret rename to former_webhook_secret;
alter table delivery rename to former_delivery;
alter table attempt rename to former_attempt;
alter table webhook_endpoint rename to former_webhook_endpoint;
drop index webhook_endpoint_of_host;
drop index webhook_secret_of_endpoint;
drop index delivery_due;
drop index delivery_at;
drop index attempt_at;

create table webhook_endpoint (
    id              text   not null primary key,
    organiser_id    text   not null references organiser (id),
    application_id  text,                          -- who made it; null when a person did
    url             text   not null,               -- the empty text, once the address is sealed
    description     text   not null,
    signing         text   not null,               -- v1 (HMAC) or v1a (ed25519)
    headers         bytea,                         -- JSON, sealed: headers to send along; null for none
    rate            bigint not null,               -- most deliveries in a second
    state           text   not null,               -- pending, active, paused or disabled
    reason          text,                          -- why it is paused or disabled: person, failing, gone
    created_at      bigint not null,
    verified_at     bigint,
    failing_since   bigint,                        -- the first failure since the last success
    held_until      bigint,                        -- it asked for nothing before this
    leased_by       text,                          -- the gateway that delivers to it just now
    leased_until    bigint,
    mac             bytea,                         -- authentication code of the row
    sealed_url      bytea,                         -- the address, sealed
    url_version     bigint not null default 1,     -- rises with every other address; part of the seal
    host_hash       text,                          -- keyed hash of the host; null for the operator's own
    allowed_rate    bigint,                        -- deliveries a minute that the address consented to
    all_event_types bigint not null default 0 check (all_event_types in (0, 1)),
    all_creches     bigint not null default 0 check (all_creches in (0, 1)),
    unique (organiser_id, id),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);
insert into webhook_endpoint (id, organiser_id, application_id, url, description, signing, headers, rate, state, reason,
                              created_at, verified_at, failing_since, held_until, leased_by, leased_until, mac, sealed_url,
                              url_version, host_hash, allowed_rate, all_event_types, all_creches)
select id, organiser_id, application_id, url, description, signing, headers, rate, state, reason, created_at, verified_at,
       failing_since, held_until, leased_by, leased_until, mac, sealed_url, url_version, host_hash, allowed_rate,
       all_event_types, all_creches
from former_webhook_endpoint;
create index webhook_endpoint_of_host on webhook_endpoint (host_hash, leased_until) where host_hash is not null;

create table webhook_endpoint_event_type (
    organiser_id text   not null,
    endpoint_id  text   not null,
    event_type   text   not null check (event_type <> ''),
    position     bigint not null,
    primary key (organiser_id, endpoint_id, position),
    foreign key (organiser_id, endpoint_id) references webhook_endpoint (organiser_id, id)
);
insert into webhook_endpoint_event_type (organiser_id, endpoint_id, event_type, position)
select organiser_id, endpoint_id, event_type, position from former_webhook_endpoint_event_type;

create table webhook_endpoint_creche (
    organiser_id text   not null,
    endpoint_id  text   not null,
    creche_id    text   not null,
    position     bigint not null,
    primary key (organiser_id, endpoint_id, position),
    foreign key (organiser_id, endpoint_id) references webhook_endpoint (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into webhook_endpoint_creche (organiser_id, endpoint_id, creche_id, position)
select organiser_id, endpoint_id, creche_id, position from former_webhook_endpoint_creche;

-- What deliveries to an endpoint are signed with: several while one takes the place of another.
create table webhook_secret (
    organiser_id text   not null,
    endpoint_id  text   not null,
    id           text   not null primary key,
    sealed       bytea  not null,                  -- the secret, or the private key
    public_key   text,                             -- of v1a only
    created_at   bigint not null,
    ends_at      bigint,                           -- null for the current one
    foreign key (organiser_id, endpoint_id) references webhook_endpoint (organiser_id, id)
);
insert into webhook_secret (organiser_id, endpoint_id, id, sealed, public_key, created_at, ends_at)
select organiser_id, endpoint_id, id, sealed, public_key, created_at, ends_at from former_webhook_secret;
create index webhook_secret_of_endpoint on webhook_secret (endpoint_id, id);

-- An event on its way to an endpoint, written in the transaction of the event itself.
create table delivery (
    organiser_id text   not null,
    endpoint_id  text   not null,
    event_id     text   not null,
    number       bigint not null,                  -- the event's; 0 for a test
    type         text   not null,
    at           bigint not null,                  -- when it was written
    state        text   not null,                  -- waiting, delivered or failed
    tries        bigint not null,                  -- since it was last asked for
    attempts     bigint not null,                  -- all of them
    due_at       bigint,                           -- when it is tried next; null when it is not
    primary key (endpoint_id, event_id),
    foreign key (organiser_id, endpoint_id) references webhook_endpoint (organiser_id, id)
);
insert into delivery (organiser_id, endpoint_id, event_id, number, type, at, state, tries, attempts, due_at)
select organiser_id, endpoint_id, event_id, number, type, at, state, tries, attempts, due_at from former_delivery;
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
    primary key (endpoint_id, event_id, number),
    foreign key (organiser_id, endpoint_id) references webhook_endpoint (organiser_id, id)
);
insert into attempt (organiser_id, endpoint_id, event_id, number, at, millis, status, failure, answer)
select organiser_id, endpoint_id, event_id, number, at, millis, status, failure, answer from former_attempt;
create index attempt_at on attempt (organiser_id, at);

drop table former_webhook_endpoint_event_type;
drop table former_webhook_endpoint_creche;
drop table former_webhook_secret;
drop table former_delivery;
drop table former_attempt;
drop table former_webhook_endpoint;

-- Statements and their revisions.
alter table statement rename to former_statement;
drop index statement_by_month;
create table statement (
    organiser_id text   not null,
    creche_id    text   not null,
    kind         text   not null,                  -- attendance, medical
    month        text   not null,
    revision     bigint not null,                  -- the current revision
    status       text   not null,                  -- deposited
    updated_at   bigint not null,
    revision_mac bytea,                            -- the code of the current revision
    mac          bytea,                            -- authentication code of the row
    former_mac   bytea,                            -- the code before the latest revision
    primary key (organiser_id, creche_id, kind, month),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into statement (organiser_id, creche_id, kind, month, revision, status, updated_at, revision_mac, mac, former_mac)
select organiser_id, creche_id, kind, month, revision, status, updated_at, revision_mac, mac, former_mac from former_statement;
create index statement_by_month on statement (organiser_id, kind, month);
drop table former_statement;

-- The wide column comes last again, behind the code: figures are read without touching it.
alter table revision_author rename to former_revision_author;
alter table revision rename to former_revision;
create table revision (
    organiser_id   text   not null,
    creche_id      text   not null,
    kind           text   not null,
    month          text   not null,
    revision       bigint not null,                -- 1, 2, 3 … without holes
    fingerprint    text   not null,                -- keyed hash of the content: same content, same fingerprint
    totals         text   not null,                -- JSON, clear: counts are not personal
    lines          bigint not null,
    warnings       text   not null,                -- JSON: the warnings it was accepted with, no personal data in them
    has_warnings   bigint not null check (has_warnings in (0, 1)),
    channel        text   not null,                -- json, xlsx, xls or console
    application_id text,                           -- null when deposited by a person
    key_id         text,                           -- null when deposited by a person
    deposited_at   bigint not null,
    mac            bytea,                          -- authentication code of the row
    document       bytea  not null,                -- compressed, then sealed
    primary key (organiser_id, creche_id, kind, month, revision),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);
insert into revision (organiser_id, creche_id, kind, month, revision, fingerprint, totals, lines, warnings, has_warnings, channel,
                      application_id, key_id, deposited_at, mac, document)
select organiser_id, creche_id, kind, month, revision, fingerprint, totals, lines, warnings, has_warnings, channel,
       application_id, key_id, deposited_at, mac, document
from former_revision;

-- Which person deposited a revision, where a person did. Beside the revision, so that it is read without its document, and
-- removed with it: until now it stayed when the revision was removed.
create table revision_author (
    organiser_id text   not null,
    creche_id    text   not null,
    kind         text   not null,
    month        text   not null,
    revision     bigint not null,
    user_id      text   not null,                  -- kept when the person is forgotten
    primary key (organiser_id, creche_id, kind, month, revision),
    foreign key (organiser_id, creche_id, kind, month, revision)
        references revision (organiser_id, creche_id, kind, month, revision)
);
insert into revision_author (organiser_id, creche_id, kind, month, revision, user_id)
select a.organiser_id, a.creche_id, a.kind, a.month, a.revision, a.user_id from former_revision_author a
join revision r on r.organiser_id = a.organiser_id and r.creche_id = a.creche_id and r.kind = a.kind and r.month = a.month
    and r.revision = a.revision;
drop table former_revision_author;
drop table former_revision;

-- The answer to every deposit and dry run: counts by rule, never content.
alter table verdict rename to former_verdict;
drop index verdict_of_organiser;
create table verdict (
    id             text   not null primary key,
    organiser_id   text   not null references organiser (id),
    creche_id      text,                           -- null: the staff register
    kind           text   not null,                -- of the statement, or staff
    period         text,                           -- null: the staff register
    at             bigint not null,
    application_id text,                           -- null: a person's
    key_id         text,
    channel        text   not null,                -- json, xlsx, xls or console
    outcome        text   not null,                -- accepted, refused, dryRun or unchanged
    errors         bigint not null,
    warnings       bigint not null,
    counts         text   not null,                -- JSON: rule code to number of findings
    revision       bigint,                         -- the revision it made or found; null when nothing was written
    foreign key (organiser_id, creche_id) references creche (organiser_id, id),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);
insert into verdict (id, organiser_id, creche_id, kind, period, at, application_id, key_id, channel, outcome, errors, warnings,
                     counts, revision)
select id, organiser_id, nullif(creche_id, ''), kind, nullif(period, ''), at, application_id, key_id, channel, outcome, errors,
       warnings, counts, revision
from former_verdict;
create index verdict_of_organiser on verdict (organiser_id, at, id);
drop table former_verdict;

-- What happened, numbered 1, 2, 3 … without holes for each organiser. Thin: no personal data.
alter table event_creche rename to former_event_creche;
alter table event rename to former_event;
create table event (
    organiser_id text   not null references organiser (id),
    number       bigint not null,
    id           text   not null unique,
    type         text   not null,
    creche_id    text,
    period       text,
    revision     bigint,
    at           bigint not null,
    subject      text,                             -- what it is about besides a crèche: an application's id, a key's public id
    warnings     bigint,                           -- how many warnings a statement was accepted with
    primary key (organiser_id, number),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into event (organiser_id, number, id, type, creche_id, period, revision, at, subject, warnings)
select organiser_id, number, id, type, creche_id, period, revision, at, subject, warnings from former_event;

-- The crèches that an event concerns which is about something that may span several.
create table event_creche (
    organiser_id text   not null,
    number       bigint not null,                  -- the event's
    creche_id    text   not null,
    primary key (organiser_id, number, creche_id),
    foreign key (organiser_id, number) references event (organiser_id, number),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into event_creche (organiser_id, number, creche_id)
select organiser_id, number, creche_id from former_event_creche;
drop table former_event_creche;
drop table former_event;

-- The agreement between the organiser and the doctor: a file.
create unique index doctor_by_organiser on doctor (organiser_id, id);
alter table doctor_agreement rename to former_doctor_agreement;
create table doctor_agreement (
    doctor_id    text   not null primary key,
    organiser_id text   not null,
    media        text   not null,                  -- its media type, as its bytes tell
    sealed       bytea  not null,
    stored_at    bigint not null,
    foreign key (organiser_id, doctor_id) references doctor (organiser_id, id)
);
insert into doctor_agreement (doctor_id, organiser_id, media, sealed, stored_at)
select doctor_id, organiser_id, media, sealed, stored_at from former_doctor_agreement;
drop table former_doctor_agreement;

-- What the summaries add up: functions without persons.
drop index staff_members;
create unique index staff_member_by_organiser on staff_member (organiser_id, id);
alter table staff_post rename to former_staff_post;
drop index staff_posts;
drop index staff_posts_of_member;
create table staff_post (
    organiser_id text   not null,
    member_id    text   not null,
    creche_id    text   not null,
    category     text   not null,
    hundredths   bigint not null,                  -- of a full-time equivalent
    start_date   text   not null,
    end_date     text,
    foreign key (organiser_id, member_id) references staff_member (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into staff_post (organiser_id, member_id, creche_id, category, hundredths, start_date, end_date)
select organiser_id, member_id, creche_id, category, hundredths, start_date, end_date from former_staff_post;
create index staff_posts on staff_post (organiser_id, creche_id);
create index staff_posts_of_member on staff_post (member_id);
drop table former_staff_post;

-- That the register is right for a crèche: once a year, by somebody.
alter table staff_validation rename to former_staff_validation;
create table staff_validation (
    organiser_id   text   not null references organiser (id),
    creche_id      text   not null,
    year           bigint not null,
    at             bigint not null,
    user_id        text,                           -- the person, or
    application_id text,                           -- the application
    revision       bigint not null,                -- of the register
    mac            bytea,                          -- authentication code of the row
    primary key (creche_id, year),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);
insert into staff_validation (organiser_id, creche_id, year, at, user_id, application_id, revision, mac)
select organiser_id, creche_id, year, at, user_id, application_id, revision, mac from former_staff_validation;
drop table former_staff_validation;
