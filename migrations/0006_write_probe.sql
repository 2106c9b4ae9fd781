-- What health writes to find out whether writes work again after they failed: one row, replaced each time.
create table write_probe (
    id     bigint not null primary key,
    filler bytea  not null                         -- large enough to need space
);
