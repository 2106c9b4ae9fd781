-- Stored files: what people and software send beside what is validated. A file is stored in sealed chunks first, outside the
-- transaction of what it belongs to; its row is written with that. The owner is an organiser's id, or 'agency'.
create table stored_file (
    owner      text   not null,
    id         text   not null,
    name       bytea  not null,                    -- as it was sent, sealed
    media_type text   not null,                    -- by its content
    size       bigint not null,                    -- in bytes
    chunks     bigint not null,                    -- how many chunks it has
    sha256     text   not null,                    -- of its bytes, in hexadecimal
    created_at bigint not null,                    -- business time
    mac        bytea,                              -- authentication code of the row
    primary key (owner, id)
);

create table stored_file_chunk (
    owner   text   not null,
    file_id text   not null,
    number  bigint not null,                       -- 0, 1, 2 …
    sealed  bytea  not null,                       -- compressed, then sealed
    primary key (owner, file_id, number)
);

-- Files whose chunks are stored and that belong to nothing yet. What is still here after a day is removed.
create table file_upload (
    owner    text   not null,
    id       text   not null,
    begun_at bigint not null,                      -- machine time
    primary key (owner, id)
);
create index file_upload_by_time on file_upload (owner, begun_at);

-- The attachments of reports, beside their revisions. One that is taken away after a signature is kept: what was signed stays.
create table report_attachment (
    organiser_id       text   not null,
    creche_id          text   not null,
    month              text   not null,            -- the first month of the quarter
    last_month         text   not null,            -- the last
    owner              text   not null,            -- of the file: the organiser's id
    file_id            text   not null,
    added_at           bigint not null,
    removed_at         bigint,                     -- null while it belongs to the report
    correction         text,                       -- why it was added after a signature
    removal_correction text,                       -- why it was removed after one
    mac                bytea,                      -- authentication code of the row
    primary key (organiser_id, creche_id, month, file_id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id),
    foreign key (owner, file_id) references stored_file (owner, id)
);
create index report_attachment_by_month on report_attachment (organiser_id, last_month);
