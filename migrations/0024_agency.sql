-- What an answer of the agency says besides its reason: remarks at single figures, and the months to correct.
create table claim_act_details (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,
    number       bigint not null,                  -- of the act
    details      bytea  not null,                  -- sealed
    primary key (organiser_id, creche_id, month, number),
    foreign key (organiser_id, creche_id, month, number) references claim_act (organiser_id, creche_id, month, number)
);

-- For the agents' list: how many kinds of warning a signature has; null: it was signed before they were counted.
alter table claim_signature add column warnings bigint;
