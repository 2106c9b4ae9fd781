-- The staff register of an organiser.

-- One person. What is told of the person lies sealed; the keyed hash of the national number finds the person again.
create table staff_member (
    id           text   not null primary key,
    organiser_id text   not null references organiser (id),
    ssin_hash    text,                             -- keyed hash; null: no number
    sealed       bytea  not null,                  -- JSON: the person
    ended_on     text,                             -- last day of the last contract; null: one goes on, or there is none
    created_at   bigint not null,
    version      bigint not null                   -- raised with each change; 1 at first
);
create unique index staff_member_of_organiser on staff_member (organiser_id, ssin_hash);
create index staff_members on staff_member (organiser_id, id);

-- What the summaries add up: functions without persons.
create table staff_post (
    organiser_id text    not null,
    member_id    text    not null references staff_member (id),
    creche_id    text    not null references creche (id),
    category     text    not null,
    hundredths   bigint not null,                  -- of a full-time equivalent
    start_date   text    not null,
    end_date     text
);
create index staff_posts on staff_post (organiser_id, creche_id);
create index staff_posts_of_member on staff_post (member_id);

-- The register as a whole.
create table staff_register (
    organiser_id text   not null primary key references organiser (id),
    revision     bigint not null,                  -- raised with each change of any person; 1 at first
    changed_at   bigint not null
);

-- Whom the agency knows, whichever organiser entered the person.
create table staff_person (
    ssin_hash    text   not null primary key,      -- keyed hash of the national number
    name_hash    text   not null                   -- keyed hash of number and family name, however it is spelled
);

-- Tries at a name that were wrong and questions whether a number is known: so that numbers cannot be probed.
create table staff_probe (
    organiser_id text   not null,
    kind         text   not null,                  -- mismatch or question
    at           bigint not null
);
create index staff_probes on staff_probe (organiser_id, kind, at);

-- That the register is right for a crèche: once a year, by somebody.
create table staff_validation (
    organiser_id text    not null references organiser (id),
    creche_id    text    not null references creche (id),
    year         bigint  not null,
    at           bigint  not null,
    user_id      text,                             -- the person, or
    application_id text,                           -- the application
    revision     bigint  not null,                 -- of the register
    primary key (creche_id, year)
);
