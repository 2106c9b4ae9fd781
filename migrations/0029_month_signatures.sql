-- Claims of one month: its consultations, signed alone. The tables are those of claims of quarters (0020, 0024) once more.
create table month_claim (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,
    last_month   text   not null,                  -- the same month
    state        text   not null,                  -- signed, takenUp, returned, accepted, …, withdrawn
    is_frozen    bigint not null,                  -- 1: its consultations accept corrections with a reason only
    taken_up     bigint not null,                  -- 1: an agent has taken it up, now or before
    acts         bigint not null,                  -- how many acts there are: the number of the last one
    signed_act   bigint not null,                  -- the act of the latest signature
    updated_at   bigint not null,
    mac          bytea,                            -- authentication code of the row
    primary key (organiser_id, creche_id, month),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
create index month_claim_by_state on month_claim (state, updated_at);

create table month_claim_act (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,
    number       bigint not null,                  -- 1, 2, 3 …
    act          text   not null,                  -- sign, withdraw, takeUp, return, accept, …
    state        text   not null,                  -- after it
    actor_kind   text   not null,                  -- person, agent, agencyKey
    actor        text   not null,                  -- the user's id, the agent's matricule, the key's id
    at           bigint not null,
    reason       bytea,                            -- sealed
    mac          bytea,                            -- authentication code of the row
    primary key (organiser_id, creche_id, month, number),
    foreign key (organiser_id, creche_id, month) references month_claim (organiser_id, creche_id, month)
);

create table month_claim_act_details (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,
    number       bigint not null,                  -- of the act
    details      bytea  not null,                  -- sealed
    primary key (organiser_id, creche_id, month, number),
    foreign key (organiser_id, creche_id, month, number)
        references month_claim_act (organiser_id, creche_id, month, number)
);

create table month_claim_signature (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,
    number       bigint not null,                  -- of the act
    signature    bigint not null,                  -- 1, 2, 3 …
    sha256       text   not null,                  -- of the canonical document, in hexadecimal
    code_hash    text   not null,                  -- keyed hash of the code of the receipt
    signed_at    bigint not null,
    warnings     bigint,                           -- how many kinds of warning it has
    receipt      bytea  not null,                  -- sealed
    salaries     bytea,                            -- null: a month has none
    primary key (organiser_id, creche_id, month, number),
    foreign key (organiser_id, creche_id, month, number)
        references month_claim_act (organiser_id, creche_id, month, number)
);
create unique index month_claim_signature_by_code on month_claim_signature (code_hash);

-- The agency's feed has what is done to them.
alter table claim_change add column month text;    -- null: something was done to the claim of the quarter, or paid
