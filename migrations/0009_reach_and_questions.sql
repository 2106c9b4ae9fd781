-- Which crèches an event concerns, and which number a question was about.

-- The crèches that an event concerns which is about something that may span several (a doctor, a member of staff, the
-- staff register). An event of one crèche has it in event.creche_id and no rows here; an event with neither concerns the
-- organiser as a whole.
create table event_creche (
    organiser_id text   not null,
    number       bigint not null,                  -- the event's
    creche_id    text   not null,
    primary key (organiser_id, number, creche_id)
);

-- Keyed hash of the number that was asked about, or of the number and the wrong name: the same question twice within the
-- time for which it counts is one question. Null for those that were noted before this column was there.
alter table staff_probe add column asked_hash text;
