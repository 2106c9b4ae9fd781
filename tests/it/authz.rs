//! Every operation × every kind of caller. What must happen follows from the table of operations alone.

mod responses;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Method;
use passerelle::api;
use passerelle::app::agency_keys::{self, AgencyKeyRecord};
use passerelle::app::keys::issue_with;
use passerelle::domain::actor::Actor;
use passerelle::domain::agency_key::{AgencyKeyKind, AgencyKeyText, AgencyScope};
use passerelle::domain::audit::{AuditChain, AuditEntry};
use passerelle::domain::event::{Event, EventType};
use passerelle::domain::key::{KeyId, KeyKind, KeyText, Scope, Scopes};
use passerelle::domain::kinds::attendance;
use passerelle::domain::user::{Mandate, Profile, Reach, Rights};
use passerelle::http::extract::Media;
use passerelle::http::operation_table::{AGENCY_FEED, Access, Operation};
use passerelle::store;
use serde_json::{Value, json};

use crate::agency_api::{HERE, every_scope, issue};
use crate::harness::app::{
    ADMINISTRATOR, CRECHE, DATA_MANAGER, FOREIGN, OF_BOTH, ORGANISER, OTHER, SECOND, TestApp, USER_MANAGER, creche,
    each_app, organiser,
};
use crate::harness::book::{SALARY_HEADERS, salaries};
use crate::harness::call::{Call, JSON, Persona, Reply, XLSX};
use crate::harness::database::{Database, each_engine};
use crate::harness::file::pdf;
use crate::harness::people;
use crate::harness::receiver;
use crate::harness::statement::Sheet;

/// Where an operation responds otherwise than its table entry requires: caller, operation, status. May only become shorter.
const EXCEPTIONS: [(&str, &str, u16); 0] = [];

/// A doctor of our organiser.
const DOCTOR: &str = "019a5c00-0000-7000-8000-000000000041";
/// A member of our organiser's staff who works in both crèches.
const MEMBER: &str = "019a5c00-0000-7000-8000-000000000051";
/// The public id of a key of our application that is there to be revoked.
const KNOWN: &str = "333333333333";

/// A well-formed code of no receipt.
const UNKNOWN_RECEIPT: &str = "9999-9999-9999-9999-qq8wrj";

/// What a caller may expect of an operation.
#[derive(Debug, Clone, Copy)]
enum Standing {
    /// No valid key: guarded operations answer 401 with this type.
    Stranger(&'static str),
    /// A valid key of our organiser for all crèches, with these scopes.
    Holder(Scopes),
    /// A valid key of our organiser that only tries.
    Trier,
    /// A valid key for this crèche alone, with every scope.
    Here,
    /// A valid key, not for this crèche.
    NotGranted,
    /// A valid key for no crèche at all.
    Nowhere,
    /// A valid key of another organiser.
    Foreigner,
    /// A logged-in user of our organiser.
    Person(fn() -> Mandate),
    /// An administrator of another organiser who is logged in.
    Neighbour,
    /// An agent of the agency who is logged in and no user of any organiser.
    Agent,
    /// Software of the agency with this scope, or with none.
    Software(Option<AgencyScope>),
    /// Software of the agency that calls from another address than agreed.
    Elsewhere,
}

fn administrator() -> Mandate {
    Mandate { profile: Profile::Administrator, rights: Rights::new() }
}

fn user_manager() -> Mandate {
    Mandate { profile: Profile::UserManager, rights: Rights::new() }
}

fn data_manager() -> Mandate {
    let scopes = [Scope::StatementsWrite(attendance::KIND)].into_iter().collect();
    Mandate { profile: Profile::DataManager, rights: Rights::from([(creche(CRECHE), scopes)]) }
}

/// Whether a user with this mandate may call an operation.
fn may(mandate: &Mandate, access: Access) -> bool {
    match access {
        Access::Open => true,
        Access::KeyOnly | Access::Agent | Access::Agency(_) | Access::AgencyFeed => false,
        Access::KeyOrUser | Access::Credential => mandate.anywhere() != Reach::None,
        Access::Scope(scope) => mandate.reach(scope) != Reach::None,
        Access::Administrator | Access::KeyOrAdministrator => mandate.administers(),
        Access::UserManager => mandate.manages_users(),
    }
}

impl Standing {
    /// Status and problem type, or none where the operation is carried out.
    fn refusal(self, operation: &Operation) -> Option<(u16, &'static str)> {
        let carried_out = match operation.id {
            // Software is told where a person signs.
            "signActivityReport" | "signMedicalStatement" => Some((403, "signatureNeedsPerson")),
            // Nothing is signed, attached, published or paid in the world of this test.
            "getActivityReportReceipt"
            | "getMedicalStatementReceipt"
            | "getSubsidyPayment"
            | "getCommunication"
            | "getCommunicationFile"
            | "getActivityReportAttachment"
            | "deleteActivityReportAttachment"
            | "getAgencyClaim"
            | "getAgencyClaimAttachment"
            | "listAgencyAttendanceLines"
            | "listAgencyConsultationLines"
            | "getAgencySubsidyPayment"
            | "cancelAgencySubsidyPayment"
            | "actOnAgencyClaim"
            | "getVerdict"
            | "getRequest" => Some((404, "resourceNotFound")),
            _ => None,
        };
        self.denied(operation).or(carried_out)
    }

    /// The same for a caller who may not call the operation.
    fn denied(self, operation: &Operation) -> Option<(u16, &'static str)> {
        let at_creche = operation.path.contains("{crecheId}");
        let at_endpoint = operation.path.contains("{webhookEndpointId}");
        let attaches = ["addActivityReportAttachment", "deleteActivityReportAttachment"].contains(&operation.id);
        let acts = at_endpoint && operation.method != Method::GET && operation.query.is_empty() || attaches;
        let at_person = ["{doctorId}", "{staffMemberId}"].iter().any(|name| operation.path.contains(name));
        let whole = operation.path.starts_with("/staffRegister") && !operation.path.ends_with("/template");
        let at_own = ["{userId}", "{applicationId}", "{doctorId}", "{staffMemberId}", "{webhookEndpointId}"]
            .iter()
            .any(|name| operation.path.contains(name));
        match (self, operation.access) {
            (_, Access::Open) | (Self::Agent, Access::Agent | Access::Agency(_) | Access::AgencyFeed) => None,
            (Self::Stranger(kind), _) => Some((401, kind)),
            (Self::Software(scope), Access::Agency(needed)) if scope == Some(needed) => None,
            (Self::Software(Some(scope)), Access::AgencyFeed) if AGENCY_FEED.contains(&scope) => None,
            (Self::Software(_), Access::Agency(_) | Access::AgencyFeed) => Some((403, "missingScope")),
            (Self::Agent | Self::Software(_) | Self::Elsewhere, _)
            | (_, Access::Agent | Access::Agency(_) | Access::AgencyFeed) => Some((403, "missingPermission")),
            (Self::Person(mandate), access) if may(&mandate(), access) => None,
            (Self::Neighbour, access) if may(&administrator(), access) => {
                (at_creche || at_own).then_some((404, "resourceNotFound"))
            }
            // People without the right, and keys where there are people only, whatever their scopes.
            (Self::Person(_) | Self::Neighbour, _) | (_, Access::Administrator | Access::UserManager) => {
                Some((403, "missingPermission"))
            }
            (Self::Holder(scopes), Access::Scope(scope)) if !scopes.contains(scope) => Some((403, "missingScope")),
            (Self::NotGranted | Self::Nowhere, _) if at_creche => Some((403, "missingPermission")),
            (Self::Foreigner, _) if at_creche => Some((404, "resourceNotFound")),
            // The endpoint is for our first crèche.
            (Self::Foreigner | Self::NotGranted | Self::Nowhere, _) if at_endpoint => Some((404, "resourceNotFound")),
            // What cannot be tried is not done.
            (Self::Trier, _) if acts => Some((403, "missingPermission")),
            (Self::Nowhere, _) if operation.id == "createWebhookEndpoint" => Some((400, "badRequest")),
            (Self::Foreigner | Self::Nowhere, _) if at_person => Some((404, "resourceNotFound")),
            // The whole register is for those who reach every crèche.
            (Self::Here | Self::NotGranted | Self::Nowhere, _) if whole => Some((403, "missingPermission")),
            // The agreement is decided on for both crèches of the doctor.
            (Self::Here | Self::NotGranted, _) if operation.id == "putDoctorAgreement" => Some((400, "badRequest")),
            // There is no crèche for which a doctor could be entered.
            (Self::Nowhere, _) if operation.id == "addDoctor" => Some((400, "badRequest")),
            (Self::Nowhere, _) if operation.id == "addStaffMember" => Some((400, "badRequest")),
            _ => None,
        }
    }
}

impl Standing {
    /// A crèche that a doctor may be entered for.
    const fn creche(self) -> &'static str {
        match self {
            Self::Foreigner | Self::Neighbour => FOREIGN,
            Self::NotGranted => SECOND,
            _ => CRECHE,
        }
    }
}

/// A new doctor.
fn doctor(creche: &str) -> Value {
    // Numbers that cannot be taken for a national number: no month is 13 or more.
    static NEXT: AtomicU32 = AtomicU32::new(101_300);
    let six = NEXT.fetch_add(1, Ordering::Relaxed);
    json!({ "inami": format!("{six}{:02}001", 97 - six % 97), "givenName": "Youssef", "familyName": "Exemple",
        "street": "Rue des Tilleuls", "houseNumber": "12", "postcode": "5000", "town": "Namur", "mobile": "+32 470 00 00 02",
        "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example", "function": "paediatrician",
        "startDate": "2026-09-01", "crecheIds": [creche] })
}

/// A new member of staff.
fn member(creche: &str) -> Value {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let reference = format!("T-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    json!({ "reference": reference, "givenName": "Tine", "familyName": "Claes", "birthDate": "1990-01-01",
        "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2026-09-01",
            "functions": [{ "crecheId": creche, "category": "childcare", "fteHundredths": 50 }] }] })
}

/// The contract of [`MEMBER`] with another part of full time in the last crèche that the caller reaches.
fn functions(standing: Standing, turn: u32) -> Value {
    let creches = match standing {
        Standing::NotGranted => &[SECOND][..],
        Standing::Here => &[CRECHE][..],
        _ => &[CRECHE, SECOND][..],
    };
    let last = creches[creches.len() - 1];
    let function = |creche: &&str| {
        let hundredths = if *creche == last { turn % 47 + 51 } else { 50 };
        json!({ "crecheId": creche, "category": "management", "fteHundredths": hundredths })
    };
    let functions: Vec<_> = creches.iter().map(function).collect();
    json!({ "reference": "C-1", "status": "statutory", "startDate": "2019-01-01", "functions": functions })
}

/// The operation's address in the tests' world, where it names a user this one.
fn address(operation: &Operation, user: &str) -> String {
    let [endpoint, delivery] = ENDPOINT;
    let schema = if operation.id == "getEventSchema" { "event.schema.json" } else { "closures.schema.json" };
    let list = if operation.path.contains("{code}") { "closureReasons" } else { "rules" };
    [
        ("{organiserId}", ORGANISER),
        ("{crecheId}", CRECHE),
        ("{month}", "2026-07"),
        ("{revision}", "1"),
        ("{period}", "2026-07"),
        ("{quarter}", "2026Q3"),
        ("{listName}", list),
        ("{code}", if operation.id == "checkReceipt" { UNKNOWN_RECEIPT } else { "strike" }),
        ("{schemaName}", schema),
        ("{webhookEndpointId}", endpoint),
        ("{deliveryId}", delivery),
        ("{kind}", "staff"),
        ("{userId}", user),
        ("{doctorId}", DOCTOR),
        ("{staffMemberId}", MEMBER),
        ("{attachmentId}", "019a5c00-0000-7000-8000-0000000000f1"),
        ("{subsidyPaymentId}", "019a5c00-0000-7000-8000-0000000000c1"),
        ("{requestId}", "019a5c00-0000-7000-8000-0000000000d2"),
        ("{verdictId}", "019a5c00-0000-7000-8000-0000000000d1"),
        ("{communicationId}", "019a5c00-0000-7000-8000-0000000000c2"),
        ("{applicationId}", "019a5c00-0000-7000-8000-000000000021"),
        ("{keyId}", KNOWN),
    ]
    .into_iter()
    .fold(operation.path.to_owned(), |path, (name, value)| path.replace(name, value))
}

/// A call that the operation would carry out; each write sends something new.
fn call<'a>(who: &Persona<'a>, standing: Standing, operation: &Operation, turn: u32, user: &str) -> Call<'a> {
    let call = who.call(operation.method.clone(), address(operation, user)).if_match("*");
    if operation.consumes.is_empty() {
        return call;
    }
    if operation.id == "putDoctorAgreement" {
        return call.body("application/pdf", pdf(&turn.to_string()));
    }
    if operation.id == "addActivityReportAttachment" {
        let named = call.header("content-disposition", "attachment; filename=\"bail.pdf\"");
        return named.body("application/pdf", pdf(&turn.to_string()));
    }
    if operation.id == "putActivityReportSalaries" {
        let amount = format!("{}", 2_000 + turn);
        let row = ("E-2", "", "oui", [amount.as_str(), "", ""]);
        return call.body(XLSX, salaries("2026Q3", &SALARY_HEADERS, &[row]));
    }
    let document = match operation.id {
        "putClosures" => {
            let day = format!("2027-{:02}-{:02}", turn / 28 % 12 + 1, turn % 28 + 1);
            json!({ "items": [{ "startDate": day, "endDate": day, "reason": "other" }] })
        }
        "putAttendanceStatement" => Value::from(Sheet::of("2026-07").child(turn, "1:P")),
        "putMedicalStatement" => {
            json!({ "lines": [{ "date": format!("2026-07-{:02}", turn % 28 + 1), "arrival": "09:00",
            "departure": "10:00", "inami": "19006951001", "feeCents": turn }] })
        }
        "putActivityReport" => {
            json!({ "openingHours": { "from": "07:00", "until": format!("{:02}:{:02}", 8 + turn / 60 % 15, turn % 60) } })
        }
        "addDoctor" => doctor(standing.creche()),
        "actOnAgencyClaim" => json!({ "act": "message", "text": format!("Essai {turn}") }),
        "recordAgencySubsidyPayments" => json!({ "payments": [{ "oneNumber": "63/25118/01", "quarter": "2026Q2",
            "type": "adjustment", "paidOn": "2026-10-01", "amountCents": -100, "reference": format!("ONE-{turn}") }] }),
        "cancelAgencySubsidyPayment" => json!({ "reason": format!("Essai {turn}") }),
        "putDoctorValidation" => json!({ "decision": "validated" }),
        "changeDoctor" => json!({ "town": format!("Namur {turn}") }),
        "addStaffMember" => member(standing.creche()),
        "queryStaffMember" => json!({ "ssin": "85031495444" }),
        "changeStaffMember" => json!({ "contracts": [functions(standing, turn)] }),
        "putStaffRegister" => json!({ "members": [member(standing.creche())] }),
        "validateStaff" => json!({ "year": 2026 }),
        "addUser" => people::user_manager(20_000 + turn),
        "changeUser" => json!({ "email": format!("e{turn}@petits-pas.example") }),
        "createApplication" => json!({ "name": format!("Agenda {turn}"), "vendor": "V", "scopes": ["events:read"] }),
        "patchApplication" => json!({ "purpose": format!("Essai {turn}") }),
        "createApiKey" => json!({ "kind": "test" }),
        "createWebhookEndpoint" => json!({ "url": NOBODY, "creches": [standing.creche()] }),
        "patchWebhookEndpoint" => json!({ "description": format!("Essai {turn}") }),
        "testWebhookEndpoint" => json!({ "type": "key.issued" }),
        "replayDeliveries" => json!({ "from": "2026-10-12T00:00:00Z" }),
        "verifyWebhookEndpoint" | "rotateWebhookSecret" => json!({}),
        other => panic!("say what {other} is sent"),
    };
    call.body(JSON, document.to_string())
}

/// Rises with everything that is written, but for the use of keys and the verdicts on what was refused.
async fn written(database: &Database) -> i64 {
    let tables = ["organiser", "creche", "capacity", "closure", "application", "api_key", "statement", "revision"];
    let tables = tables.iter().chain(&[
        "webhook_endpoint",
        "webhook_secret",
        "delivery",
        "attempt",
        "event",
        "audit_entry",
        "app_user",
        "app_user_right",
        "staff_member",
        "staff_probe",
        "report_attachment",
        "stored_file_chunk",
        "subsidy_payment",
    ]);
    let counts: Vec<_> = tables.map(|table| format!("(select count(*) from {table})")).collect();
    let sums = "cast((select sum(closures_version) from creche) as bigint) \
                + cast((select sum(last_event) from organiser) as bigint)";
    database.number(format!("select {} + {sums}", counts.join(" + "))).await
}

/// All kinds of callers in a sandbox.
async fn sandbox(app: &TestApp) -> Vec<(&'static str, Persona<'_>, Standing)> {
    let unknown = KeyText::new(KeyKind::Test, KeyId::from_random([7; 12]), [7; 32]);
    let mut forged = app.vendor_key().to_owned();
    let tenth = if forged.as_bytes()[20] == b'A' { "B" } else { "A" };
    forged.replace_range(20..21, tenth);
    vec![
        ("anonymous", app.anonymous(), Standing::Stranger("noAccessToken")),
        ("malformed", app.bearer("crk_test_nonsense"), Standing::Stranger("invalidAccessToken")),
        ("mistyped", app.bearer(&forged), Standing::Stranger("invalidAccessToken")),
        ("unknown", app.bearer(unknown.expose()), Standing::Stranger("invalidAccessToken")),
        ("expired", app.expired().await, Standing::Stranger("expiredAccessToken")),
        ("revoked", app.revoked().await, Standing::Stranger("invalidAccessToken")),
        ("suspended", app.suspended().await, Standing::Stranger("invalidAccessToken")),
        ("live on a sandbox", app.live().await, Standing::Stranger("wrongKeyKind")),
        ("other organiser", app.other_organiser(), Standing::Foreigner),
        ("other crèche", app.limited_to(&[SECOND]).await, Standing::NotGranted),
        ("no crèche", app.limited_to(&[]).await, Standing::Nowhere),
        ("without scopes", app.with_scopes([]).await, Standing::Holder(Scopes::default())),
        ("this crèche", app.limited_to(&[CRECHE]).await, Standing::Here),
        ("vendor", app.vendor(), Standing::Holder(Scopes::all())),
        ("administrator", app.person(ADMINISTRATOR).await, Standing::Person(administrator)),
        ("user manager", app.person(USER_MANAGER).await, Standing::Person(user_manager)),
        ("data manager", app.person(DATA_MANAGER).await, Standing::Person(data_manager)),
        ("neighbour", app.person_at(OF_BOTH, OTHER).await, Standing::Neighbour),
        ("agent", app.agent().await, Standing::Agent),
        ("unknown key of the agency", app.bearer(&unknown_agency_key()), Standing::Stranger("invalidAccessToken")),
        ("revoked key of the agency", revoked_agency_key(app).await, Standing::Stranger("invalidAccessToken")),
        ("expired key of the agency", expired_agency_key(app).await, Standing::Stranger("expiredAccessToken")),
        ("key of the agency in production", app.bearer(&production_agency_key()), Standing::Stranger("wrongKeyKind")),
        ("key of the agency elsewhere", agency_key(app, "Ailleurs", None, "192.0.2.0/24").await, Standing::Elsewhere),
        ("reader of claims", agency_key(app, "Lecture", READS, HERE).await, Standing::Software(READS)),
        ("writer of answers", agency_key(app, "Réponse", ANSWERS, HERE).await, Standing::Software(ANSWERS)),
        ("reader of payments", agency_key(app, "Relevé", SEES_PAID, HERE).await, Standing::Software(SEES_PAID)),
        ("writer of payments", agency_key(app, "Paiement", PAYS, HERE).await, Standing::Software(PAYS)),
    ]
}

const READS: Option<AgencyScope> = Some(AgencyScope::ClaimsRead);
const ANSWERS: Option<AgencyScope> = Some(AgencyScope::ClaimsAnswer);
const SEES_PAID: Option<AgencyScope> = Some(AgencyScope::PaymentsRead);
const PAYS: Option<AgencyScope> = Some(AgencyScope::PaymentsWrite);

/// Software of the agency with one scope, or with all.
async fn agency_key<'a>(app: &'a TestApp, name: &str, scope: Option<AgencyScope>, from: &str) -> Persona<'a> {
    let scopes = scope.map_or_else(every_scope, |scope| [scope].into_iter().collect());
    app.bearer(&issue(app, name, scopes, from).await)
}

fn agency_key_text(kind: AgencyKeyKind) -> String {
    AgencyKeyText::new(kind, KeyId::from_random([7; 12]), [7; 32]).expose().to_owned()
}

fn unknown_agency_key() -> String {
    agency_key_text(AgencyKeyKind::Sandbox)
}

fn production_agency_key() -> String {
    agency_key_text(AgencyKeyKind::Production)
}

async fn revoked_agency_key(app: &TestApp) -> Persona<'_> {
    let text = issue(app, "Révoquée", every_scope(), HERE).await;
    let (actor, id) = (Actor::operator("tests"), AgencyKeyText::parse(&text).unwrap().id());
    assert!(agency_keys::revoke(app.app.acting_as(&actor), id).await.unwrap().1);
    app.bearer(&text)
}

/// A key whose end is past, stored as the gateway stores it.
async fn expired_agency_key(app: &TestApp) -> Persona<'_> {
    let text = AgencyKeyText::new(AgencyKeyKind::Sandbox, KeyId::from_random([8; 12]), [8; 32]);
    let at = app.app.clocks.machine().now();
    let key = AgencyKeyRecord {
        id: text.id(),
        name: "Expirée".to_owned(),
        kind: text.kind(),
        secret_hash: passerelle::seal::digest(text.expose()).to_vec(),
        scopes: every_scope(),
        networks: vec![HERE.to_owned()],
        created_at: at,
        expires_at: at,
        revoked_at: None,
        last_used_at: None,
    };
    let mut tx = app.app.db.write().await.unwrap();
    assert!(store::agency_keys::insert(&mut tx, &key).await.unwrap());
    let entry = AuditEntry::new(&Actor::system("tests"), "tests.prepared", at);
    let index = app.app.vault.index_key();
    store::records::record_entry(&mut tx, index, AuditChain::Operator, entry).await.unwrap();
    tx.commit().await.unwrap();
    app.bearer(text.expose())
}

/// Every scope but one, and only that one.
async fn scoped(app: &TestApp) -> Vec<(&'static str, Persona<'_>, Standing)> {
    let scopes = api::routes().into_iter().filter_map(|route| match route.operation.access {
        Access::Scope(scope) => Some(scope.code()),
        _ => None,
    });
    let mut callers = Vec::new();
    for code in scopes.collect::<BTreeSet<_>>() {
        let scope: Scope = code.parse().unwrap();
        let only: Scopes = [scope].into_iter().collect();
        let rest: Scopes = Scopes::all().iter().filter(|other| *other != scope).collect();
        callers.push(("only one scope", app.with_scopes(only.iter()).await, Standing::Holder(only)));
        callers.push(("all scopes but one", app.with_scopes(rest.iter()).await, Standing::Holder(rest)));
    }
    callers
}

/// The answer is the one that the standing makes due.
fn judge(who: &str, standing: Standing, operation: &Operation, reply: &Reply) {
    let due = standing.refusal(operation);
    let exception = EXCEPTIONS.iter().find(|(name, id, _)| *name == who && *id == operation.id);
    if let Some((.., status)) = exception {
        assert_eq!(reply.status, *status, "{who}: {}", operation.id);
        assert_ne!(due.map_or(200, |(status, _)| status), *status, "{who}: {} is no exception any more", operation.id);
        return;
    }
    let told = (reply.status >= 400).then(|| (reply.status, reply.kind()));
    assert_eq!(told, due, "{who} ({standing:?}): {} {}", operation.id, reply.json);
}

/// The endpoint that is tried on, and a delivery to it.
const ENDPOINT: [&str; 2] = ["019a5c00-0000-7000-8000-000000000061", "019a5c00-0000-7000-8000-0000000000e1"];
/// An address of this machine where nothing listens.
const NOBODY: &str = "http://127.0.0.1:9/hook";

/// Our application's endpoint for our first crèche, as new, with something on its way to it.
async fn endpoint(app: &TestApp, database: &Database) {
    let [id, event] = ENDPOINT;
    let id = id.parse().unwrap();
    let endpoint = receiver::endpoint_with(app, id, NOBODY).await;
    let mut tx = app.app.db.write().await.unwrap();
    store::webhooks::delete(&mut tx, organiser(), id).await.unwrap();
    store::webhooks::insert(&mut tx, organiser(), &endpoint).await.unwrap();
    let sample = Event::sample(event.parse().unwrap(), EventType::KeyIssued, app.app.clocks.machine().now());
    store::webhooks::insert_test(&mut tx, organiser(), id, &sample).await.unwrap();
    app.commit(tx).await;
    // Like something that happened: a test is never sent again.
    let number = format!("update delivery set number = 1 where endpoint_id = '{id}'");
    assert_eq!(database.tamper(number).await, 1);
}

/// A new user for an operation to act on.
async fn victim(app: &TestApp, database: &Database) -> String {
    let number = database.number("select count(*) from audit_entry").await;
    app.add_user(u32::try_from(number).unwrap(), Profile::DataManager).await.id.to_string()
}

/// There is a July of each kind.
async fn deposited(app: &TestApp) {
    let path = |kind: &str| format!("/creches/{CRECHE}/{kind}Statements/2026-07");
    app.vendor().put(path("attendance"), Sheet::of("2026-07")).await.expect(201);
    app.vendor().put(path("medical"), json!({ "lines": [] })).await.expect(201);
    app.vendor().put(format!("/creches/{CRECHE}/activityReports/2026Q3"), json!({})).await.expect(201);
}

async fn try_everything(
    app: &TestApp,
    database: &Database,
    callers: &[(&'static str, Persona<'_>, Standing)],
    writes: bool,
) {
    let mut turn = 1;
    for (who, persona, standing) in callers {
        for operation in api::routes().iter().map(|route| &route.operation) {
            turn += 1;
            let user = if operation.path.contains("{userId}") { victim(app, database).await } else { String::new() };
            if operation.path.contains("{webhookEndpointId}") {
                endpoint(app, database).await;
            }
            let before = written(database).await;
            let reply = call(persona, *standing, operation, turn, &user).await;
            judge(who, *standing, operation, &reply);
            let tells = operation.query.contains(&"dryRun") && !operation.consumes.is_empty();
            if reply.status >= 400 {
                assert_eq!(written(database).await, before, "{who}: refused {} wrote something", operation.id);
            } else if tells {
                assert_eq!(reply["written"], writes, "{who}: {}", operation.id);
            }
            if operation.method == Method::GET {
                let head = persona.call(Method::HEAD, address(operation, &user)).await;
                assert_eq!(head.status, reply.status, "{who}: HEAD {}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn every_operation_admits_callers_as_its_table_entry_says() {
    each_engine(async |database| {
        let app = TestApp::start(database).await;
        deposited(&app).await;
        let known = KeyText::new(KeyKind::Test, KeyId::from_random([3; 12]), [3; 32]);
        let actor = Actor::operator("tests");
        assert!(issue_with(app.app.acting_as(&actor), &app.ours(KeyKind::Test), &known).await.unwrap());
        try_everything(&app, database, &sandbox(&app).await, true).await;
        try_everything(&app, database, &scoped(&app).await, true).await;
    })
    .await;
}

#[tokio::test]
async fn in_production_live_keys_write_trial_keys_try_and_test_keys_are_nothing() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        deposited(&app).await;
        let everything = Standing::Holder(Scopes::all());
        let strangers = [
            ("anonymous", app.anonymous(), Standing::Stranger("noAccessToken")),
            ("test in production", app.of_kind(KeyKind::Test).await, Standing::Stranger("wrongKeyKind")),
        ];
        try_everything(&app, database, &strangers, true).await;
        try_everything(&app, database, &[("live", app.live().await, everything)], true).await;
        // A trial key's deposits leave verdicts, its reads audit entries; data and events stay as they are.
        let data = "select (select count(*) from revision) + (select count(*) from event) \
                    + cast((select sum(closures_version) from creche) as bigint)";
        let before = database.number(data).await;
        try_everything(&app, database, &[("trial", app.trial().await, Standing::Trier)], false).await;
        assert_eq!(database.number(data).await, before);
    })
    .await;
}

#[tokio::test]
async fn unsupported_methods_need_a_key_and_are_then_refused() {
    each_app(async |app| {
        let routes = api::routes();
        for operation in routes.iter().map(|route| &route.operation) {
            let path = address(operation, "019a5c00-0000-7000-8000-000000000034");
            let open = operation.access == Access::Open;
            let here = routes.iter().filter(|route| route.operation.path == operation.path);
            let here = here.map(|route| route.operation.method.as_str());
            let head = |method| if method == "GET" { vec!["GET", "HEAD"] } else { vec![method] };
            let here: BTreeSet<_> = here.flat_map(head).collect();
            let absent =
                [Method::PATCH, Method::PUT].into_iter().find(|method| !here.contains(method.as_str())).unwrap();
            let refused = app.vendor().call(absent.clone(), &path).await.refused(405, "methodNotAllowed");
            let told: BTreeSet<_> = refused.header("allow").split(',').map(str::trim).collect();
            assert_eq!(told, here, "{path}");
            let stranger = app.anonymous().call(absent, &path).await;
            assert_eq!(stranger.status, if open { 405 } else { 401 }, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_without_a_credential_is_not_validated() {
    each_app(async |app| {
        for media in [Media::Json, Media::Xlsx] {
            let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07?dryRun=perhaps&colour=red");
            let call = app.anonymous().call(Method::PUT, path).body(media.mime(), "{").accept(XLSX);
            call.await.refused(401, "noAccessToken");
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_revoked_or_ends_stops_at_once() {
    each_app(async |app| {
        let revoked = app.revoked().await;
        revoked.get("/caller").await.refused(401, "invalidAccessToken");
        let mut new = app.ours(KeyKind::Test);
        new.expires_at = Some("2026-10-12T12:00:00+02:00".parse().unwrap());
        let key = app.issue(new).await;
        let caller = app.bearer(&key).get("/caller").await.expect(200);
        assert_eq!(caller["key"]["expiresAt"], "2026-10-12T10:00:00Z");
        app.travel("2026-10-12T11:59:59.999+02:00");
        app.bearer(&key).get("/caller").await.expect(200);
        app.travel("2026-10-12T12:00:00+02:00");
        let ended = app.bearer(&key).get("/caller").await.refused(401, "expiredAccessToken");
        assert_eq!(ended["expiredAt"], "2026-10-12T10:00:00Z");
    })
    .await;
}
