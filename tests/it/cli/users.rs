//! The first people of an organiser, and the agency's agents, at the command line.

use passerelle::domain::ssin::Ssin;
use serde_json::{Value, json};

use super::{Answer, Operator, each_operator, id};
use crate::harness::people::ssin;

/// The command that adds a user.
fn add<'a>(organiser: &'a str, given_name: &'a str) -> Vec<&'a str> {
    let words = ["admin", "user", "add", "--json", "--organiser", organiser, "--given-name", given_name];
    [&words[..], &["--family-name", "Dubois", "--email", "a.dubois@lucioles.example", "--certified-consent"]].concat()
}

fn add_user(operator: &Operator, organiser: &str, given_name: &str, number: &str) -> Answer {
    operator.run_with_input(&add(organiser, given_name), number)
}

fn actions(operator: &Operator, organiser: &str) -> Vec<Value> {
    let trail = operator.admin_json(&["audit", "list", "--organiser", organiser, "--limit", "5"]);
    trail["items"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect()
}

#[tokio::test]
async fn the_operator_adds_the_first_administrators() {
    each_operator(async |operator, _| {
        let organiser = operator.register_world().organiser;
        let anne = add_user(operator, &organiser, "Anne", &format!("{}\n", ssin(1)));
        let anne = anne.expect_json();
        assert_eq!((&anne["profile"], &anne["active"]), (&json!("administrator"), &json!(true)));
        let listed = operator.admin_json(&["user", "list", "--organiser", &organiser]);
        assert_eq!(listed["items"], json!([anne]));
        assert!(!listed.to_string().contains(&ssin(1)));
        let alone = operator.run(&["admin", "user", "deactivate", "--organiser", &organiser, &id(&anne)]).refused();
        assert!(alone.contains("last active administrator"), "{alone}");
        let luc = add_user(operator, &organiser, "Luc", &ssin(2)).expect_json();
        let deactivated = operator.admin_json(&["user", "deactivate", "--organiser", &organiser, &id(&anne)]);
        assert_eq!((&deactivated["active"], &deactivated["id"]), (&json!(false), &anne["id"]));
        let again =
            operator.run(&["admin", "user", "deactivate", "--organiser", &organiser, &id(&anne)]).expect_success();
        assert!(again.starts_with("Nothing to do"), "{again}");
        let told = operator.run(&["admin", "user", "list", "--organiser", &organiser]).expect_success();
        assert!(told.contains("deactivated") && told.contains("Dubois Luc") && told.contains(&id(&luc)), "{told}");
        assert_eq!(actions(operator, &organiser)[1..4], ["user.deactivated", "user.created", "users.read"]);
    })
    .await;
}

#[tokio::test]
async fn an_invalid_user_is_refused_with_a_sentence() {
    each_operator(async |operator, _| {
        let organiser = operator.register_world().organiser;
        add_user(operator, &organiser, "Anne", &ssin(1)).expect_success();
        let before = actions(operator, &organiser);
        for (typed, word) in [
            ("", "no national number came in"),
            ("85.03.14-977.22", "national number is not valid"),
            (ssin(1).as_str(), "a user of yours already"),
            ("123", "eleven digits"),
        ] {
            let refused = add_user(operator, &organiser, "Anne", typed).refused();
            assert!(refused.contains(word) && !refused.contains(&ssin(1)), "{typed}: {refused}");
        }
        let nobody = "019a5c00-0000-7000-8000-00000000dead";
        assert!(add_user(operator, nobody, "Anne", &ssin(3)).refused().contains("there is no organiser"));
        let unknown = operator.run(&["admin", "user", "deactivate", "--organiser", &organiser, nobody]).refused();
        assert!(unknown.contains("has no user"), "{unknown}");
        let without = add(&organiser, "Anne");
        let refused = operator.run_with_input(&without[..without.len() - 1], &ssin(3)).refused();
        assert!(refused.contains("--certified-consent"), "{refused}");
        assert_eq!(actions(operator, &organiser), before);
    })
    .await;
}

#[tokio::test]
async fn agents_are_added_listed_and_removed() {
    each_operator(async |operator, _| {
        let number = ssin(4);
        assert!(Ssin::parse(&number).is_ok());
        assert_eq!(operator.admin_json(&["agent", "list"]), json!({ "items": [] }));
        let add = ["admin", "agent", "add", "ONE-1207", "--json"];
        assert_eq!(operator.run_with_input(&add, &number).expect_json(), json!({ "matricule": "ONE-1207" }));
        let twice = operator.run_with_input(&["admin", "agent", "add", "ONE-9"], &number).refused();
        assert!(twice.contains("an agent already"), "{twice}");
        assert!(operator.run_with_input(&add, "85031497722").refused().contains("check digits"));
        assert_eq!(operator.admin_json(&["agent", "list"])["items"], json!([{ "matricule": "ONE-1207" }]));
        operator.admin_json(&["agent", "remove", "ONE-1207"]);
        assert!(operator.run(&["admin", "agent", "remove", "ONE-1207"]).refused().contains("there is no agent"));
        let trail = operator.admin_json(&["audit", "list"]);
        let told = |at: usize| (trail["items"][at]["action"].clone(), trail["items"][at]["detail"].clone());
        assert_eq!(told(0), (json!("agent.removed"), json!("ONE-1207")));
        assert_eq!(told(1), (json!("agent.added"), json!("ONE-1207")));
        assert!(!trail.to_string().contains(&number));
    })
    .await;
}
