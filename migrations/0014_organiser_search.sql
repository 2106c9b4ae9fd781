-- By what agents find organisers: made of the names and numbers in organiser and creche by whatever writes those.
-- Neither engine can make it of old rows: the gateway compares all of it with organiser and creche at each start.
create table organiser_search (
    organiser_id text  not null primary key,
    search_text  text  not null,                   -- legal name, numbers, names of crèches; small letters, no accents
    sort_key     bytea not null                    -- the legal name likewise; bytes have one order in both engines
);
create index organiser_search_in_order on organiser_search (sort_key, organiser_id);
