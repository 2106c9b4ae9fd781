-- The agency's feed has payments too. Those that were recorded and cancelled before are in it after what it has, in the
-- order of their instants.
alter table claim_change add column payment_id text;    -- null: something was done to a claim

insert into claim_change (number, organiser_id, creche_id, quarter, action, at, payment_id)
select (select coalesce(max(last_number), 0) from agency_feed)
        + row_number() over (order by at, organiser_id, payment_id, position),
    organiser_id, creche_id,
    substr(month, 1, 4) || 'Q' || cast((cast(substr(month, 6, 2) as bigint) + 2) / 3 as text),
    action, at, payment_id
from (
    select organiser_id, creche_id, month, 'subsidyPayment.recorded' as action, recorded_at as at, id as payment_id,
        1 as position
    from subsidy_payment
    union all
    select organiser_id, creche_id, month, 'subsidyPayment.cancelled', cancelled_at, id, 2
    from subsidy_payment where cancelled_at is not null
) as before_the_feed;
insert into agency_feed (id, last_number) select 1, max(number) from claim_change having count(*) > 0
    on conflict (id) do update set last_number = excluded.last_number;
