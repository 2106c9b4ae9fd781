-- What was typed into a form that was sent when its session had ended: shown again to the same person after the log-in.
-- Removed when it is sent, given up or older than half an hour.
create table expired_form (
    id           text   not null primary key,      -- SHA-256 of the secret in the browser
    sender_hash  text   not null,                  -- keyed hash of the sender's address: few are kept for each
    ssin_hash    text,                             -- whose session it was; null where that is not known
    organiser_id text,                             -- for whom the person acted; null where that is not known
    sealed       bytea  not null,                  -- JSON: the form's address, the page it was on, its fields
    at           bigint not null
);
create index expired_form_by_time on expired_form (at);
create index expired_form_of_sender on expired_form (sender_hash);
