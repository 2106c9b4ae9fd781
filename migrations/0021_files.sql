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
