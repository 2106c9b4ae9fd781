-- Events of a deadline say how many days were left when they were written.
alter table event add column days_left bigint;
