//! Random rights and random changes: whatever a key that is limited to some crèches sends, nothing of the others changes.

use axum::http::Method;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, SECOND, UNSUBSIDISED, each_app};
use crate::harness::call::{Call, JSON, Persona};
use crate::harness::file::pdf;

const CRECHES: [&str; 3] = [CRECHE, SECOND, UNSUBSIDISED];
/// Numbers of persons and doctors of the seeded data, and unused ones.
const NUMBERS: [&str; 4] = ["79091195153", "91062295151", "85031495345", "79091195351"];
const INAMIS: [&str; 3] = ["19006951001", "10080179001", "10080278001"];
/// How many keys are tried, and how many writes each makes.
const KEYS: usize = 10;
const WRITES: usize = 12;

/// Choices made of one random number.
struct Choices(u64);

impl Choices {
    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all[usize::try_from(self.0 >> 33).unwrap() % all.len()]
    }

    fn some<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        all.iter().copied().filter(|_| self.of(&[true, false])).collect()
    }

    fn functions(&mut self) -> Value {
        let function = |at: &str, hundredths: u32| json!({ "crecheId": at, "category": "management", "fteHundredths": hundredths });
        let creches = self.some(&CRECHES);
        creches.iter().map(|at| function(at, self.of(&[10, 50]))).collect()
    }

    fn contracts(&mut self) -> Value {
        let references = self.some(&["C-1", "C-2", "C-1-2"]);
        let contract = |reference: &str, choices: &mut Self| {
            let mut contract = json!({ "reference": reference, "status": choices.of(&["statutory", "contractual"]),
                "startDate": choices.of(&["2019-01-01", "2022-01-10"]), "functions": choices.functions() });
            if choices.of(&[true, false, false]) {
                contract["endDate"] = "2026-12-31".into();
            }
            contract
        };
        references.iter().map(|reference| contract(reference, self)).collect()
    }

    /// What is to change of a person.
    fn member(&mut self) -> Value {
        match self.of(&[0, 0, 0, 1, 2, 3]) {
            0 => json!({ "contracts": self.contracts() }),
            1 => json!({ "reference": self.of(&["E-1", "E-2", "E-3", "X-1", "X-2"]) }),
            2 => json!({ "givenName": self.of(&["Nadja", "Nadia"]), "contracts": self.contracts() }),
            _ => json!({ "ssin": self.of(&NUMBERS) }),
        }
    }

    fn new_member(&mut self) -> Value {
        json!({ "reference": self.of(&["X-1", "X-2", "X-3", "E-3"]), "ssin": self.of(&NUMBERS), "givenName": "Nadia",
            "familyName": self.of(&["Janssens", "Lambrechts"]), "contracts": self.contracts() })
    }

    /// What is to change of a doctor.
    fn doctor(&mut self) -> Value {
        match self.of(&[0, 0, 1, 2, 3, 4]) {
            0 => json!({ "crecheIds": self.some(&CRECHES) }),
            1 => json!({ "endDate": "2026-07-31" }),
            2 => json!({ "familyName": self.of(&["Maes", "Maas"]) }),
            3 => json!({ "inami": self.of(&INAMIS) }),
            _ => json!({ "town": self.of(&["Namur", "Dinant"]) }),
        }
    }

    fn new_doctor(&mut self) -> Value {
        json!({ "inami": self.of(&INAMIS), "givenName": "Claire", "familyName": self.of(&["Maes", "Autre"]),
            "street": "Rue des Tilleuls", "houseNumber": "12", "postcode": "5000", "town": "Namur", "mobile": "+32 470 00 00 02",
            "officePhone": "+32 81 00 00 02", "email": "claire@cabinet.example", "function": "paediatrician",
            "startDate": "2026-09-01", "crecheIds": self.some(&CRECHES) })
    }
}

/// The ids of everything in a list.
async fn ids(who: &Persona<'_>, path: &str) -> Vec<String> {
    let list = who.get(path).await.expect(200);
    list.each("items", "id").iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

const PERSONS: &str =
    "/staffMembers?contractStatus=current&contractStatus=ended&contractStatus=notStarted&contractStatus=noContract";

/// A random write.
async fn write<'a>(who: &Persona<'a>, all: &Persona<'_>, administrator: &Persona<'_>, seed: u64) -> Call<'a> {
    let mut choices = Choices(seed);
    let with = |method, path: String, body: Value| who.call(method, path).if_match("*").body(JSON, body.to_string());
    let (persons, doctors) = (ids(all, PERSONS).await, ids(all, "/doctors").await);
    let person = choices.of(&persons.iter().collect::<Vec<_>>());
    let doctor = choices.of(&doctors.iter().collect::<Vec<_>>());
    let at = choices.of(&CRECHES);
    match choices.of(&[0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9]) {
        0 => with(Method::PATCH, format!("/staffMembers/{person}"), choices.member()),
        1 => with(Method::POST, "/staffMembers".to_owned(), choices.new_member()),
        2 => with(Method::PATCH, format!("/doctors/{doctor}"), choices.doctor()),
        3 => with(Method::POST, "/doctors".to_owned(), choices.new_doctor()),
        4 => who
            .call(Method::PUT, format!("/doctors/{doctor}/agreement"))
            .if_match("*")
            .body("application/pdf", pdf("x")),
        5 => {
            let day = choices.of(&["2027-03-01", "2027-03-02"]);
            let closures = json!({ "items": [{ "startDate": day, "endDate": day, "reason": "other" }] });
            with(Method::PUT, format!("/creches/{at}/closures"), closures)
        }
        6 => with(Method::PUT, "/staffRegister".to_owned(), json!({ "members": [choices.new_member()] })),
        7 => with(Method::POST, format!("/creches/{at}/staffValidations"), json!({ "year": 2026 })),
        8 => {
            let endpoint = json!({ "url": "http://127.0.0.1:9/hook", "creches": choices.some(&CRECHES) });
            with(Method::POST, "/webhookEndpoints".to_owned(), endpoint)
        }
        _ => {
            let endpoints = ids(administrator, "/webhookEndpoints").await;
            let one = endpoints.first().map_or("019a5c00-0000-7000-8000-000000000061", String::as_str);
            with(Method::PATCH, format!("/webhookEndpoints/{one}"), json!({ "creches": choices.some(&CRECHES) }))
        }
    }
}

fn of_creche(list: &Value, creche: &str) -> bool {
    list.as_array().is_some_and(|creches| creches.iter().any(|one| one == creche))
}

/// Everything that belongs to a crèche or counts in it.
async fn state(all: &Persona<'_>, administrator: &Persona<'_>, creche: &str) -> Value {
    let mut functions = Vec::new();
    for person in all.get(PERSONS).await.expect(200)["items"].as_array().unwrap() {
        for contract in person["contracts"].as_array().unwrap() {
            let here = contract["functions"].as_array().unwrap().iter().filter(|one| one["crecheId"] == creche);
            functions.extend(here.map(|one| {
                json!([
                    person["id"],
                    person["reference"],
                    contract["reference"],
                    contract["status"],
                    contract["startDate"],
                    contract["endDate"],
                    one
                ])
            }));
        }
    }
    let doctors = all.get("/doctors").await.expect(200);
    let doctors = doctors["items"].as_array().unwrap().iter().filter(|one| of_creche(&one["crecheIds"], creche));
    let names =
        ["id", "inami", "givenName", "familyName", "function", "startDate", "endDate", "state", "agreementStoredAt"];
    let doctors: Vec<_> = doctors.map(|one| names.map(|name| one[name].clone())).collect();
    let endpoints = administrator.get("/webhookEndpoints").await.expect(200);
    let endpoints = endpoints["items"].as_array().unwrap().iter().filter(|one| of_creche(&one["creches"], creche));
    let endpoints: Vec<_> = endpoints.cloned().collect();
    let closures = all.get(format!("/creches/{creche}/closures")).await.expect(200)["items"].clone();
    let summary = all.get(format!("/creches/{creche}/summaries/2026-07")).await.expect(200)["staffing"].clone();
    let validations = all.get(format!("/creches/{creche}/staffValidations")).await.expect(200)["items"].clone();
    json!({ "functions": functions, "doctors": doctors, "endpoints": endpoints, "closures": closures,
        "staffing": summary, "validations": validations })
}

#[tokio::test]
async fn random_changes_with_random_rights_change_nothing_out_of_reach() {
    each_app(async |app| {
        let mut runner = TestRunner::deterministic();
        let cases = (1_u8..7, prop::collection::vec(any::<u64>(), WRITES));
        let (all, administrator) = (app.vendor(), app.person(ADMINISTRATOR).await);
        let (mut done, mut refused) = (0, 0);
        for _ in 0..KEYS {
            let (mask, seeds) = cases.new_tree(&mut runner).unwrap().current();
            let granted = |at: usize| mask & (1 << at) != 0;
            let within: Vec<_> = (0..3).filter(|at| granted(*at)).map(|at| CRECHES[at]).collect();
            let without: Vec<_> = (0..3).filter(|at| !granted(*at)).map(|at| CRECHES[at]).collect();
            let who = app.limited_to(&within).await;
            for seed in seeds {
                let mut before = Vec::new();
                for creche in &without {
                    before.push(state(&all, &administrator, creche).await);
                }
                let reply = write(&who, &all, &administrator, seed).await.await;
                if reply.status < 300 {
                    done += 1;
                } else {
                    refused += 1;
                }
                for (creche, before) in without.iter().zip(before) {
                    let after = state(&all, &administrator, creche).await;
                    assert_eq!(before, after, "{} with {within:?} changed {creche}: {:#}", reply.call, reply.json);
                }
            }
        }
        assert!(done > KEYS && refused > KEYS, "{done} writes and {refused} refusals try little");
    })
    .await;
}
