-- Payments of subsidies and exceptional premiums, as agents of the agency record them. A wrong one is cancelled with a
-- reason; its other columns never change.
create table subsidy_payment (
    organiser_id text   not null,
    id           text   not null,
    creche_id    text   not null,
    month        text   not null,                  -- the first month of the quarter
    type         text   not null,                  -- subsidy, adjustment, recovery, exceptionalPremium
    paid_on      text   not null,
    amount       bigint not null,                  -- euro cents; negative for what the organiser pays back
    balance      bigint,                           -- what is left of the request after it, euro cents
    reference    text   not null,                  -- the agency's own
    recorded_at  bigint not null,
    recorded_by  text   not null,                  -- the agent's matricule
    cancelled_at bigint,
    cancelled_by text,
    reason       bytea,                            -- of the cancellation, sealed
    mac          bytea,                            -- authentication code of the row
    primary key (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
-- The same payment is recorded once, unless it was cancelled.
create unique index subsidy_payment_by_reference on subsidy_payment (reference) where cancelled_at is null;
create unique index subsidy_payment_by_id on subsidy_payment (id);
create index subsidy_payment_of_creche on subsidy_payment (organiser_id, creche_id, month);
create index creche_by_one_number on creche (one_number);
