-- Communications of the agency: a draft of an agent, then published, perhaps withdrawn. Their texts are published ones and in
-- clear; the file of each is stored like any file of the agency. What is published never changes but by its withdrawal.
create table communication (
    id           text   not null primary key,
    dated        text   not null,                  -- the day that it bears
    title        text   not null,
    type         text   not null,                  -- rateTable, scale, other
    month        text,                             -- the first month of its quarter; null: of no quarter
    sector       text,                             -- public, private; null: of both
    staff_status text,                             -- statutory, nonStatutory; null: of both
    audience     text   not null,                  -- all, subsidised, chosen
    organisers   text   not null,                  -- the ids of the chosen ones, after each other; else empty
    owner        text   not null,                  -- of the file: 'agency'
    file_id      text   not null,
    created_at   bigint not null,                  -- machine time, as all of it
    created_by   text   not null,                  -- the agent's matricule
    published_at bigint,                           -- null: a draft
    published_by text,
    withdrawn_at bigint,
    withdrawn_by text,
    reason       text,                             -- of the withdrawal
    mac          bytea,                            -- authentication code of the row
    foreign key (owner, file_id) references stored_file (owner, id)
);
create index communication_by_day on communication (dated, id);

-- The organisers that a communication was addressed to when it was published, and those whose feed has the event.
create table communication_notice (
    communication_id text   not null references communication (id),
    organiser_id     text   not null references organiser (id),
    announced_at     bigint,                       -- business time of the organiser; null: the event is due
    primary key (communication_id, organiser_id)
);
create index communication_notice_due on communication_notice (communication_id, organiser_id) where announced_at is null;

-- The publication of the latest communication that was on a page of the user.
alter table app_user add column communications_seen_at bigint;
