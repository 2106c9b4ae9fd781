-- Doctors who hold consultations in an organiser's crèches.

-- What is said of a doctor lies sealed; the keyed hash of the INAMI number finds the doctor again.
create table doctor (
    id           text   not null primary key,
    organiser_id text   not null references organiser (id),
    inami_hash   text   not null,                  -- keyed hash: one sheet a number and organiser
    sealed       bytea  not null,                  -- JSON: the sheet
    decision     text,                             -- what the agency decided: validated or refused; null: nothing yet
    decided_at   bigint,
    decided_by   text,                             -- the agent's matricule
    reason       bytea,                            -- why it was refused, sealed
    created_at   bigint not null,
    version      bigint not null                   -- raised with each change; 1 at first
);
create unique index doctor_of_organiser on doctor (organiser_id, inami_hash);

-- The agreement between the organiser and the doctor: a file.
create table doctor_agreement (
    doctor_id    text   not null primary key references doctor (id),
    organiser_id text   not null,
    media        text   not null,                  -- its media type, as its bytes tell
    sealed       bytea  not null,
    stored_at    bigint not null
);
