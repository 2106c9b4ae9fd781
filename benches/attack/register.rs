//! 100 parallel changes of single persons in a neighbour's register of 20 000. The gateway is started with
//! `PASSERELLE_CAPS__STAFF_MEMBERS` above that, and the register is filled by [`fill`] before anything is measured.

use std::sync::Arc;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::flood::client;
use crate::target::Target;

const PERSONS: usize = 20_000;
/// Persons of one document.
const OF_ONE: usize = 2_000;
const CHANGES: usize = 100;

/// The neighbour's key and where its register is.
fn neighbour(target: &Target) -> (String, String) {
    (target.keys[0].0.clone(), target.api())
}

/// Fills the neighbour's register, document by document.
pub async fn fill(target: &Target) {
    let ((key, api), client) = (neighbour(target), client(0));
    for from in (0..PERSONS).step_by(OF_ONE) {
        let person = |at| {
            json!({ "reference": format!("P-{at}"), "givenName": "Aline", "familyName": "Maes",
                "birthDate": "1985-03-14", "contracts": [] })
        };
        let members: Vec<_> = (from..from + OF_ONE).map(person).collect();
        let put = client.put(format!("{api}/staffRegister")).bearer_auth(&key).header("if-match", "*");
        let put = put.header("content-type", "application/json").body(json!({ "members": members }).to_string());
        let answer = put.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
    }
}

/// Changes persons, each client another one, again and again.
pub fn begin(target: &Arc<Target>) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    let (key, api) = neighbour(target);
    attackers.spawn(async move {
        let listed =
            client(0).get(format!("{api}/staffMembers?contractStatus=noContract")).bearer_auth(&key).send().await;
        let listed: Value = serde_json::from_str(&listed.unwrap().text().await.unwrap()).unwrap();
        let ids = listed["items"].as_array().unwrap().iter().take(CHANGES).map(|item| item["id"].as_str().unwrap());
        let mut changes = JoinSet::new();
        for (number, id) in ids.enumerate() {
            let (client, address, key) = (client(number), format!("{api}/staffMembers/{id}"), key.clone());
            changes.spawn(async move {
                for turn in 0.. {
                    let change = json!({ "givenName": format!("Aline {}", turn % 2) }).to_string();
                    let patch = client.patch(&address).bearer_auth(&key).header("if-match", "*");
                    let _ = patch.header("content-type", "application/merge-patch+json").body(change).send().await;
                }
            });
        }
        changes.join_all().await;
    });
    attackers
}
