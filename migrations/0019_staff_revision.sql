-- What made each revision of a staff register. The register as it was is read from input_revision at recorded_at, which
-- rises with every revision of an organiser.
create table staff_revision (
    organiser_id   text   not null references organiser (id),
    revision       bigint not null,                -- of the register
    recorded_at    bigint not null,                -- that of input_revision for the persons that it wrote
    channel        text,                           -- by which it came in; null: persons were removed when their time was over
    application_id text,                           -- the application, or
    user_id        text,                           -- the user, who may be deleted since
    persons        bigint not null,                -- how many persons it wrote or removed
    primary key (organiser_id, revision),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);
