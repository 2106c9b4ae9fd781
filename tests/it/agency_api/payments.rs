//! Payments by the agency's software: recorded in bulk, all or none, read, cancelled, and followed.

use axum::http::Method;
use passerelle::domain::agency_key::AgencyScope;
use serde_json::{Value, json};

use super::{HERE, NAME, changes, issue, software};
use crate::harness::app::{ADMINISTRATOR, CRECHE, ORGANISER, OTHER, TestApp, UNSUBSIDISED, each_app};
use crate::harness::call::{Persona, Reply};
use crate::harness::database::each_engine;

const PATH: &str = "/agency/subsidyPayments";
/// The ONE numbers of two crèches of our organiser, and that of one of another.
const LOUPS: &str = "63/25118/01";
const FARANDOLE: &str = "63/25118/03";
const FOREIGN: &str = "52/61063/01";

fn payment(number: &str, kind: &str, cents: i64, reference: &str) -> Value {
    json!({ "oneNumber": number, "quarter": "2026Q2", "type": kind, "paidOn": "2026-10-01", "amountCents": cents,
        "reference": reference })
}

/// A subsidy and a recovery of our organiser, and a premium of another.
fn three() -> Value {
    json!({ "payments": [
        payment(LOUPS, "subsidy", 123_456, "ONE-1"),
        payment(FARANDOLE, "recovery", -500, "ONE-2"),
        payment(FOREIGN, "exceptionalPremium", 70_000, "ONE-3"),
    ] })
}

fn ids(reply: &Reply) -> Vec<String> {
    reply.each("items", "id").iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// The rules and places of the findings.
fn findings(refused: &Reply) -> Vec<String> {
    let text = |issue: &Value, name: &str| issue[name].as_str().unwrap_or_default().to_owned();
    let place = |issue: &Value| if issue["cell"].is_string() { text(issue, "cell") } else { text(issue, "name") };
    refused["issues"].as_array().unwrap().iter().map(|one| format!("{} {}", text(one, "code"), place(one))).collect()
}

/// The audit entries of an organiser on payments: action, detail and the kind of actor.
async fn entries(app: &TestApp) -> Vec<(String, String, bool)> {
    let all = app.all_audit().await.into_iter().map(|link| link.entry);
    let paid = all.filter(|entry| entry.action.starts_with("subsidyPayment"));
    paid.map(|entry| (entry.action, entry.detail.unwrap_or_default(), entry.actor.kind.is_agency())).collect()
}

#[tokio::test]
async fn payments_of_several_organisers_are_recorded_at_once_and_each_reads_its_own() {
    each_app(async |app| {
        let back_office = software(app).await;
        let tried = back_office.post(format!("{PATH}?dryRun=true"), three()).await.expect(200);
        assert_eq!((&tried["written"], &tried["totalCents"]), (&json!(false), &json!(192_956)));
        assert!(tried["items"][0].get("id").is_none());
        assert!(entries(app).await.is_empty(), "a dry run records nothing");
        let recorded = back_office.post(PATH, three()).await.expect(201);
        assert_eq!((&recorded["written"], &recorded["totalCents"]), (&json!(true), &json!(192_956)));
        assert_eq!(recorded["items"][2]["organiserId"], OTHER);
        assert_eq!(recorded["items"][0]["creche"]["id"], CRECHE);
        let of_import = ("subsidyPayment.recorded".to_owned(), "import: 2 payments".to_owned(), true);
        assert_eq!(entries(app).await, [of_import], "one entry for the organiser");

        let own = app.vendor().get("/subsidyPayments").await.expect(200);
        assert_eq!(ids(&own), ids(&recorded)[..2]);
        assert_eq!(own["items"][0]["recordedBy"], json!({ "kind": "agencyKey", "name": NAME }));
        let events = app.vendor().get("/events?type=subsidyPayment.recorded").await.expect(200);
        assert_eq!(events["items"].as_array().unwrap().len(), 2);
        let page = app.browser(ADMINISTRATOR).await.page("/console/history").await.expect(200);
        page.shows(&["Logiciel de l’ONE", NAME]);
        let director = app.browser(ADMINISTRATOR).await;
        director.page("/console/subsidies").await.expect(200).says(&[&format!("12/10/2026 09:00, {NAME}")]);
        let agent = crate::subsidies::agent(app).await;
        let found = agent.page("/console/agency/payments?find=ONE-3").await.goes_to();
        agent.page(&found).await.expect(200).says(&["700,00", NAME]);
    })
    .await;
}

#[tokio::test]
async fn what_may_be_a_mistake_is_a_warning_at_its_place() {
    each_app(async |app| {
        let back_office = software(app).await;
        back_office.post(PATH, three()).await.expect(201);
        let sent = json!({ "payments": [
            payment(FARANDOLE, "subsidy", 1, "ONE-4"),
            payment(LOUPS, "subsidy", 123_456, "ONE-5"),
            payment(FARANDOLE, "subsidy", 1, "ONE-6"),
        ] });
        let done = back_office.post(PATH, sent.clone()).await.expect(201);
        let warnings: Vec<_> =
            done["warnings"].as_array().unwrap().iter().map(|one| (&one["code"], &one["name"])).collect();
        let due = [
            (json!("payment.notSubsidised"), json!("/payments/0/type")),
            (json!("payment.sameFacts"), json!("/payments/1/reference")),
            (json!("payment.sameFacts"), json!("/payments/2/reference")),
        ];
        assert_eq!(warnings, due.iter().map(|(code, name)| (code, name)).collect::<Vec<_>>());
        assert!(done["warnings"][1]["detail"].as_str().unwrap().contains("ONE-1"));
        let refused = back_office.post(PATH, sent).await.refused(400, "badRequest");
        assert_eq!((findings(&refused).len(), &refused["issues"][0]["count"]), (1, &json!(3)), "{}", refused.json);
        let found = ids(&back_office.get(format!("{PATH}?reference=one%204")).await.expect(200));
        assert_eq!(found.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_payment_keeps_all_from_being_recorded_and_every_finding_has_its_place() {
    each_app(async |app| {
        let back_office = software(app).await;
        back_office.post(PATH, json!({ "payments": [payment(LOUPS, "subsidy", 1, "ONE-0")] })).await.expect(201);
        let mut wrong = three();
        wrong["payments"][0]["amountCents"] = json!(-5);
        wrong["payments"][0]["reference"] = json!("ONE-0");
        wrong["payments"][1]["oneNumber"] = json!("63/0");
        wrong["payments"][1]["quarter"] = json!("2026-2");
        wrong["payments"][1]["colour"] = json!("red");
        wrong["payments"][2]["paidOn"] = json!("1999-12-31");
        wrong["payments"][2]["quarter"] = json!("2027Q2");
        wrong["payments"].as_array_mut().unwrap().push(json!("nothing"));
        let due = [
            "input.malformed /payments/1/quarter",
            "input.unknownProperty /payments/1/colour",
            "input.notAnObject /payments/3",
            "payment.amountSign /payments/0/amountCents",
            "payment.crecheUnknown /payments/1/oneNumber",
            "payment.dayOutside /payments/2/paidOn",
            "payment.quarterOutside /payments/2/quarter",
            "payment.recorded /payments/0/reference",
        ];
        for path in [PATH, "/agency/subsidyPayments?dryRun=true"] {
            let refused = back_office.post(path, wrong.clone()).await.refused(400, "badRequest");
            let (mut found, mut due) = (findings(&refused), due.map(str::to_owned).to_vec());
            found.sort_unstable();
            due.sort_unstable();
            assert_eq!(found, due);
        }
        for (document, rule) in [
            (json!({ "payments": [] }), "input.malformed /payments"),
            (json!({ "payments": vec![payment(LOUPS, "subsidy", 1, "x"); 501] }), "input.tooMany /payments"),
            (json!([]), "input.notAnObject "),
        ] {
            assert_eq!(findings(&back_office.post(PATH, document).await.refused(400, "badRequest")), [rule]);
        }
        assert_eq!(ids(&back_office.get(PATH).await.expect(200)).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn files_are_read_as_on_the_page_of_agents() {
    each_app(async |app| {
        let back_office = software(app).await;
        let send = |media: &str, query: &str, file: Vec<u8>| {
            back_office.call(Method::POST, format!("{PATH}{query}")).body(media, file)
        };
        let table = "N° ONE;Période;Type;Date;Montant;Référence;Remarque\n\
            63/25118/01;T2 2026;Subside;01/10/2026;1.234,56;ONE-1;x\n";
        let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(table);
        let tried = send("text/csv; charset=windows-1252", "?dryRun=true", windows.to_vec()).await.expect(200);
        assert_eq!((&tried["written"], &tried["hasWarnings"]), (&json!(false), &json!(true)));
        let done = send("text/csv", "", windows.to_vec()).await.expect(201);
        assert_eq!(done["totalCents"], 123_456);
        let again = send("text/csv", "", windows.to_vec()).await.refused(400, "badRequest");
        assert!(findings(&again).contains(&"payment.recorded CSV!F2".to_owned()), "{:?}", findings(&again));
        let book = crate::subsidies::workbook("Sheet1");
        assert_eq!(send(crate::harness::call::XLSX, "", book).await.expect(201)["totalCents"], -1250);
        send("application/pdf", "", b"%PDF-1.7".to_vec()).await.refused(415, "unsupportedMediaType");
        send("text/csv", "", vec![b'x'; (1 << 20) + 1]).await.refused(413, "payloadTooLarge");
    })
    .await;
}

#[tokio::test]
async fn payments_that_are_sent_again_are_recorded_once() {
    each_app(async |app| {
        let back_office = software(app).await;
        let send = async |who: &Persona<'_>, document: Value| {
            who.post(PATH, document).header("idempotency-key", "payments-of-october").await
        };
        let first = send(&back_office, three()).await.expect(201);
        let again = send(&back_office, three()).await.expect(201);
        assert_eq!((&again.bytes, ids(&again).len()), (&first.bytes, 3));
        let other = json!({ "payments": [payment(LOUPS, "subsidy", 5, "ONE-9")] });
        send(&back_office, other.clone()).await.refused(422, "idempotencyKeyReused");
        let colleague = app.bearer(&issue(app, "Autre logiciel", super::every_scope(), HERE).await);
        send(&colleague, other).await.expect(201);
        assert_eq!(ids(&back_office.get(PATH).await.expect(200)).len(), 4);
    })
    .await;
}

#[tokio::test]
async fn pages_and_filters_lead_through_the_payments_of_all_and_each_reading_is_recorded() {
    each_app(async |app| {
        let back_office = software(app).await;
        let all = ids(&back_office.post(PATH, three()).await.expect(201));
        let found = async |query: &str| ids(&back_office.get(format!("{PATH}{query}")).await.expect(200));
        assert_eq!(found("").await, all);
        assert_eq!(found(&format!("?organiserId={OTHER}")).await, all[2..]);
        assert_eq!(found(&format!("?crecheId={UNSUBSIDISED}")).await, all[1..2]);
        assert_eq!(found("?type=recovery&from=2026Q2&to=2026Q2").await, all[1..2]);
        assert_eq!(found("?from=2026Q3").await, [""; 0]);
        assert_eq!(found("?reference=ONE-2").await, all[1..2]);
        let first = back_office.get(format!("{PATH}?pageSize=2")).await.expect(200);
        let next = first["next"].as_str().unwrap();
        assert_eq!(
            (ids(&first), found(&next[next.find('?').unwrap()..]).await),
            (all[..2].to_vec(), all[2..].to_vec())
        );
        let refused = back_office.get(format!("{PATH}?type=bonus&reference=&pageSize=101&from=2026")).await;
        assert_eq!(refused.refused(400, "badRequest")["issues"].as_array().unwrap().len(), 4);

        let before = entries(app).await.len();
        found("").await;
        let read = entries(app).await.split_off(before);
        assert_eq!(read, [("subsidyPayments.read".to_owned(), "2".to_owned(), true)]);
        found(&format!("?organiserId={OTHER}")).await;
        assert_eq!(entries(app).await.len(), before + 1, "nothing of the organiser was read");
        let page = app.browser(ADMINISTRATOR).await.page("/console/history?view=reads").await.expect(200);
        page.shows(&["Paiements de subsides consultés", "paiements\u{a0}: 2"]);
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_cancelled_once_with_a_reason_that_the_organiser_reads() {
    each_app(async |app| {
        let back_office = software(app).await;
        let recorded = ids(&back_office.post(PATH, three()).await.expect(201));
        let one = format!("{PATH}/{ORGANISER}/{}", recorded[0]);
        let cancel = async |document: Value| back_office.post(format!("{one}/cancellation"), document).await;
        let nothing = cancel(json!({ "reason": "" })).await.refused(400, "badRequest");
        assert_eq!(findings(&nothing), ["input.malformed /reason"]);
        let done = cancel(json!({ "reason": "Versé à une autre crèche." })).await.expect(200);
        assert_eq!(done["cancelled"]["by"], json!({ "kind": "agencyKey", "name": NAME }));
        cancel(json!({ "reason": "Encore." })).await.refused(409, "subsidyPaymentCancelled");
        let read = app.vendor().get(format!("/subsidyPayments/{}", recorded[0])).await.expect(200);
        assert_eq!(read["cancelled"]["reason"], "Versé à une autre crèche.");
        let again = json!({ "payments": [payment(FARANDOLE, "subsidy", 123_456, "ONE-1")] });
        back_office.post(PATH, again).await.expect(201);
        back_office.get(format!("{PATH}/{OTHER}/{}", recorded[0])).await.refused(404, "resourceNotFound");
        let pdf = back_office.get(&one).accept("application/pdf").language("fr").await.expect(200);
        let text = crate::claims::text_of(&pdf.bytes);
        let Some(text) = text else { return };
        for said in ["1 234,56", "Les Petits Pas", NAME, "rien n’a été payé"] {
            assert!(text.contains(said), "{said}: {text:?}");
        }
        assert!(!text.contains("signature"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn the_feed_has_payments_for_the_keys_that_may_read_them() {
    each_app(async |app| {
        let _director = crate::claims::signed(app).await;
        let back_office = software(app).await;
        let recorded = ids(&back_office.post(PATH, three()).await.expect(201));
        let cancellation = format!("{PATH}/{OTHER}/{}/cancellation", recorded[2]);
        back_office.post(cancellation, json!({ "reason": "Erreur." })).await.expect(200);
        let all = changes(&back_office, 0).await;
        let actions: Vec<_> = all.iter().map(|one| one["action"].as_str().unwrap()).collect();
        let paid = ["subsidyPayment.recorded"; 3];
        assert_eq!(actions, [&["activityReport.signed"], &paid[..], &["subsidyPayment.cancelled"]].concat());
        let numbers: Vec<_> = all.iter().map(|one| one["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        let address = all[4]["subsidyPayment"].as_str().unwrap();
        assert!(address.ends_with(&format!("{PATH}/{OTHER}/{}", recorded[2])), "{address}");

        for (name, scope, due) in
            [("Demandes", AgencyScope::ClaimsRead, 1), ("Paiements", AgencyScope::PaymentsRead, 4)]
        {
            let reader = app.bearer(&issue(app, name, [scope].into_iter().collect(), HERE).await);
            let page = reader.get("/agency/changes").await.expect(200);
            assert_eq!((page["items"].as_array().unwrap().len(), &page["upTo"]), (due, &json!(5)), "{name}");
        }
        let writer = app.bearer(&issue(app, "Écrit", [AgencyScope::PaymentsWrite].into_iter().collect(), HERE).await);
        let refused = writer.get("/agency/changes").await.refused(403, "missingScope");
        assert_eq!(refused["requiredScopes"], json!(["claims:read", "payments:read"]));
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_before_the_feed_had_payments_is_in_it() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        let _director = crate::claims::signed(&app).await;
        let back_office = software(&app).await;
        let recorded = ids(&back_office.post(PATH, three()).await.expect(201));
        app.travel("2026-10-13T09:00:00+02:00");
        let cancellation = format!("{PATH}/{ORGANISER}/{}/cancellation", recorded[1]);
        back_office.post(cancellation, json!({ "reason": "Erreur." })).await.expect(200);
        let key = |one: &Value| (one["action"].to_string(), one["at"].to_string(), one["subsidyPayment"].to_string());
        let mut before: Vec<_> = changes(&back_office, 0).await.iter().map(key).collect();
        database.tamper("delete from claim_change where payment_id is not null").await;
        database.tamper("update agency_feed set last_number = 1").await;
        let migration = include_str!("../../../migrations/0028_agency_payments.sql");
        let filling = migration.split_once("insert into claim_change").unwrap().1;
        for statement in
            format!("insert into claim_change{filling}").split(';').map(str::trim).filter(|one| !one.is_empty())
        {
            database.tamper(statement).await;
        }
        let after = changes(&back_office, 0).await;
        let numbers: Vec<_> = after.iter().map(|one| one["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        let mut after: Vec<_> = after.iter().map(key).collect();
        before.sort_unstable();
        after.sort_unstable();
        assert_eq!(after, before);
        back_office.post(PATH, json!({ "payments": [payment(LOUPS, "subsidy", 5, "ONE-9")] })).await.expect(201);
        assert_eq!(changes(&back_office, 5).await[0]["number"], 6);
    })
    .await;
}
