//! The staff register: deposited as a whole, written person by person, queried, validated.

mod averages;
mod corpus;
mod members;
mod questions;
mod races;
mod reach;
mod register;
mod revisions;
mod samples;
mod validation;
mod verdicts;

use serde_json::{Value, json};

use crate::harness::app::{CRECHE, TestApp};
use crate::harness::call::Reply;

/// A person who looks after children.
fn person(reference: &str, ssin: Option<&str>, family_name: &str) -> Value {
    let mut person = json!({ "reference": reference, "givenName": "Aline", "familyName": family_name,
        "birthDate": "1985-03-14", "contracts": [contract("C-1", CRECHE, 80)] });
    if let Some(ssin) = ssin {
        person["ssin"] = ssin.into();
    }
    person
}

fn contract(reference: &str, creche: &str, hundredths: u32) -> Value {
    json!({ "reference": reference, "status": "contractual", "startDate": "2024-09-01",
        "functions": [{ "crecheId": creche, "category": "childcare", "fteHundredths": hundredths }] })
}

/// Deposits a register, whatever is there.
async fn put(app: &TestApp, members: &[Value]) -> Reply {
    app.vendor().put("/staffRegister", json!({ "members": members })).if_match("*").await
}
