-- References that differ in case, spaces and hyphens alone may be those of one payment.
create index subsidy_payment_by_reference_key on subsidy_payment (lower(replace(replace(reference, ' ', ''), '-', '')))
    where cancelled_at is null;
