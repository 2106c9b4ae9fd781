-- Authentication codes: a keyed hash over the columns that decide, so that a row which was written by anybody but the
-- gateway is found. Null: written before there were codes; the first start with the master key computes them, once.
alter table organiser add column mac bytea;
alter table creche add column mac bytea;               -- covers its rows of capacity and closure as well
alter table application add column mac bytea;
alter table api_key add column mac bytea;
alter table person add column mac bytea;               -- covers its rows of person_right as well
alter table agent add column mac bytea;
alter table session add column mac bytea;
alter table doctor add column mac bytea;               -- covers which doctor_agreement there is as well
alter table staff_member add column mac bytea;         -- covers its rows of staff_post as well
alter table staff_validation add column mac bytea;
alter table revision add column mac bytea;
alter table statement add column revision_mac bytea;   -- the code of the current revision
alter table statement add column mac bytea;
alter table statement add column former_mac bytea;     -- the code before the latest revision
alter table webhook_endpoint add column mac bytea;

-- Which of those rows an entry changed, each with the beginning of its code before and after: the latest state of each
-- row follows from the chain, so that an older row that is put back is found. Covered by the entry's hash.
alter table audit_entry add column changes text;
