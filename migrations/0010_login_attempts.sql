-- Log-in attempts that were finished: the state of each is accepted once. Kept for as long as an attempt may take.
create table login_attempt (
    id      text   not null primary key,           -- SHA-256 of the attempt's state, in base64url
    used_at bigint not null
);
create index login_attempt_by_time on login_attempt (used_at);
