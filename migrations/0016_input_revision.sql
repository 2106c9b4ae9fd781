-- What figures depend on besides statements, as it was after each change: organisers, crèches with their places and
-- closures, doctors, persons of the register. Never changed once written; removed with the thing itself. What an earlier
-- version of the gateway left gets its first revision when the gateway is started.
create table input_revision (
    organiser_id text   not null references organiser (id),
    subject      text   not null,                  -- organiser, creche, doctor or staffMember
    id           text   not null,                  -- of the organiser, crèche, doctor or person
    revision     bigint not null,                  -- raised with each change
    recorded_at  bigint not null,                  -- when it became so
    content      bytea  not null,                  -- JSON; what is personal in it is sealed
    mac          bytea,                            -- authentication code of the row
    primary key (organiser_id, subject, id, revision)
);
create index input_revision_by_time on input_revision (organiser_id, subject, recorded_at);
