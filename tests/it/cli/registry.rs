//! Organisers, crèches, applications and keys, from their registration to a call over HTTP.

use serde_json::json;

use super::{Operator, World, each_operator, id, poll_until};
use crate::harness::database::Database;
use crate::harness::process;

#[tokio::test]
async fn what_is_registered_is_listed_and_shown() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let listed = operator.admin_json(&["organiser", "list"]);
        assert_eq!(listed["items"][0]["id"], *world.organiser);
        assert_eq!(listed["items"][0]["enterpriseNumber"], "0566988259");
        let stored = operator.admin_json(&["organiser", "show", &world.organiser]);
        assert_eq!(stored["legalName"], "Les Lucioles");
        assert_eq!(
            (&stored["creches"][0]["id"], &stored["creches"][0]["capacity"]),
            (&json!(world.creche), &json!(18))
        );
        assert_eq!(stored["applications"][0]["vendor"], "Logiciels du Sud");
        let words = operator.run(&["admin", "organiser", "show", &world.organiser]).expect_success();
        for word in ["Les Lucioles", "0566988259", "Le Nid", "ONE 73/1", "18 place(s)", "Présences+", "in use"] {
            assert!(words.contains(word), "{word} in {words}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_places_and_the_days_of_a_creche_are_moved() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let creche = |verb: &'static str, more: &[&str]| {
            operator.admin_json(&[&["creche", verb, "--organiser", &world.organiser, &world.creche], more].concat())
        };
        let changed = creche("capacity", &["--places", "24", "--from", "2026-01-01"]);
        assert_eq!(changed["capacity"], 24);
        let history = json!([{"from": "2020-01-01", "places": 18}, {"from": "2026-01-01", "places": 24}]);
        assert_eq!(changed["capacityHistory"], history);
        let changed = creche("authorise", &["--from", "2021-01-01", "--until", "2030-12-31"]);
        assert_eq!(
            (&changed["authorisedFrom"], &changed["authorisedUntil"]),
            (&"2021-01-01".into(), &"2030-12-31".into())
        );
        creche("rename", &["La Ruche"]);
        assert_eq!(
            creche("show", &[]),
            operator.admin_json(&["creche", "list", "--organiser", &world.organiser])["items"][0]
        );
        assert_eq!(creche("show", &[])["name"], "La Ruche");
    })
    .await;
}

#[tokio::test]
async fn a_key_works_over_http_until_it_is_revoked() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let gateway = operator.serve();
        let (status, caller) = gateway.get("/caller", &world.key).await;
        assert_eq!((status, &caller["organiser"]["id"]), (200, &json!(world.organiser)), "{caller}");
        let trial =
            world.issue(&["--kind", "trial", "--scope", "attendance:read,summaries:read", "--creche", &world.creche]);
        let trial = operator.admin_json(&[&trial[..], &["--expires", "2199-12-31"]].concat());
        let last = (&trial["expiresOn"], &trial["expiresAt"]);
        assert_eq!(last, (&json!("2199-12-31"), &json!("2199-12-31T23:00:00Z")), "to the end of its last day");
        let (_, caller) = gateway.get("/caller", trial["key"].as_str().unwrap()).await;
        assert_eq!(
            (&caller["creches"][0]["id"], &caller["scopes"]),
            (&json!(world.creche), &trial["scopes"]),
            "{caller}"
        );

        let application = ["--organiser", &world.organiser, &world.application];
        operator.admin_json(&[&["application", "suspend"], &application[..]].concat());
        until_refused(&gateway, &world.key).await;
        operator.admin_json(&[&["application", "resume"], &application[..]].concat());
        poll_until(async || gateway.get("/caller", &world.key).await.0 == 200).await;
        let revoked = operator.admin_json(&["key", "revoke", world.key_id()]);
        assert_eq!((&revoked["id"], &revoked["state"]), (&world.key_id().into(), &"revoked".into()));
        until_refused(&gateway, &world.key).await;
        assert_eq!(gateway.get("/caller", trial["key"].as_str().unwrap()).await.0, 200);

        assert_eq!(gateway.stop(), Some(0));
        let keys = operator.admin_json(&["key", "list", "--organiser", &world.organiser]);
        assert_eq!((&keys["items"][0]["state"], &keys["items"][1]["state"]), (&"revoked".into(), &"active".into()));
        assert!(keys["items"][0]["lastUsedAt"].is_string(), "written down at the end: {keys}");
        assert!(keys["items"].as_array().unwrap().iter().all(|key| key.get("key").is_none()));
    })
    .await;
}

#[tokio::test]
async fn an_application_is_described_narrowed_and_revoked() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let gateway = operator.serve();
        let one = ["--organiser", &world.organiser, &world.application];
        let application =
            |verb: &'static str, more: &[&str]| operator.admin_json(&[&["application", verb], &one[..], more].concat());
        let contact = ["--contact-name", "Desk", "--contact-email", "desk@sud.example"];
        let more = ["--scopes", "attendance:read,events:read", "--creche", &world.creche, "--ends-on", "2199-12-31"];
        let changed = application("change", &[&contact[..], &more, &["--purpose", "Présences"]].concat());
        assert_eq!(changed["scopes"], json!(["attendance:read", "events:read"]));
        assert_eq!((&changed["creches"], &changed["endsOn"]), (&json!([world.creche]), &"2199-12-31".into()));
        assert_eq!((&changed["purpose"], &changed["state"]), (&"Présences".into(), &"active".into()));
        poll_until(async || gateway.get("/caller", &world.key).await.1["scopes"] == changed["scopes"]).await;
        let refused = [&["admin"], &world.issue(&["--kind", "live", "--scope", "staff:read"])[..]].concat();
        assert!(operator.run(&refused).refused().contains("does not have the scope staff:read"));
        assert_eq!(application("change", &["--ends-on", "never"])["endsOn"], serde_json::Value::Null);
        assert_eq!(application("revoke", &[])["state"], "revoked");
        until_refused(&gateway, &world.key).await;
        let output = operator.run(&[&["admin", "application", "revoke"], &one[..]].concat()).expect_success();
        assert!(output.starts_with("Nothing to do: application"), "{output}");
        let resume = operator.run(&[&["admin", "application", "resume"], &one[..]].concat()).refused();
        assert!(resume.contains("was revoked"), "{resume}");
        assert_eq!(gateway.stop(), Some(0));
    })
    .await;
}

async fn until_refused(gateway: &super::Serving, key: &str) {
    poll_until(async || {
        let (status, problem) = gateway.get("/caller", key).await;
        assert!(status == 200 || problem["type"].as_str().unwrap().ends_with("AccessToken"), "{problem}");
        status == 401
    })
    .await;
}

#[tokio::test]
async fn the_text_of_a_key_is_printed_once_and_stored_nowhere() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let output = operator
            .run(&[&["admin"], &world.issue(&["--kind", "live", "--scope", "events:read"])[..]].concat())
            .expect_success();
        let text = output.lines().next().unwrap();
        assert!(text.starts_with("crk_live_") && output.contains("cannot be shown again"), "{output}");
        for listing in [["key", "list"], ["audit", "list"]] {
            let all = operator.admin_json(&[&listing[..], &["--organiser", &world.organiser]].concat());
            assert!(!all.to_string().contains(text.rsplit('_').nth(1).unwrap()), "{all}");
        }
        let leaked = operator.admin_json(&["key", "revoke", text]);
        assert_eq!((&leaked["id"], &leaked["state"]), (&text.split('_').nth(2).unwrap().into(), &"revoked".into()));
        assert!(operator.run(&["admin", "key", "revoke", text]).expect_success().contains("was revoked before"));
    })
    .await;
}

/// What is typed after `admin`, and a word of the sentence that refuses it.
const REFUSED: [(&str, &str); 23] = [
    ("organiser add X --enterprise-number 0566988258", "check digits"),
    ("organiser add X --enterprise-number 2999004230", "establishment unit"),
    ("organiser add X --enterprise-number 0566988259", "has the enterprise number 0566988259"),
    ("organiser add \u{a0}", "it is empty"),
    ("organiser add a\nb", "line break"),
    ("organiser show NOBODY", "there is no organiser"),
    ("organiser show Lucioles", "lower-case UUID"),
    ("creche add --organiser NOBODY X --one-number 73/2 --places 9 --from 2020-01-01", "there is no organiser"),
    ("creche add --organiser MINE X --one-number 73/1 --places 9 --from 2020-01-01", "has the ONE number 73/1"),
    ("creche authorise --organiser MINE CRECHE --from 2020-01-01 --until 2019-01-01", "end before it begins"),
    ("creche authorise --organiser MINE CRECHE --from 1/1/2026", "write a day as 2026-09-01"),
    ("creche show --organiser OTHER CRECHE", "has no crèche"),
    ("creche rename --organiser OTHER CRECHE Volé", "has no crèche"),
    ("creche capacity --organiser MINE CRECHE --places -1 --from 2026-01-01", "--places"),
    ("application suspend --organiser OTHER APPLICATION", "has no application"),
    ("key issue --organiser MINE --application APPLICATION --kind test --all-scopes", "is a production deployment"),
    ("key issue --organiser MINE --application APPLICATION --kind live", "--all-scopes"),
    ("key issue --organiser MINE --application APPLICATION --kind live --scope everything", "attendance:write"),
    (
        "key issue --organiser MINE --application APPLICATION --kind live --all-scopes --expires 2020-01-01",
        "in the past",
    ),
    ("key issue --organiser MINE --application APPLICATION --kind live --all-scopes --creche NOBODY", "has no crèche"),
    ("key issue --organiser OTHER --application APPLICATION --kind live --all-scopes", "has no application"),
    ("key revoke 0123456789ab", "there is no key"),
    ("key revoke nonsense", "neither a key's public id nor a whole key"),
];

#[tokio::test]
async fn an_invalid_act_is_refused_with_a_sentence_and_changes_nothing() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let other = id(&operator.admin_json(&["organiser", "add", "De Vuurvliegjes"]));
        let before = operator.admin_json(&["audit", "list", "--organiser", &world.organiser]);
        for (typed, word) in REFUSED {
            let words = typed.split(' ').map(|typed| match typed {
                "MINE" => &world.organiser,
                "OTHER" => &other,
                "CRECHE" => &world.creche,
                "APPLICATION" => &world.application,
                "NOBODY" => "019a5c00-0000-7000-8000-00000000dead",
                other => other,
            });
            let output = operator.run(&std::iter::once("admin").chain(words).collect::<Vec<_>>()).refused();
            assert!(output.contains(word), "{typed}: {word} in {output}");
        }
        assert_eq!(operator.admin_json(&["audit", "list", "--organiser", &world.organiser]), before);
    })
    .await;
}

#[tokio::test]
async fn a_sandbox_issues_test_keys_only() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    operator.configure(&database.url, "deployment = \"sandbox\"");
    let organiser =
        id(&operator.admin_json(&["organiser", "add", "Les Lucioles", "--enterprise-number", "0566.988.259"]));
    let application = ["application", "add", "--organiser", &organiser, "Présences+", "--vendor", "Logiciels du Sud"];
    let application = id(&operator.admin_json(&application));
    let world = World { organiser, creche: String::new(), application, key: String::new() };
    assert_eq!(operator.admin_json(&world.issue(&["--kind", "test", "--all-scopes"]))["kind"], "test");
    let refused = operator.run(&[&["admin"], &world.issue(&["--kind", "live", "--all-scopes"])[..]].concat()).refused();
    assert!(refused.contains("this gateway is a sandbox deployment"), "{refused}");
}

#[test]
fn every_command_explains_itself() {
    let nouns = [
        "organiser",
        "creche",
        "user",
        "agent",
        "application",
        "key",
        "closure",
        "audit",
        "backup",
        "restore",
        "rotate-master-key",
    ];
    for words in std::iter::once(vec!["admin"]).chain(nouns.map(|noun| vec!["admin", noun])) {
        let help = super::answer(process::command(words).arg("--help")).expect_success();
        assert!(help.contains("--as <NAME>") && help.contains("--config <FILE>") && help.contains("--json"), "{help}");
    }
}
