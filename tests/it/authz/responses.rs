//! What responses contain: every operation × every kind of caller, with a distinct mark in each thing. No response contains
//! the mark of a thing that the caller may not read: of a crèche out of reach, or of a kind without the right.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use passerelle::api;
use passerelle::domain::key::{Scope, Scopes};
use passerelle::domain::kinds::attendance;
use passerelle::domain::kinds::medical;
use passerelle::domain::user::{Mandate, Profile, Rights};
use passerelle::http::extract::Media;
use passerelle::http::operation_table::{Access, Operation};
use serde_json::{Value, json};

use super::{DOCTOR, MEMBER, Standing, call, sandbox, scoped};
use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, TestApp, UNSUBSIDISED, creche};
use crate::harness::call::{Call, JSON, Persona, Reply};
use crate::harness::database::each_engine;
use crate::harness::file::pdf;
use crate::harness::people;

/// What a mark is the mark of.
#[derive(Debug, Clone, Copy)]
enum Thing {
    /// Something of a kind, for those who may read or write the kind.
    Content(Scope, Scope),
    /// A figure made of a kind, for the same and for those who may see figures.
    Figure(Scope, Scope),
    /// The id of something of a kind, for the same and for those who may follow events.
    Id(Scope, Scope),
    /// A crèche itself.
    Creche,
    /// The id of an application or a key.
    OrganiserWide,
    /// Who a user is.
    User,
    /// Something of the other organiser.
    Foreign,
}

/// The rights to read ids: in the feed, and in webhooks and their log.
const FOLLOWS: [Scope; 2] = [Scope::EventsRead, Scope::WebhooksManage];

const ATTENDANCE: [Scope; 2] = [Scope::StatementsRead(attendance::KIND), Scope::StatementsWrite(attendance::KIND)];
const MEDICAL: [Scope; 2] = [Scope::StatementsRead(medical::KIND), Scope::StatementsWrite(medical::KIND)];
const STAFF: [Scope; 2] = [Scope::StaffRead, Scope::StaffWrite];
const DOCUMENTS: [Scope; 2] = [Scope::StaffDocumentsRead, Scope::StaffDocumentsWrite];

impl Thing {
    const fn content([read, write]: [Scope; 2]) -> Self {
        Self::Content(read, write)
    }

    const fn figure([read, write]: [Scope; 2]) -> Self {
        Self::Figure(read, write)
    }

    const fn id([read, write]: [Scope; 2]) -> Self {
        Self::Id(read, write)
    }
}

/// A text that identifies one thing.
struct Mark {
    text: String,
    thing: Thing,
    /// Where it is: in any of these.
    creches: Vec<&'static str>,
}

fn mark(text: impl Into<String>, thing: Thing, creches: &[&'static str]) -> Mark {
    Mark { text: text.into(), thing, creches: creches.to_vec() }
}

/// What a caller is beyond the rights in crèches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Role {
    /// A user limited to crèches, or no user.
    #[default]
    Limited,
    /// Software without a limit.
    Unlimited,
    Administrator,
    UserManager,
    /// A user of the other organiser.
    Foreigner,
    Agent,
}

/// What a caller may see.
#[derive(Debug, Default)]
struct Sight {
    /// What the caller may do in which crèche.
    at: BTreeMap<&'static str, Scopes>,
    role: Role,
}

const ALL: [&str; 3] = [CRECHE, SECOND, UNSUBSIDISED];

impl From<Standing> for Sight {
    fn from(standing: Standing) -> Self {
        let at = |creches: &[&'static str], scopes: Scopes| creches.iter().map(|one| (*one, scopes)).collect();
        match standing {
            Standing::Stranger(_) | Standing::Nowhere | Standing::Software(_) | Standing::Elsewhere => Self::default(),
            Standing::Holder(scopes) => Self { at: at(&ALL, scopes), role: Role::Unlimited },
            Standing::Trier => Self { at: at(&ALL, Scopes::all()), role: Role::Unlimited },
            Standing::Here => Self { at: at(&[CRECHE], Scopes::all()), role: Role::Limited },
            Standing::NotGranted => Self { at: at(&[SECOND], Scopes::all()), role: Role::Limited },
            Standing::Foreigner | Standing::Neighbour => Self { role: Role::Foreigner, ..Self::default() },
            Standing::Agent => Self { role: Role::Agent, ..Self::default() },
            Standing::Person(mandate) => Self::of_person(&mandate()),
        }
    }
}

impl Sight {
    fn of_person(mandate: &Mandate) -> Self {
        let scopes = |one: &str| -> Scopes {
            Scope::ALL.iter().copied().filter(|scope| mandate.may(*scope, creche(one))).collect()
        };
        let at = ALL.into_iter().map(|one| (one, scopes(one)));
        let role = match mandate.profile {
            Profile::Administrator => Role::Administrator,
            Profile::UserManager => Role::UserManager,
            Profile::DataManager => Role::Limited,
        };
        Self { at: at.filter(|(_, scopes)| *scopes != Scopes::default()).collect(), role }
    }

    fn holds(&self, mark: &Mark, any: &[Scope]) -> bool {
        let here = mark.creches.iter().filter_map(|creche| self.at.get(creche));
        here.copied().any(|scopes| any.iter().any(|scope| scopes.contains(*scope)))
    }

    fn sees(&self, mark: &Mark) -> bool {
        let manages_users = matches!(self.role, Role::Administrator | Role::UserManager);
        // An agent decides on the doctors of every organiser.
        let agent = self.role == Role::Agent;
        match mark.thing {
            Thing::Content(read, write) => {
                self.holds(mark, &[read, write]) || (agent && read == Scope::StatementsRead(medical::KIND))
            }
            Thing::Figure(read, write) => self.holds(mark, &[read, write, Scope::SummariesRead]),
            Thing::Id(read, write) => {
                self.holds(mark, &[&[read, write], &FOLLOWS[..]].concat())
                    || (agent && read == Scope::StatementsRead(medical::KIND))
            }
            // Users who grant rights may list the crèches that they grant them for.
            Thing::Creche => manages_users || agent || mark.creches.iter().any(|creche| self.at.contains_key(creche)),
            Thing::OrganiserWide => match self.role {
                Role::Administrator => true,
                Role::Unlimited => self.at.values().any(|scopes| FOLLOWS.iter().any(|scope| scopes.contains(*scope))),
                _ => false,
            },
            Thing::User => manages_users,
            Thing::Foreign => self.role == Role::Foreigner,
        }
    }
}

/// A doctor of these crèches.
fn doctor(six: u32, family_name: &str, creches: &[&str]) -> Value {
    let mut new = super::doctor(creches[0]);
    new["inami"] = format!("{six}{:02}001", 97 - six % 97).into();
    new["familyName"] = family_name.into();
    new["crecheIds"] = json!(creches);
    new["startDate"] = "2024-01-01".into();
    new
}

fn consultation(day: u32, inami: &Value, cents: u32) -> Value {
    json!({ "date": format!("2026-07-{day:02}"), "arrival": "09:00", "departure": "10:00", "inami": inami, "feeCents": cents })
}

/// A child with these names and one present day.
fn child(reference: &str, family_name: &str) -> Value {
    json!({ "reference": reference, "givenName": "Lou", "familyName": family_name, "birthDate": "2025-02-03",
        "days": [{ "date": "2026-07-01", "status": "present", "duration": "full" }] })
}

/// The world with a thing of each kind in each crèche, and the marks.
struct World {
    marks: Vec<Mark>,
    /// What an address may name in our first crèche, and the same in the second.
    twins: Vec<(&'static str, String)>,
}

fn id(reply: &Reply) -> String {
    reply["id"].as_str().unwrap().to_owned()
}

/// A doctor of each crèche with an agreement: the id and the number.
async fn doctors(app: &TestApp, marks: &mut Vec<Mark>) -> Vec<(String, Value)> {
    let vendor = app.vendor();
    let mut doctors = Vec::new();
    for (six, name, at) in [(100_801, "Marquisard", CRECHE), (100_802, "Marquisbois", SECOND)] {
        let new = doctor(six, name, &[at]);
        let one = id(&vendor.post("/doctors", new.clone()).await.expect(201));
        let put = vendor.call(Method::PUT, format!("/doctors/{one}/agreement")).if_match("*");
        put.body("application/pdf", pdf("Convention")).await.expect(200);
        marks.push(mark(name, Thing::content(MEDICAL), &[at]));
        marks.push(mark(new["inami"].as_str().unwrap(), Thing::content(MEDICAL), &[at]));
        marks.push(mark(&one, Thing::id(MEDICAL), &[at]));
        doctors.push((one, new["inami"].clone()));
    }
    marks.push(mark("Claire", Thing::content(MEDICAL), &[CRECHE, SECOND]));
    doctors
}

/// A person of each crèche, and one of both with a function in the second: the ids of the former.
async fn staff(app: &TestApp, marks: &mut Vec<Mark>) -> Vec<String> {
    let vendor = app.vendor();
    let mut members = Vec::new();
    for (reference, name, hundredths, at) in [("M-1", "Personnelard", 31, CRECHE), ("M-2", "Personnelbois", 37, SECOND)]
    {
        let mut new = super::member(at);
        (new["reference"], new["familyName"]) = (reference.into(), name.into());
        new["contracts"][0]["functions"][0]["fteHundredths"] = hundredths.into();
        new["trainings"] = json!([{ "kind": "diploma", "title": format!("Titre-{name}"), "date": "2011-06-30" }]);
        let one = id(&vendor.post("/staffMembers", new).await.expect(201));
        marks.push(mark(format!("Titre-{name}"), Thing::content(DOCUMENTS), &[at]));
        marks.push(mark(format!("\"{name}\""), Thing::content(STAFF), &[at]));
        marks.push(mark(format!("\"fteHundredths\":{hundredths}"), Thing::content(STAFF), &[at]));
        marks.push(mark(&one, Thing::id(STAFF), &[at]));
        members.push(one);
    }
    let contracts = json!([{ "reference": "C-1", "status": "statutory", "startDate": "2019-01-01", "functions": [
        { "crecheId": CRECHE, "category": "management", "fteHundredths": 50 },
        { "crecheId": SECOND, "category": "administration", "fteHundredths": 43 }] }]);
    let change = vendor.call(Method::PATCH, format!("/staffMembers/{MEMBER}")).if_match("*");
    change.body(JSON, json!({ "contracts": contracts }).to_string()).await.expect(200);
    marks.push(mark("\"fteHundredths\":43", Thing::content(STAFF), &[SECOND]));
    marks.push(mark("Nadia", Thing::content(STAFF), &[CRECHE, SECOND]));
    members
}

/// A statement of each kind in each crèche.
async fn statements(app: &TestApp, doctors: &[(String, Value)], marks: &mut Vec<Mark>) {
    let vendor = app.vendor();
    for (at, name, cents, (_, inami)) in
        [(CRECHE, "Enfantard", 1_234_500, &doctors[0]), (SECOND, "Enfantbois", 7_654_300, &doctors[1])]
    {
        let path = |kind: &str| format!("/creches/{at}/{kind}Statements/2026-07");
        vendor.put(path("attendance"), json!({ "lines": [child(&format!("REF-{name}"), name)] })).await.expect(201);
        let lines = json!([consultation(2, inami, cents), consultation(3, inami, 1)]);
        vendor.put(path("medical"), json!({ "lines": lines })).await.expect(201);
        marks.push(mark(format!("\"{name}\""), Thing::content(ATTENDANCE), &[at]));
        marks.push(mark(format!("REF-{name}"), Thing::content(ATTENDANCE), &[at]));
        marks.push(mark(format!("\"feeCents\":{cents}"), Thing::content(MEDICAL), &[at]));
        marks.push(mark(format!("\"feeCents\":{}", cents + 1), Thing::figure(MEDICAL), &[at]));
    }
}

async fn create_world(app: &TestApp) -> World {
    let mut marks = Vec::new();
    let doctors = doctors(app, &mut marks).await;
    let members = staff(app, &mut marks).await;
    statements(app, &doctors, &mut marks).await;
    marks.push(mark(SECOND, Thing::Creche, &[SECOND]));
    marks.push(mark("Le Jardin des Lutins", Thing::Creche, &[SECOND]));
    marks.push(mark("La Farandole", Thing::Creche, &[UNSUBSIDISED]));
    let administrator = app.person(ADMINISTRATOR).await;
    let agenda = json!({ "name": "Agendard", "vendor": "V", "scopes": ["events:read"] });
    marks.push(mark(id(&administrator.post("/applications", agenda).await.expect(201)), Thing::OrganiserWide, &[]));
    marks.push(mark("Agendard", Thing::OrganiserWide, &[]));
    marks.push(mark("karim.benali@petits-pas.example", Thing::User, &[]));
    marks.push(mark("val-bruyere", Thing::Foreign, &[]));
    marks.push(mark("Val-Bruyère", Thing::Foreign, &[]));
    marks.push(mark(crate::harness::app::FOREIGN, Thing::Foreign, &[]));
    let twins = vec![(CRECHE, SECOND.to_owned()), (DOCTOR, doctors[1].0.clone()), (MEMBER, members[1].clone())];
    World { marks, twins }
}

/// The calls that an operation is tried by: reads as they are, writes only tried; each in our first crèche and in the second.
fn calls<'a>(who: &Persona<'a>, standing: Standing, operation: &Operation, world: &World) -> Vec<(String, Call<'a>)> {
    let tries = operation.query.contains(&"dryRun");
    let reads = operation.method == Method::GET || operation.id == "queryStaffMember";
    if operation.access == Access::Open || !(tries || reads) || operation.produces == [Media::Xlsx] {
        return Vec::new();
    }
    let user = "019a5c00-0000-7000-8000-000000000034";
    let one = |twin: bool| {
        let mut call = call(who, standing, operation, 7, user);
        let rename =
            |path: &str| world.twins.iter().fold(path.to_owned(), |path, (one, other)| path.replace(one, other));
        if twin {
            call = call.at(rename);
        }
        if tries {
            call = call.at(|path| format!("{path}?dryRun=true"));
        }
        (call.path().to_owned(), call)
    };
    vec![one(false), one(true)]
}

/// A user who manages the medical data of the first crèche and the staff of the second.
fn manager_of_two() -> Mandate {
    let scopes = |scope: Scope| [scope].into_iter().collect::<Scopes>();
    let rights =
        [(creche(CRECHE), scopes(Scope::StatementsWrite(medical::KIND))), (creche(SECOND), scopes(Scope::StaffRead))];
    Mandate { profile: Profile::DataManager, rights: Rights::from(rights) }
}

async fn callers(app: &TestApp) -> Vec<(&'static str, Persona<'_>, Standing)> {
    let administrator = app.person(ADMINISTRATOR).await;
    let mut new = people::new_user(81);
    new["rights"] =
        json!([{ "crecheId": CRECHE, "scopes": ["medical:write"] }, { "crecheId": SECOND, "scopes": ["staff:read"] }]);
    administrator.post("/users", new).await.expect(201);
    let mut callers = sandbox(app).await;
    callers.extend(scoped(app).await);
    callers.push(("data manager of two", app.person(&people::ssin(81)).await, Standing::Person(manager_of_two)));
    callers
}

#[tokio::test]
async fn no_response_contains_what_the_caller_may_not_read() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await;
        super::endpoint(app, database).await;
        let world = create_world(app).await;
        app.app.requests.flush(&app.app.db, &app.app.vault).await.unwrap();
        let mut seen = BTreeSet::new();
        for (who, persona, standing) in &callers(app).await {
            let sight = Sight::from(*standing);
            for operation in api::routes().iter().map(|route| &route.operation) {
                for (path, call) in calls(persona, *standing, operation, &world) {
                    let reply = call.await;
                    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
                    let is_leaked = |mark: &&Mark| text.contains(&mark.text) && !path.contains(&mark.text);
                    for mark in world.marks.iter().filter(is_leaked) {
                        assert!(sight.sees(mark), "{who} ({standing:?}) gets {} of {}: {text}", mark.text, reply.call);
                        seen.insert(mark.text.as_str());
                    }
                }
            }
        }
        let all: BTreeSet<_> = world.marks.iter().map(|mark| mark.text.as_str()).collect();
        let unseen: Vec<_> = all.difference(&seen).collect();
        assert!(unseen.is_empty(), "nobody gets {unseen:?}: the test is blind there");
    })
    .await;
}
