-- Until when the bodies of an application's calls are logged, masked, by leave of the organiser. A past instant is as good as none.
alter table application add column logs_bodies_until bigint;   -- null: they are not
