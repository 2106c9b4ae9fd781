//! The story of the examples: a crèche's autumn, as requests.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::http::Method;
use passerelle::app::communications::seed;
use passerelle::app::files::SentFile;
use passerelle::app::keys::NewKey;
use passerelle::app::subsidies;
use passerelle::domain::actor::Actor;
use passerelle::domain::claim::ReceiptCode;
use passerelle::domain::communication::{Audience, CommunicationType, NewCommunication, Sector, StaffStatus};
use passerelle::domain::key::{Deployment, Scope};
use passerelle::domain::kinds::attendance;
use passerelle::domain::subsidy::RawPayment;
use passerelle::http::limits::{LimitSettings, Limits, RateAllowance};
use serde_json::{Value, json};

use super::answers::Given;
use super::{examples, here, operations};
use crate::claims::{send_signature, send_signature_at};
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, creche};
use crate::harness::book::{self, SALARY_HEADERS, SalaryRow};
use crate::harness::call::{Persona, Reply};
use crate::harness::contract::Node;
use crate::harness::database::Database;
use crate::harness::file::pdf;
use crate::harness::statement::Sheet;

/// The contract's example of a statement.
fn two_children() -> Value {
    here(Node::at("/components/examples/AttendanceStatementRequest/value".to_owned()).expect("it is shown").value)
}

/// The same with an error in each line and no number in the second.
fn two_errors() -> Value {
    let mut statement = two_children();
    statement.as_object_mut().unwrap().remove("controlTotals");
    let day = json!({ "date": "2026-11-02", "status": "present", "duration": "full" });
    statement["lines"][0]["days"].as_array_mut().unwrap().push(day);
    for member in ["birthDate", "ssin"] {
        statement["lines"][1].as_object_mut().unwrap().remove(member);
    }
    statement
}

/// One child on two days.
fn one_child(second: &Value) -> Value {
    let mut line = two_children()["lines"][0].take();
    line.as_object_mut().unwrap().remove("startDate");
    line["days"] = json!([{ "date": "2026-10-05", "status": "present", "duration": "full" }, second]);
    json!({ "lines": [line] })
}

fn creche_path(rest: &str) -> String {
    format!("/creches/{CRECHE}{rest}")
}

/// The software of the examples: one crèche, three scopes, until the end of next year.
async fn caller(app: &TestApp) -> Persona<'_> {
    let new = NewKey {
        scopes: [
            Scope::StatementsRead(attendance::KIND),
            Scope::StatementsWrite(attendance::KIND),
            Scope::SummariesRead,
        ]
        .into_iter()
        .collect(),
        creches: Some(vec![creche(CRECHE)]),
        expires_at: Some("2027-12-31T23:00:00Z".parse().unwrap()),
        ..app.ours(app.writing())
    };
    app.bearer(&app.issue(new).await)
}

/// So many calls a minute, so many at once.
fn allowing(per_minute: u32, burst: u32) -> Arc<Limits> {
    let [per_minute, burst] = [per_minute, burst].map(|number| NonZeroU32::new(number).unwrap());
    let allowance = RateAllowance { per_minute, burst };
    Arc::new(Limits::new(LimitSettings::uniform(allowance)))
}

/// A sandbox at the time of the examples, with these allowances.
pub(super) async fn app(database: &Database, per_minute: u32, burst: u32) -> TestApp {
    let limits = allowing(per_minute, burst);
    let app = TestApp::with(database, Deployment::Sandbox, |around| around.limits = limits).await;
    app.travel("2026-11-03T08:12:45Z");
    app
}

/// What any caller may read.
pub(super) async fn read(app: &TestApp, given: &mut Given) {
    let get = async |path: &str| app.vendor().get(path).await.expect(200).json;
    given.insert("checkHealth up", get("/health").await);
    given.insert("checkLiveness live", get("/health/live").await);
    given.insert("listRefData closureReasons", get("/refData/closureReasons").await);
    given.insert("getRefDataCode rule", get("/refData/rules/attendance.dateOutsideMonth").await);
    given.insert("getCaller vendor", caller(app).await.get("/caller").await.expect(200).json);
    given.insert("listCreches two", get("/creches").await);
    given.insert("getCreche subsidised", get(&creche_path("")).await);
}

/// The first deposit of a month.
pub(super) async fn deposit(app: &TestApp, given: &mut Given) {
    let put = async |query: &str, body: Value| {
        app.vendor().put(creche_path(&format!("/attendanceStatements/2026-10{query}")), body).await
    };
    let mut unnumbered = two_children();
    unnumbered["lines"][1].as_object_mut().unwrap().remove("ssin");
    given.insert("putAttendanceStatement dryRun", put("?dryRun=true", unnumbered).await.expect(200).json);
    given.insert("putAttendanceStatement refused", put("", two_errors()).await.expect(400).json);
    let verdicts = app.vendor().get("/verdicts?kind=attendance&outcome=refused").await.expect(200).json;
    let one = format!("/verdicts/{}", verdicts["items"][0]["id"].as_str().expect("an id"));
    given.insert("getVerdict refused", app.vendor().get(one).await.expect(200).json);
    given.insert("listVerdicts refused", verdicts);
    app.app.requests.flush(&app.app.db, &app.app.vault).await.expect("the log is written");
    let logged = app.vendor().get("/requests?status=4xx&operation=putAttendanceStatement").await.expect(200).json;
    let one = format!("/requests/{}", logged["items"][0]["id"].as_str().expect("an id"));
    given.insert("getRequest refused", app.vendor().get(one).await.expect(200).json);
    given.insert("listRequests refused", logged);
    given.insert("putAttendanceStatement first", put("", two_children()).await.expect(201).json);
    given.insert("putAttendanceStatement unchanged", put("", two_children()).await.expect(200).json);
    let get = async |path: &str| app.vendor().get(creche_path(path)).await.expect(200).json;
    given.insert("listAttendanceStatements one", get("/attendanceStatements?from=2026-10").await);
    given.insert("listAttendanceStatementRevisions one", get("/attendanceStatements/2026-10/revisions").await);
    given.insert("getCrecheSummary quarter", get("/summaries/2026Q4").await);
    given.insert("getCrecheSummaryOpenDays october", get("/summaries/2026-10/openDays").await);
    let organiser = caller(app).await.get("/summaries/2026-10").await.expect(200).json;
    given.insert("getOrganiserSummary month", organiser);
}

/// The events so far, and an endpoint for them.
pub(super) async fn tell(app: &TestApp, given: &mut Given) {
    let shown = |name: &str| here(Node::at(format!("/components/examples/{name}/value")).expect("it is shown").value);
    let mut events = app.vendor().get("/events?after=2").await.expect(200).json;
    events["items"][0]["id"] = shown("Events")["items"][0]["id"].clone();
    given.insert("listEvents deposit", events);
    let create = operations().find(|operation| operation.id() == "createWebhookEndpoint").expect("it is there");
    let (_, _, request) = examples(&create.node.child("requestBody").expect("a body")).swap_remove(0);
    let mut endpoint = app.vendor().post("/webhookEndpoints", request).await.expect(201).json;
    for member in ["id", "href", "secret"] {
        endpoint[member] = shown("WebhookEndpoint")[member].clone();
    }
    given.insert("createWebhookEndpoint made", endpoint);
}

/// The consultations of a month.
pub(super) async fn consult(app: &TestApp, given: &mut Given) {
    let shown = Node::at("/components/examples/MedicalStatementRequest/value".to_owned()).expect("it is shown");
    let two = here(shown.value);
    let mut long = two.clone();
    long.as_object_mut().unwrap().remove("controlTotals");
    long["lines"][0]["departure"] = "18:00".into();
    let mut wrong = long.clone();
    wrong["lines"][1]["departure"] = "13:30".into();
    let put = async |query: &str, body: Value| {
        app.vendor().put(creche_path(&format!("/medicalStatements/2026-10{query}")), body).await
    };
    given.insert("putMedicalStatement dryRun", put("?dryRun=true", long).await.expect(200).json);
    given.insert("putMedicalStatement refused", put("", wrong).await.expect(400).json);
    given.insert("putMedicalStatement first", put("", two).await.expect(201).json);
    let get = async |path: &str| app.vendor().get(creche_path(path)).await.expect(200).json;
    given.insert("listMedicalStatements one", get("/medicalStatements?from=2026-10").await);
    given.insert("listMedicalStatementRevisions one", get("/medicalStatements/2026-10/revisions").await);
    given.insert("getMedicalStatement oneConsultation", get("/medicalStatements/2026-10").await);
    given.insert("getMedicalStatementRevision oneRevision", get("/medicalStatements/2026-10/revisions/1").await);
    given.insert("getCrecheSummaryMedicalContributions one", get("/summaries/2026-10/medicalContributions").await);
}

/// The draft of a quarter's report.
pub(super) async fn report(app: &TestApp, given: &mut Given) {
    let shown = Node::at("/components/examples/ActivityReportRequest/value".to_owned()).expect("it is shown");
    let third = here(shown.value);
    let path = creche_path("/activityReports/2026Q3");
    let mut euros = third.clone();
    euros["staff"][0]["grossSalaries"][2]["grossCents"] = 3180.into();
    let mut wrong = euros.clone();
    wrong["openingHours"]["until"] = "07:00".into();
    let put = async |query: &str, body: Value| app.vendor().put(format!("{path}{query}"), body).await;
    given.insert("putActivityReport dryRun", put("?dryRun=true", euros).await.expect(200).json);
    given.insert("putActivityReport refused", put("", wrong).await.expect(400).json);
    given.insert("putActivityReport first", put("", third).await.expect(201).json);
    let salaries = async |creche: &str, query: &str, row: SalaryRow<'_>| {
        let path = format!("/creches/{creche}/activityReports/2026Q3/salaries{query}");
        let call = app.vendor().put_workbook(path, book::salaries("2026Q3", &SALARY_HEADERS, &[row]));
        if creche == CRECHE { call.if_match("*").await } else { call.await }
    };
    let tried = ("E-2", "Lambrechts Aline", "Oui", ["3120", "3120", "3250,75"]);
    given.insert("putActivityReportSalaries tried", salaries(CRECHE, "?dryRun=true", tried).await.expect(200).json);
    let wrong = ("E-2", "Janssens Nadia", "Oui", ["3120", "3120", ""]);
    given.insert("putActivityReportSalaries refused", salaries(CRECHE, "", wrong).await.expect(400).json);
    let begun = ("E-1", "Janssens Nadia", "Oui", ["2150", "2150", "2150"]);
    given.insert("putActivityReportSalaries first", salaries(SECOND, "", begun).await.expect(201).json);
    let get = async |below: &str| app.vendor().get(format!("{path}{below}")).await.expect(200).json;
    given.insert("getActivityReport third", get("").await);
    given.insert("listActivityReportRevisions one", get("/revisions").await);
    given.insert("getActivityReportRevision oneRevision", get("/revisions/1").await);
    for month in ["2026-07", "2026-09"] {
        app.vendor().put(creche_path(&format!("/attendanceStatements/{month}")), Sheet::of(month)).await.expect(201);
    }
    given.insert("getActivityReportCompleteness oneMonthMissing", get("/completeness").await);
    let reports = app.vendor().get(creche_path("/activityReports")).await.expect(200).json;
    given.insert("listActivityReports one", reports);
    let lease = app.vendor().call(Method::POST, format!("{path}/attachments"));
    let name = "attachment; filename*=UTF-8''Bail%20%C3%A9t%C3%A9.pdf";
    let lease = lease.header("content-disposition", name).body("application/pdf", pdf("Bail"));
    let lease = lease.await.expect(201).json;
    given.insert("listActivityReportAttachments one", get("/attachments").await);
    app.vendor().delete(format!("{path}/attachments/{}", lease["id"].as_str().unwrap())).await.expect(204);
    given.insert("addActivityReportAttachment lease", lease);
}

/// The agency publishes a table of rates.
pub(super) async fn communications(app: &TestApp, given: &mut Given) {
    let id = "019a5c00-0000-7000-8000-0000000000c1";
    let content = NewCommunication {
        date: jiff::civil::date(2026, 10, 5),
        title: "Tableau des forfaits T3 2026, officiel statutaire".to_owned(),
        communication_type: CommunicationType::RateTable,
        quarter: "2026Q3".parse().ok(),
        sector: Some(Sector::Public),
        staff_status: Some(StaffStatus::Statutory),
        audience: Audience::All,
        organisers: Vec::new(),
    };
    let file = SentFile { name: "Forfaits T3 2026.pdf".to_owned(), bytes: pdf("Forfaits") };
    seed(&app.app, &Actor::agent("ONE-1207"), (id.parse().unwrap(), content), file).await.unwrap();
    given.insert("listCommunications one", app.vendor().get("/communications").await.expect(200).json);
    let rates = app.vendor().get(format!("/communications/{id}")).await.expect(200).json;
    given.insert("getCommunication rates", rates);
}

/// The same report, signed, and a month corrected since.
pub(super) async fn claim(app: &TestApp, given: &mut Given) {
    let august = creche_path("/attendanceStatements/2026-08");
    app.vendor().put(&august, Sheet::of("2026-08").child(1, "3:P")).await.expect(201);
    let path = creche_path("/activityReports/2026Q3");
    given.insert(
        "signActivityReport person",
        app.vendor().post(format!("{path}/signature"), Value::Null).await.expect(403).json,
    );
    send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
    let correction = format!("{august}?correctionReason=encodingError");
    let two = Sheet::of("2026-08").child(1, "3:P 4:P");
    app.vendor().put(correction, two).if_match("*").await.expect(200);
    let get = async |path: String| app.vendor().get(path).await.expect(200).json;
    given.insert("getActivityReportClaim corrected", get(format!("{path}/claim")).await);
    let receipt = get(format!("{path}/receipt")).await;
    let code = receipt["document"]["code"].as_str().expect("a code");
    given.insert("checkReceipt genuine", get(format!("/receipts/{code}")).await);
    given.insert("checkReceipt notGenuine", get(format!("/receipts/{}", ReceiptCode::from_random([9; 16]))).await);
    given.insert("getActivityReportReceipt third", receipt);
}

/// The consultations of October, signed alone and corrected since.
pub(super) async fn sign_month(app: &TestApp, given: &mut Given) {
    let path = creche_path("/medicalStatements/2026-10");
    let refused = app.vendor().post(format!("{path}/signature"), Value::Null).await.expect(403).json;
    given.insert("signMedicalStatement person", refused);
    let page = format!("/console/creches/{CRECHE}/medical/2026-10/signature");
    send_signature_at(&app.browser(ADMINISTRATOR).await, &page).await.expect(303);
    let get = async |below: &str| app.vendor().get(format!("{path}/signature{below}")).await.expect(200).json;
    given.insert("getMedicalStatementReceipt month", get("/receipt").await);
    let mut lines = app.vendor().get(&path).await.expect(200)["lines"].clone();
    lines[0]["feeCents"] = 8000.into();
    let correction = format!("{path}?correctionReason=encodingError");
    app.vendor().put(correction, json!({ "lines": lines })).if_match("*").await.expect(200);
    given.insert("getMedicalStatementSignature corrected", get("").await);
}

/// What was paid for it, and a premium that was not.
pub(super) async fn pay(app: &TestApp, given: &mut Given) {
    let payment = |kind: &'static str, amount: &'static str, balance: &'static str, reference: &'static str| {
        RawPayment::written(move |field| match field {
            "creche" => "63/25118/01",
            "quarter" => "2026Q3",
            "type" => kind,
            "paidOn" => "2026-10-30",
            "amount" => amount,
            "balance" => balance,
            _ => reference,
        })
    };
    let sent = [
        payment("subsidy", "12345,67", "0", "ONE-2026-0001"),
        payment("exceptionalPremium", "500", "", "ONE-2026-0002"),
    ];
    let recorded = subsidies::record(&app.app, &Actor::agent("ONE-0427"), &sent, false).await.unwrap();
    let [subsidy, premium] =
        [0, 1].map(|at: usize| (recorded.payments[at].record.organiser, recorded.payments[at].record.id));
    subsidies::cancel(&app.app, &Actor::agent("ONE-0427"), premium, "Versé à une autre crèche.").await.unwrap();
    let get = async |path: String| app.vendor().get(path).await.expect(200).json;
    given.insert("listSubsidyPayments two", get("/subsidyPayments".to_owned()).await);
    given.insert("getSubsidyPayment subsidy", get(format!("/subsidyPayments/{}", subsidy.1)).await);
}

/// The staff of the autumn.
pub(super) async fn employ(app: &TestApp, given: &mut Given) {
    let shown = |name: &str| {
        let node = Node::at(format!("/components/examples/{name}/value")).expect("it is shown");
        here(node.value)
    };
    let mut persons = app.vendor().get("/staffMembers?severalPlaces=true").await.expect(200).json;
    persons["items"][0]["createdAt"] = shown("StaffMembers")["items"][0]["createdAt"].clone();
    given.insert("listStaffMembers one", persons);
    let query_reply = app.vendor().post("/staffMembers/query", json!({ "ssin": "85031495246" })).await;
    given.insert("queryStaffMember one", query_reply.expect(200).json);
    let put = app.vendor().put("/staffRegister", shown("StaffRegisterRequest")).if_match("*").await;
    given.insert("putStaffRegister one", put.expect(200).json);
    let staffing = app.vendor().get(creche_path("/summaries/2026Q4/staffingContributions")).await;
    given.insert("getCrecheSummaryStaffingContributions one", staffing.expect(200).json);
    let mut entered = app.vendor().post("/staffMembers", shown("StaffMemberRequest")).await.expect(201).json;
    for member in ["id", "href"] {
        entered[member] = shown("StaffMemberCreated")[member].clone();
    }
    given.insert("addStaffMember one", entered);
}

/// The closures of the year's end.
pub(super) async fn close(app: &TestApp, given: &mut Given) {
    let shown = operations().find(|operation| operation.id() == "putClosures").expect("it is there");
    let (_, _, closures) = examples(&shown.node.child("requestBody").expect("a body")).swap_remove(0);
    let path = creche_path("/closures");
    let put = app.vendor().put(&path, closures).if_match("*").await.expect(200);
    given.insert("putClosures year", put.json);
    given.insert("getClosures year", app.vendor().get(&path).await.expect(200).json);
}

/// A month that is corrected.
pub(super) async fn correct(app: &TestApp, given: &mut Given) {
    let path = creche_path("/attendanceStatements/2026-10");
    let present = json!({ "date": "2026-10-06", "status": "present", "duration": "full" });
    app.vendor().put(&path, one_child(&present)).await.expect(201);
    app.travel("2026-11-05T14:02:10Z");
    let ill = json!({ "date": "2026-10-06", "status": "justifiedAbsence", "duration": "full", "reason": "medicalCertificate" });
    let put = || app.vendor().put(&path, one_child(&ill));
    put().if_match("\"1\"").await.expect(200);
    let get = async |path: String| app.vendor().get(path).await.expect(200).json;
    given.insert("getAttendanceStatement oneChild", get(path.clone()).await);
    given.insert("getAttendanceStatementRevision oneRevision", get(format!("{path}/revisions/2")).await);
    let contributions = get(creche_path("/summaries/2026-10/contributions?comparedTo=1")).await;
    given.insert("getCrecheSummaryContributions compared", contributions);
    let stale = app.vendor().put(&path, two_children()).if_match("\"1\"").await;
    given.insert("Problem someoneWasFaster", stale.expect(412).json);
    let mut reasoned = present;
    reasoned["date"] = json!("2026-09-08");
    reasoned["reason"] = json!("medicalCertificate");
    let mut september = one_child(&reasoned);
    september["lines"][0]["days"][0]["date"] = json!("2026-09-07");
    app.vendor().put(creche_path("/attendanceStatements/2026-09"), september).await.expect(201);
    given.insert("replayAnnouncedRules refused", get("/announcedRules/replay".to_owned()).await);
}

/// Refusals of malformed and of too many requests, and the problems when nothing works.
pub(super) async fn refuse(database: &Database, given: &mut Given) {
    let app = app(database, 600, 1).await;
    given.insert("Problem noKey", app.anonymous().get("/caller").await.expect(401).json);
    given.insert("Problem slowDown", exhausted(&app).await.expect(429).json);
    database.db.close().await;
    given.insert("checkHealth down", app.anonymous().get("/health").await.expect(503).json);
}

/// The response to a caller who has exceeded the allowance.
async fn exhausted(app: &TestApp) -> Reply {
    loop {
        let reply = app.vendor().get("/caller").await;
        if reply.status != 200 {
            return reply;
        }
    }
}
