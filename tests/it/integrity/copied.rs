//! Migration 0018 copies tables: every row preserves its values and its code.

use std::fmt::Write as _;

use axum::http::Method;
use passerelle::app::unsealing_check;
use serde_json::json;

use super::{deposit, endpoint, found};
use crate::doctors::{agree, enter_doctor};
use crate::harness::app::{ADMINISTRATOR, CRECHE, FOREIGN, ORGANISER, SECOND, TestApp};
use crate::harness::call::JSON;
use crate::harness::database::Database;
use crate::harness::statement::Sheet;

/// The tables that the migration copies.
const COPIED: [&str; 20] = [
    "api_key",
    "api_key_scope",
    "api_key_creche",
    "key_use",
    "key_notice",
    "webhook_endpoint",
    "webhook_endpoint_event_type",
    "webhook_endpoint_creche",
    "webhook_secret",
    "delivery",
    "attempt",
    "statement",
    "revision",
    "revision_author",
    "verdict",
    "event",
    "event_creche",
    "doctor_agreement",
    "staff_post",
    "staff_validation",
];

/// Something in each of the tables, written by the gateway as far as it writes it by itself.
async fn filled(app: &TestApp, database: &Database) {
    deposit(app, "2026-07", 1).await;
    deposit(app, "2026-07", 2).await;
    let by_a_person = format!("/creches/{SECOND}/attendanceStatements/2026-07");
    app.person(ADMINISTRATOR).await.put(by_a_person, Sheet::of("2026-07").children(1, "1:P")).await.expect(201);
    let doctor = enter_doctor(app).await.rsplit('/').next().unwrap().to_owned();
    agree(&app.vendor(), &format!("/doctors/{doctor}")).await.expect(200);
    let member = json!({ "reference": "E-9", "givenName": "Aline", "familyName": "Claes", "birthDate": "1985-03-14",
        "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2024-09-01",
            "functions": [{ "crecheId": CRECHE, "category": "childcare", "fteHundredths": 80 }] }] });
    app.vendor().put("/staffRegister", json!({ "members": [member] })).if_match("*").await.expect(200);
    let year = json!({ "year": 2026 });
    app.vendor().post(format!("/creches/{CRECHE}/staffValidations"), year).await.expect(201);
    app.limited_to(&[CRECHE]).await;
    let endpoint = endpoint(app, "https://receiver.example/hook").await;
    let wants = json!({ "url": "https://receiver.example/limited", "creches": [CRECHE, SECOND],
        "eventTypes": ["closures.replaced", "attendanceStatement.deposited"] });
    app.vendor().post("/webhookEndpoints", wants).await.expect(201);
    let of_key = format!("'{ORGANISER}', (select min(id) from api_key where organiser_id = '{ORGANISER}')");
    for row in [
        format!("key_use (organiser_id, key_id, day, calls, refusals) values ({of_key}, '2026-09-01', 7, 1)"),
        format!("key_notice (organiser_id, key_id, days, expires_at, at) values ({of_key}, 30, 2, 1)"),
        format!(
            "delivery (organiser_id, endpoint_id, event_id, number, type, at, state, tries, attempts, due_at) values \
             ('{ORGANISER}', '{endpoint}', 'e', 1, 'closures.replaced', 1, 'waiting', 1, 1, 9)"
        ),
        format!(
            "attempt (organiser_id, endpoint_id, event_id, number, at, millis, status, failure, answer) values \
             ('{ORGANISER}', '{endpoint}', 'e', 1, 1, 20, 500, 'status', 'it’s broken')"
        ),
    ] {
        database.tamper(format!("insert into {row}")).await;
    }
}

/// Statements that insert every row, in a database with the schema of the version before the migration; `days_left`,
/// `communications_seen_at` and `logs_bodies_until` are columns of later ones.
async fn inserts(database: &Database) -> String {
    let columns = if database.db.is_a_file() {
        "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' \
         and c.name not in ('days_left', 'communications_seen_at', 'logs_bodies_until') and m.name not in ('_sqlx_migrations', 'sqlite_sequence', 'staff_revision') order by m.name, c.cid"
    } else {
        "select table_name::text, column_name::text from information_schema.columns \
         where table_schema = current_schema() and column_name not in ('days_left', 'communications_seen_at', 'logs_bodies_until') \
         and table_name not in ('_sqlx_migrations', 'staff_revision') order by table_name, ordinal_position"
    };
    let columns: Vec<(String, String)> = database.rows(columns).await;
    let literal = |(table, column): &(String, String)| {
        // A verdict on the staff register had empty texts.
        let was_empty = table == "verdict" && (column == "creche_id" || column == "period");
        let value = if was_empty { format!("coalesce({column}, '')") } else { column.clone() };
        if database.db.is_a_file() {
            format!("quote({value})")
        } else {
            format!("quote_nullable(cast({value} as text))")
        }
    };
    let mut script = if database.db.is_a_file() {
        "pragma defer_foreign_keys = on;\n".to_owned()
    } else {
        "set local session_replication_role = replica;\n".to_owned()
    };
    for table in columns.chunk_by(|one, next| one.0 == next.0) {
        let names: Vec<_> = table.iter().map(|(_, column)| column.as_str()).collect();
        let literals: Vec<_> = table.iter().map(literal).collect();
        let (name, literals) = (&table[0].0, literals.join(" || ', ' || "));
        let rows: Vec<(String,)> = database.rows(&format!("select {literals} from {name}")).await;
        for (values,) in rows {
            writeln!(script, "insert into {name} ({}) values ({values});", names.join(", ")).unwrap();
        }
    }
    script
}

async fn contents(database: &Database) -> Vec<(String, Vec<u8>)> {
    let mut cells = database.dump().await;
    // The revisions of registers came with a later migration.
    let later = ["_sqlx_migrations.", "staff_revision."];
    cells.retain(|(column, _)| !later.iter().any(|table| column.starts_with(table)));
    cells.sort();
    cells
}

#[tokio::test]
async fn rows_that_a_migration_copies_keep_their_values_and_codes() {
    for (database, earlier) in Database::on_each_engine().await.iter().zip(Database::of_schema(17).await) {
        let app = TestApp::start(database).await;
        filled(&app, database).await;
        for table in COPIED {
            assert!(database.number(format!("select count(*) from {table}")).await > 0, "{table} has rows");
        }
        let staff = "select count(*) from verdict where kind = 'staff' and creche_id is null and period is null";
        assert_eq!(database.number(staff).await, 2);
        earlier.load(&inserts(database).await).await;
        // The author of a revision that retention removed, as it was left by earlier versions.
        let left = format!("'{ORGANISER}', '{CRECHE}', 'attendance', '2015-01', 1, 'somebody'");
        let author = format!(
            "insert into revision_author (organiser_id, creche_id, kind, month, revision, user_id) values ({left})"
        );
        earlier.tamper(author).await;

        earlier.db.migrate().await.unwrap();
        assert_eq!(contents(&earlier).await, contents(database).await);
        let app = TestApp::start(&earlier).await;
        assert_eq!(found(&app).await, []);
        let opened = unsealing_check::check_unsealing(&app.app.db, &app.app.vault).await.unwrap();
        assert_eq!((opened.broken.len(), opened.documents), (0, 3));
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
        let third = Sheet::of("2026-07").children(3, "1:P");
        let third: serde_json::Value = third.into();
        let call = app.vendor().call(Method::PUT, path).body(JSON, third.to_string()).if_match("*");
        assert_eq!(call.await.expect(200)["revision"], 3);
    }
}

#[tokio::test]
async fn a_row_of_another_organisers_creche_stops_the_migration_which_changes_nothing() {
    for (database, earlier) in Database::on_each_engine().await.iter().zip(Database::of_schema(17).await) {
        TestApp::start(database).await;
        earlier.load(&inserts(database).await).await;
        earlier
            .tamper(format!(
                "insert into statement (organiser_id, creche_id, kind, month, revision, status, updated_at) \
                 values ('{ORGANISER}', '{FOREIGN}', 'attendance', '2026-07', 1, 'deposited', 0)"
            ))
            .await;
        assert!(earlier.db.migrate().await.is_err());
        assert_eq!(earlier.db.pending_migrations().await.unwrap()[0], "0018 references");
        assert_eq!(earlier.number("select count(*) from statement").await, 1);
    }
}
