-- Keys of the agency's own software, which the operator issues. Their rows are kept: the history names what they did.
create table agency_key (
    id           text   not null primary key,      -- the public id inside the key text
    name         text   not null,                  -- what the history calls it
    kind         text   not null,                  -- agency, agencytest
    secret_hash  bytea  not null,                  -- SHA-256 of the key text
    scopes       text   not null,                  -- codes separated by spaces
    networks     text   not null,                  -- the addresses that it works from, as ranges separated by spaces
    created_at   bigint not null,
    expires_at   bigint not null,
    revoked_at   bigint,                           -- null: not revoked
    last_used_at bigint,                           -- null: never; recorded with a delay
    mac          bytea                             -- authentication code of the row
);
create unique index agency_key_by_name on agency_key (name);

-- The agency's feed: what was done to the claims of all organisers, numbered without holes in the order of the commits.
create table agency_feed (
    id          bigint primary key check (id = 1),
    last_number bigint not null
);
create table claim_change (
    number       bigint primary key,
    organiser_id text   not null,
    creche_id    text   not null,
    quarter      text   not null,                  -- 2026Q3
    action       text   not null,                  -- activityReport.signed, claim.answerProposed, …
    at           bigint not null,
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);

-- What was done before is in the feed too, in the order of its instants.
insert into claim_change (number, organiser_id, creche_id, quarter, action, at)
select row_number() over (order by at, organiser_id, creche_id, quarter, position, action),
    organiser_id, creche_id, quarter, action, at
from (
    select organiser_id, creche_id,
        substr(month, 1, 4) || 'Q' || cast((cast(substr(month, 6, 2) as bigint) + 2) / 3 as text) as quarter,
        case act when 'sign' then 'activityReport.signed' when 'withdraw' then 'activityReport.withdrawn'
            when 'takeUp' then 'activityReport.takenUp' when 'return' then 'activityReport.returned'
            when 'accept' then 'activityReport.accepted' when 'acceptWithRemarks' then 'activityReport.accepted'
            when 'refuse' then 'activityReport.refused' when 'message' then 'activityReport.messageWritten'
            when 'rejectProposal' then 'claim.proposalRejected' else 'claim.answerProposed' end as action,
        at, number as position
    from claim_act
    union all
    select organiser_id, creche_id, period, type, at, number from event
    where type = 'activityReport.corrected' and creche_id is not null and period is not null
) as before_the_feed;
insert into agency_feed (id, last_number) select 1, count(*) from claim_change having count(*) > 0;
