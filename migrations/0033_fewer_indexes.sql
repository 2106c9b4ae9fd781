-- Every index that a deposit writes to is one more page of its commit. Three go:
--   statement_by_month   the primary key begins with the kind and the month instead of the crèche, and is found by in both ways
--   event.id             nothing is looked for by it, and the rows of two events differ by their numbers
--   audit_of_creche      its condition may be left out, and is therefore compared row by row in any case

-- Where each statement stands: one row per crèche, kind and month that was ever deposited.
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
    primary key (organiser_id, kind, month, creche_id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into statement (organiser_id, creche_id, kind, month, revision, status, updated_at, revision_mac, mac, former_mac)
select organiser_id, creche_id, kind, month, revision, status, updated_at, revision_mac, mac, former_mac from former_statement;
drop table former_statement;

-- What happened, numbered 1, 2, 3 … without holes for each organiser. Thin: no personal data.
alter table event_creche rename to former_event_creche;
alter table event rename to former_event;
create table event (
    organiser_id text   not null references organiser (id),
    number       bigint not null,
    id           text   not null,
    type         text   not null,
    creche_id    text,
    period       text,
    revision     bigint,
    at           bigint not null,
    subject      text,                             -- what it is about besides a crèche: an application's id, a key's public id
    warnings     bigint,                           -- how many warnings a statement was accepted with
    days_left    bigint,                           -- of a deadline, when it was written
    primary key (organiser_id, number),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into event (organiser_id, number, id, type, creche_id, period, revision, at, subject, warnings, days_left)
select organiser_id, number, id, type, creche_id, period, revision, at, subject, warnings, days_left from former_event;
create table event_creche (
    organiser_id text   not null,
    number       bigint not null,                  -- the event's
    creche_id    text   not null,
    primary key (organiser_id, number, creche_id),
    foreign key (organiser_id, number) references event (organiser_id, number),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into event_creche (organiser_id, number, creche_id) select organiser_id, number, creche_id from former_event_creche;
drop table former_event_creche;
drop table former_event;

drop index audit_of_creche;
