-- Claims: the report of a quarter from its first signature on. What was done is in claim_act; where it stands now is here.
create table claim (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,                  -- the first month of the quarter
    last_month   text   not null,                  -- the last
    state        text   not null,                  -- signed, takenUp, returned, accepted, …, withdrawn
    is_frozen    bigint not null,                  -- 1: its months accept corrections with a reason only
    taken_up     bigint not null,                  -- 1: an agent has taken it up, now or before
    acts         bigint not null,                  -- how many acts there are
    signed_act   bigint not null,                  -- the act of the latest signature
    updated_at   bigint not null,
    mac          bytea,                            -- authentication code of the row
    primary key (organiser_id, creche_id, month),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
create index claim_by_state on claim (state, updated_at);

-- Every act on a claim, never changed once written.
create table claim_act (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,
    number       bigint not null,                  -- 1, 2, 3 …
    act          text   not null,                  -- sign, withdraw, takeUp, return, accept, …
    state        text   not null,                  -- after it
    actor_kind   text   not null,                  -- person, agent
    actor        text   not null,                  -- the user's id, the agent's matricule
    at           bigint not null,
    reason       bytea,                            -- sealed
    mac          bytea,                            -- authentication code of the row
    primary key (organiser_id, creche_id, month, number),
    foreign key (organiser_id, creche_id, month) references claim (organiser_id, creche_id, month)
);

-- The signatures among the acts. The wide columns come last.
create table claim_signature (
    organiser_id text   not null,
    creche_id    text   not null,
    month        text   not null,
    number       bigint not null,                  -- of the act
    signature    bigint not null,                  -- 1, 2, 3 …
    sha256       text   not null,                  -- of the canonical document, in hexadecimal
    code_hash    text   not null,                  -- keyed hash of the code of the receipt
    signed_at    bigint not null,
    receipt      bytea  not null,                  -- sealed
    salaries     bytea  not null,                  -- sealed
    primary key (organiser_id, creche_id, month, number),
    foreign key (organiser_id, creche_id, month, number) references claim_act (organiser_id, creche_id, month, number)
);
create unique index claim_signature_by_code on claim_signature (code_hash);

-- Why a revision was deposited for a month that was signed.
create table revision_correction (
    organiser_id text   not null,
    creche_id    text   not null,
    kind         text   not null,
    month        text   not null,
    revision     bigint not null,
    reason       text   not null,                  -- encodingError, lateInformation, agencyRequest, other
    primary key (organiser_id, creche_id, kind, month, revision),
    foreign key (organiser_id, creche_id, kind, month, revision)
        references revision (organiser_id, creche_id, kind, month, revision)
);

-- The keys that receipts are signed with. The private halves are in data_key, wrapped by the master key.
create table receipt_key (
    id         text   primary key,                 -- the thumbprint of the public key (RFC 7638)
    public_key bytea  not null,                    -- Ed25519, 32 bytes
    created_at bigint not null,
    retired_at bigint,                             -- signs no more; what it signed stays valid
    mac        bytea                               -- authentication code of the row
);
