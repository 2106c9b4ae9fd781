//! What belongs to something of an organiser refers to it together with the organiser: the database itself refuses a row
//! that names something of another organiser.

use std::collections::BTreeSet;

use passerelle::store::EngineTx;
use sqlx::AssertSqlSafe;

use crate::harness::database::{Database, each_engine};

/// Of each of two organisers: a crèche, an application, a key, an endpoint, a doctor, a member of staff, a user, a revision
/// and an event, whose number is the organiser's too.
const PARENTS: &str = "
insert into organiser (id, legal_name, created_at, last_event) values ('organiser{n}', '', 0, 2);
insert into creche (id, organiser_id, name, one_number, subsidised, authorised_from, closures_version, created_at)
    values ('creche{n}', 'organiser{n}', '', '', 1, '2020-01-01', 0, 0);
insert into application (id, organiser_id, name, vendor, created_at) values ('application{n}', 'organiser{n}', '', '', 0);
insert into api_key (id, organiser_id, application_id, kind, secret_hash, created_at)
    values ('key{n}', 'organiser{n}', 'application{n}', 'live', '', 0);
insert into webhook_endpoint (id, organiser_id, url, description, signing, rate, state, created_at)
    values ('endpoint{n}', 'organiser{n}', '', '', 'v1', 1, 'pending', 0);
insert into doctor (id, organiser_id, inami_hash, sealed, created_at, version)
    values ('doctor{n}', 'organiser{n}', '', '', 0, 1);
insert into staff_member (id, organiser_id, sealed, created_at, version) values ('member{n}', 'organiser{n}', '', 0, 1);
insert into app_user (id, organiser_id, ssin_hash, sealed, profile, consented_at, consented_by, created_at, version)
    values ('user{n}', 'organiser{n}', '', '', '', 0, '', 0, 1);
insert into revision (organiser_id, creche_id, kind, month, revision, fingerprint, totals, lines, warnings, has_warnings,
    channel, deposited_at, document)
    values ('organiser{n}', 'creche{n}', 'attendance', '2026-07', 1, '', '', 0, '', 0, 'json', 0, '');
insert into claim (organiser_id, creche_id, month, last_month, state, is_frozen, taken_up, acts, signed_act, updated_at)
    values ('organiser{n}', 'creche{n}', '2026-01', '2026-03', 'signed', 1, 0, 1, 1, 0);
insert into claim_act (organiser_id, creche_id, month, number, act, state, actor_kind, actor, at)
    values ('organiser{n}', 'creche{n}', '2026-01', 1, 'sign', 'signed', 'person', '', 0);
insert into month_claim (organiser_id, creche_id, month, last_month, state, is_frozen, taken_up, acts, signed_act, updated_at)
    values ('organiser{n}', 'creche{n}', '2026-01', '2026-01', 'signed', 1, 0, 1, 1, 0);
insert into month_claim_act (organiser_id, creche_id, month, number, act, state, actor_kind, actor, at)
    values ('organiser{n}', 'creche{n}', '2026-01', 1, 'sign', 'signed', 'person', '', 0);
insert into stored_file (owner, id, name, media_type, size, chunks, sha256, created_at)
    values ('organiser{n}', 'file{n}', '', '', 0, 0, '', 0);
insert into event (organiser_id, number, id, type, at) values ('organiser{n}', {n}, 'event{n}', 'closures.replaced', 0);
";

/// Each table and column that refers so, and a row of the first organiser that is right with 1 for `{n}`.
const CHILDREN: [(&str, &str, &str); 49] = [
    (
        "api_request",
        "application_id",
        "(organiser_id, number, id, at, application_id, key_id, method, path, status, millis) values ('organiser1', 1, '', 0, 'application{n}', '', '', '', 200, 0)",
    ),
    (
        "api_key",
        "application_id",
        "(id, organiser_id, application_id, kind, secret_hash, created_at) values ('k', 'organiser1', 'application{n}', 'live', '', 0)",
    ),
    (
        "api_key_creche",
        "creche_id",
        "(organiser_id, key_id, creche_id, position) values ('organiser1', 'key1', 'creche{n}', 0)",
    ),
    (
        "api_key_creche",
        "key_id",
        "(organiser_id, key_id, creche_id, position) values ('organiser1', 'key{n}', 'creche1', 0)",
    ),
    (
        "api_key_scope",
        "key_id",
        "(organiser_id, key_id, scope, position) values ('organiser1', 'key{n}', 'events:read', 0)",
    ),
    (
        "app_user_right",
        "creche_id",
        "(organiser_id, user_id, creche_id, scopes) values ('organiser1', 'user1', 'creche{n}', '')",
    ),
    (
        "app_user_right",
        "user_id",
        "(organiser_id, user_id, creche_id, scopes) values ('organiser1', 'user{n}', 'creche1', '')",
    ),
    (
        "application_creche",
        "application_id",
        "(organiser_id, application_id, creche_id, position) values ('organiser1', 'application{n}', 'creche1', 0)",
    ),
    (
        "application_creche",
        "creche_id",
        "(organiser_id, application_id, creche_id, position) values ('organiser1', 'application1', 'creche{n}', 0)",
    ),
    (
        "application_scope",
        "application_id",
        "(organiser_id, application_id, scope, position) values ('organiser1', 'application{n}', 'events:read', 0)",
    ),
    (
        "attempt",
        "endpoint_id",
        "(organiser_id, endpoint_id, event_id, number, at, millis) values ('organiser1', 'endpoint{n}', 'event1', 1, 0, 1)",
    ),
    (
        "capacity",
        "creche_id",
        "(organiser_id, creche_id, from_date, places) values ('organiser1', 'creche{n}', '2020-01-01', 14)",
    ),
    (
        "claim",
        "creche_id",
        "(organiser_id, creche_id, month, last_month, state, is_frozen, taken_up, acts, signed_act, updated_at) values ('organiser1', 'creche{n}', '2026-04', '2026-06', 'signed', 1, 0, 1, 1, 0)",
    ),
    (
        "claim_change",
        "creche_id",
        "(number, organiser_id, creche_id, quarter, action, at) values (1, 'organiser1', 'creche{n}', '2026Q1', '', 0)",
    ),
    (
        "claim_act",
        "creche_id",
        "(organiser_id, creche_id, month, number, act, state, actor_kind, actor, at) values ('organiser1', 'creche{n}', '2026-01', 2, 'takeUp', 'takenUp', 'agent', '', 0)",
    ),
    (
        "claim_act_details",
        "creche_id",
        "(organiser_id, creche_id, month, number, details) values ('organiser1', 'creche{n}', '2026-01', 1, '')",
    ),
    (
        "month_claim",
        "creche_id",
        "(organiser_id, creche_id, month, last_month, state, is_frozen, taken_up, acts, signed_act, updated_at) values ('organiser1', 'creche{n}', '2026-04', '2026-04', 'signed', 1, 0, 1, 1, 0)",
    ),
    (
        "month_claim_act",
        "creche_id",
        "(organiser_id, creche_id, month, number, act, state, actor_kind, actor, at) values ('organiser1', 'creche{n}', '2026-01', 2, 'takeUp', 'takenUp', 'agent', '', 0)",
    ),
    (
        "month_claim_act_details",
        "creche_id",
        "(organiser_id, creche_id, month, number, details) values ('organiser1', 'creche{n}', '2026-01', 1, '')",
    ),
    (
        "month_claim_signature",
        "creche_id",
        "(organiser_id, creche_id, month, number, signature, sha256, code_hash, signed_at, receipt) values ('organiser1', 'creche{n}', '2026-01', 1, 1, '', '', 0, '')",
    ),
    (
        "report_attachment",
        "creche_id",
        "(organiser_id, creche_id, month, last_month, owner, file_id, added_at) \
         values ('organiser1', 'creche{n}', '2026-07', '2026-09', 'organiser1', 'file1', 0)",
    ),
    (
        "subsidy_payment",
        "creche_id",
        "(organiser_id, id, creche_id, month, type, paid_on, amount, reference, recorded_at, recorded_by) \
         values ('organiser1', 'payment{n}', 'creche{n}', '2026-07', 'subsidy', '2026-10-01', 1, 'payment{n}', 0, 'a')",
    ),
    (
        "claim_signature",
        "creche_id",
        "(organiser_id, creche_id, month, number, signature, sha256, code_hash, signed_at, receipt, salaries) values ('organiser1', 'creche{n}', '2026-01', 1, 1, '', '', 0, '', '')",
    ),
    (
        "closure",
        "creche_id",
        "(organiser_id, creche_id, position, start_date, end_date, reason) values ('organiser1', 'creche{n}', 0, '', '', 'other')",
    ),
    (
        "delivery",
        "endpoint_id",
        "(organiser_id, endpoint_id, event_id, number, type, at, state, tries, attempts) values ('organiser1', 'endpoint{n}', 'event1', 1, '', 0, 'waiting', 0, 0)",
    ),
    (
        "doctor_agreement",
        "doctor_id",
        "(doctor_id, organiser_id, media, sealed, stored_at) values ('doctor{n}', 'organiser1', '', '', 0)",
    ),
    (
        "draft",
        "creche_id",
        "(organiser_id, creche_id, kind, month, user_id, sealed, saved_at, version) values ('organiser1', 'creche{n}', 'attendance', '2026-07', 'user1', '', 0, 1)",
    ),
    (
        "event",
        "creche_id",
        "(organiser_id, number, id, type, creche_id, at) values ('organiser1', 3, 'event3', 'closures.replaced', 'creche{n}', 0)",
    ),
    ("event_creche", "creche_id", "(organiser_id, number, creche_id) values ('organiser1', 1, 'creche{n}')"),
    ("event_creche", "number", "(organiser_id, number, creche_id) values ('organiser1', {n}, 'creche1')"),
    ("key_notice", "key_id", "(organiser_id, key_id, days, expires_at, at) values ('organiser1', 'key{n}', 30, 0, 0)"),
    (
        "key_use",
        "key_id",
        "(organiser_id, key_id, day, calls, refusals) values ('organiser1', 'key{n}', '2026-07-01', 1, 0)",
    ),
    (
        "revision",
        "application_id",
        "(organiser_id, creche_id, kind, month, revision, fingerprint, totals, lines, warnings, has_warnings, channel, application_id, deposited_at, document) values ('organiser1', 'creche1', 'attendance', '2026-08', 1, '', '', 0, '', 0, 'json', 'application{n}', 0, '')",
    ),
    (
        "revision",
        "creche_id",
        "(organiser_id, creche_id, kind, month, revision, fingerprint, totals, lines, warnings, has_warnings, channel, deposited_at, document) values ('organiser1', 'creche{n}', 'attendance', '2026-08', 1, '', '', 0, '', 0, 'json', 0, '')",
    ),
    (
        "revision_author",
        "creche_id",
        "(organiser_id, creche_id, kind, month, revision, user_id) values ('organiser1', 'creche{n}', 'attendance', '2026-07', 1, 'user1')",
    ),
    (
        "revision_correction",
        "creche_id",
        "(organiser_id, creche_id, kind, month, revision, reason) values ('organiser1', 'creche{n}', 'attendance', '2026-07', 1, 'other')",
    ),
    (
        "staff_post",
        "creche_id",
        "(organiser_id, member_id, creche_id, category, hundredths, start_date) values ('organiser1', 'member1', 'creche{n}', '', 50, '')",
    ),
    (
        "staff_post",
        "member_id",
        "(organiser_id, member_id, creche_id, category, hundredths, start_date) values ('organiser1', 'member{n}', 'creche1', '', 50, '')",
    ),
    (
        "staff_revision",
        "application_id",
        "(organiser_id, revision, recorded_at, application_id, persons) values ('organiser1', 1, 0, 'application{n}', 1)",
    ),
    (
        "staff_validation",
        "application_id",
        "(organiser_id, creche_id, year, at, application_id, revision) values ('organiser1', 'creche1', 2026, 0, 'application{n}', 1)",
    ),
    (
        "staff_validation",
        "creche_id",
        "(organiser_id, creche_id, year, at, revision) values ('organiser1', 'creche{n}', 2026, 0, 1)",
    ),
    (
        "statement",
        "creche_id",
        "(organiser_id, creche_id, kind, month, revision, status, updated_at) values ('organiser1', 'creche{n}', 'attendance', '2026-07', 1, 'deposited', 0)",
    ),
    (
        "verdict",
        "application_id",
        "(id, organiser_id, creche_id, kind, period, at, application_id, channel, outcome, errors, warnings, counts) values ('v', 'organiser1', 'creche1', 'attendance', '2026-07', 0, 'application{n}', 'json', 'refused', 1, 0, '')",
    ),
    (
        "verdict",
        "creche_id",
        "(id, organiser_id, creche_id, kind, period, at, channel, outcome, errors, warnings, counts) values ('v', 'organiser1', 'creche{n}', 'attendance', '2026-07', 0, 'json', 'refused', 1, 0, '')",
    ),
    (
        "webhook_endpoint",
        "application_id",
        "(id, organiser_id, application_id, url, description, signing, rate, state, created_at) values ('e', 'organiser1', 'application{n}', '', '', 'v1', 1, 'pending', 0)",
    ),
    (
        "webhook_endpoint_creche",
        "creche_id",
        "(organiser_id, endpoint_id, creche_id, position) values ('organiser1', 'endpoint1', 'creche{n}', 0)",
    ),
    (
        "webhook_endpoint_creche",
        "endpoint_id",
        "(organiser_id, endpoint_id, creche_id, position) values ('organiser1', 'endpoint{n}', 'creche1', 0)",
    ),
    (
        "webhook_endpoint_event_type",
        "endpoint_id",
        "(organiser_id, endpoint_id, event_type, position) values ('organiser1', 'endpoint{n}', 'closures.replaced', 0)",
    ),
    (
        "webhook_secret",
        "endpoint_id",
        "(organiser_id, endpoint_id, id, sealed, created_at) values ('organiser1', 'endpoint{n}', 's', '', 0)",
    ),
];

/// The columns whose target may be deleted before their row; migration 0018 has the reasons.
const LOOSE: [(&str, &str); 10] = [
    ("api_request", "creche_id"),
    ("api_request", "key_id"),
    ("audit_entry", "creche_id"),
    ("draft", "user_id"),
    ("revision", "key_id"),
    ("revision_author", "user_id"),
    ("session", "user_id"),
    ("staff_revision", "user_id"),
    ("staff_validation", "user_id"),
    ("verdict", "key_id"),
];

/// Whether a row can be inserted; it is rolled back.
async fn is_accepted(database: &Database, insert: String) -> bool {
    let mut tx = database.db.write().await.unwrap();
    let insert = AssertSqlSafe(insert);
    let done = match &mut tx.on {
        EngineTx::Sqlite(tx) => sqlx::query(insert).execute(&mut **tx).await.map(|done| done.rows_affected()),
        EngineTx::Postgres(tx) => sqlx::query(insert).execute(&mut **tx).await.map(|done| done.rows_affected()),
        _ => unreachable!("it has begun"),
    };
    match done {
        Ok(rows) => rows == 1,
        Err(error) => {
            let refused = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation);
            assert!(refused, "{error}");
            false
        }
    }
}

#[tokio::test]
async fn a_row_that_names_something_of_another_organiser_is_refused() {
    each_engine(async |database| {
        for n in ["1", "2"] {
            database.load(&PARENTS.replace("{n}", n)).await;
        }
        for (table, column, row) in CHILDREN {
            let insert = |n| format!("insert into {table} {}", row.replace("{n}", n));
            assert!(is_accepted(database, insert("1")).await, "{table}.{column}");
            assert!(!is_accepted(database, insert("2")).await, "{table}.{column}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_column_that_names_something_of_an_organiser_is_looked_at() {
    each_engine(async |database| {
        let columns = if database.db.is_a_file() {
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
        } else {
            "select table_name::text, column_name::text from information_schema.columns \
             where table_schema = current_schema()"
        };
        let named = ["application_id", "creche_id", "doctor_id", "endpoint_id", "key_id", "member_id", "user_id"];
        let columns: Vec<(String, String)> = database.rows(columns).await;
        let columns: BTreeSet<_> = columns.iter().map(|(table, column)| (table.as_str(), column.as_str())).collect();
        let naming: BTreeSet<_> = columns.into_iter().filter(|(_, column)| named.contains(column)).collect();
        let strict =
            CHILDREN.into_iter().map(|(table, column, _)| (table, column)).filter(|(_, column)| named.contains(column));
        assert_eq!(naming, strict.chain(LOOSE).collect());
    })
    .await;
}
