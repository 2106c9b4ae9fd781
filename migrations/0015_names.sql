-- Tables and columns are called what the rest of the gateway calls them.
alter table person rename to app_user;
alter table person_right rename to app_user_right;
alter table app_user_right rename column person_id to user_id;
alter table session rename column person_id to user_id;
alter table draft rename column person_id to user_id;
alter table revision_author rename column person_id to user_id;
alter table revision rename column door to channel;                         -- json, xlsx, xls or console
alter table verdict rename column door to channel;
drop index person_of_organiser;
create unique index app_user_of_organiser on app_user (organiser_id, ssin_hash);
drop index person_by_ssin;
create index app_user_by_ssin on app_user (ssin_hash);
drop index session_of_person;
create index session_of_ssin on session (ssin_hash, seen_at);
