//! Organisers with their crèches and first administrators from one file.

use passerelle::domain::registry::NewOrganiser;
use passerelle::ingest::registry;
use serde_json::{Value, json};

use super::{Operator, each_operator, id};
use crate::harness::database::Database;

const TABLE: &str = include_str!("../../../sandbox/samples/registry.csv");
const DOCUMENT: &str = include_str!("../../../sandbox/samples/registry.json");

/// What the import of a file answers, in this exit status.
#[track_caller]
fn import(operator: &Operator, status: i32, content: impl AsRef<[u8]>, more: &[&str]) -> Value {
    let file = operator.file("registry", content);
    let answer = operator.run(&[&["admin", "import", &file, "--json", "--certified-consent"], more].concat());
    assert_eq!(answer.status, status, "{}{}", answer.out, answer.err);
    serde_json::from_str(&answer.out).unwrap()
}

/// What became of each organiser and of each of its crèches.
fn outcomes(report: &Value) -> Vec<(&str, Vec<&str>)> {
    let outcome = |one: &Value| one["outcome"].as_str().map(str::to_owned).unwrap();
    let items = |of: &Value, name: &str| of[name].as_array().unwrap().clone();
    let stored = |text: String| ["added", "changed", "unchanged"].into_iter().find(|stored| *stored == text).unwrap();
    let creches = |one: &Value| items(one, "creches").iter().map(|one| stored(outcome(one))).collect();
    items(report, "organisers").iter().map(|one| (stored(outcome(one)), creches(one))).collect()
}

/// One crèche of a shown organiser; those of one file may be in any order.
fn creche<'a>(stored: &'a Value, one_number: &str) -> &'a Value {
    let found = stored["creches"].as_array().unwrap().iter().find(|one| one["oneNumber"] == one_number);
    found.unwrap_or_else(|| panic!("{one_number} in {stored:#}"))
}

fn actions(operator: &Operator, organiser: &str) -> Vec<String> {
    let listed = operator.admin_json(&["audit", "list", "--organiser", organiser]);
    let mut actions: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect();
    actions.reverse();
    actions
}

fn parsed(file: &str) -> Vec<NewOrganiser> {
    let listing = registry::read(file.as_bytes()).unwrap_or_else(|findings| panic!("{findings:?}"));
    assert!(listing.shape.is_empty(), "{:?}", listing.shape);
    let (organisers, findings) = listing.registry.parse(jiff::civil::date(2026, 10, 12));
    assert!(findings.is_empty(), "{findings:?}");
    organisers
}

#[test]
fn both_samples_say_the_same() {
    let (table, document) = (parsed(TABLE), parsed(DOCUMENT));
    assert_eq!(table, document);
    let report: Vec<_> = table.iter().map(|one| (one.creches.len(), one.administrators.len())).collect();
    assert_eq!(report, [(2, 2), (1, 1)]);
}

#[tokio::test]
async fn a_table_is_tried_imported_and_changes_nothing_the_second_time() {
    each_operator(async |operator, _| {
        let all_added = [("added", vec!["added", "added"]), ("added", vec!["added"])];
        let report = import(operator, 0, TABLE, &["--dry-run"]);
        assert_eq!((&report["written"], outcomes(&report)), (&json!(false), all_added.to_vec()));
        assert_eq!(report["organisers"][0]["id"], Value::Null, "it has none yet");
        assert_eq!(operator.admin_json(&["organiser", "list"])["items"], json!([]));

        let report = import(operator, 0, TABLE, &[]);
        assert_eq!((&report["written"], outcomes(&report)), (&json!(true), all_added.to_vec()));
        let organiser = id(&report["organisers"][0]);
        let stored = operator.admin_json(&["organiser", "show", &organiser]);
        assert_eq!(
            (&stored["legalName"], &stored["enterpriseNumber"]),
            (&json!("ASBL Les Coccinelles"), &json!("0412345614"))
        );
        let [first, second] = ["63/40001/01", "63/40001/02"].map(|number| creche(&stored, number));
        assert_eq!((&first["name"], &first["subsidised"]), (&json!("Les Coccinelles"), &json!(true)));
        assert_eq!(
            first["capacityHistory"],
            json!([{ "from": "2020-09-01", "places": 14 }, { "from": "2026-01-01", "places": 18 }])
        );
        assert_eq!((&second["name"], &second["authorisedUntil"]), (&json!("Le Petit \"Pré\""), &json!("2027-12-31")));
        let created = ["organiser.created", "creche.created", "creche.created", "user.created", "user.created"];
        assert_eq!(actions(operator, &organiser), created);

        let same = [("unchanged", vec!["unchanged", "unchanged"]), ("unchanged", vec!["unchanged"])];
        for again in [TABLE.to_owned(), format!("\u{feff}{}", TABLE.replace(';', "\t")), DOCUMENT.to_owned()] {
            assert_eq!(outcomes(&import(operator, 0, again, &[])), same);
        }
        assert_eq!(actions(operator, &organiser).len(), created.len(), "nothing was done");
        assert!(operator.run(&["admin", "audit", "verify"]).expect_success().starts_with("All 3 chain(s) are intact."));
    })
    .await;
}

#[tokio::test]
async fn what_differs_is_changed_and_what_is_left_out_stays() {
    each_operator(async |operator, _| {
        let organiser = id(&import(operator, 0, TABLE, &[])["organisers"][0]);
        let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
        document["organisers"].as_array_mut().unwrap().remove(1);
        let changed = &mut document["organisers"][0];
        changed["legalName"] = "Les Coccinelles ASBL".into();
        changed["creches"][0]["subsidised"] = false.into();
        changed["creches"][0]["capacity"] = json!([{ "from": "2026-01-01", "places": 21 }]);
        changed["creches"][1]["name"] = "Le Pré".into();
        changed["creches"][1]["authorisedFrom"] = "2022-02-01".into();
        changed["creches"][1].as_object_mut().unwrap().remove("authorisedUntil");
        let third = json!({ "name": "La Mare", "oneNumber": "63/40001/03", "subsidised": true,
            "authorisedFrom": "2026-11-01", "capacity": [{ "from": "2026-11-01", "places": 14 }] });
        changed["creches"].as_array_mut().unwrap().push(third);
        let report = import(operator, 0, document.to_string(), &[]);
        assert_eq!(outcomes(&report), [("changed", vec!["changed", "changed", "added"])]);
        let one = &report["organisers"][0];
        assert_eq!((id(one), &one["changed"]), (organiser.clone(), &json!(["legalName"])));
        assert_eq!(one["creches"][0]["changed"], json!(["subsidised", "capacity"]));
        assert_eq!(one["creches"][1]["changed"], json!(["name", "authorised"]));

        let stored = operator.admin_json(&["organiser", "show", &organiser]);
        let [first, second] = ["63/40001/01", "63/40001/02"].map(|number| creche(&stored, number));
        assert_eq!((&stored["legalName"], &first["subsidised"]), (&json!("Les Coccinelles ASBL"), &json!(false)));
        assert_eq!(
            first["capacityHistory"],
            json!([{ "from": "2020-09-01", "places": 14 }, { "from": "2026-01-01", "places": 21 }])
        );
        assert_eq!(
            (&second["name"], &second["authorisedFrom"], &second["authorisedUntil"]),
            (&json!("Le Pré"), &json!("2022-02-01"), &json!("2027-12-31"))
        );
        let expected = [
            "organiser.renamed",
            "creche.subsidyChanged",
            "creche.placesAuthorised",
            "creche.renamed",
            "creche.authorised",
            "creche.created",
        ];
        assert_eq!(actions(operator, &organiser)[5..], expected);
        assert_eq!(operator.admin_json(&["organiser", "list"])["items"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn one_fault_refuses_the_whole_file_and_every_fault_is_reported_at_its_place() {
    each_operator(async |operator, _| {
        operator.register_world();
        let faulty = "enterpriseNumber;legalName;oneNumber;name;subsidised;authorisedFrom;authorisedUntil;placesFrom;places;\
             givenName;familyName;email;ssin\n\
             0412345614;Une;1/1;Le Nid;peut-être;2020-01-01;2019-12-31;2021-01-01;douze;;;;\n\
             0412345614;Deux;1/1;;;31/02/2020;;;;Anne;Exemple;anne.example;85031495148\n\
             0412345613;Trois;1/1;Le Nid;oui;2020-01-01;;2020-01-01;7;;;;\n\
             0876543270;Quatre;;Sans numéro;oui;2020-01-01;;;;;;;\n\
             0700001191;Cinq;73/1;Le Nid;oui;2020-01-01;;2020-06-01;7;;;;\n";
        let report = import(operator, 1, faulty, &[]);
        let found = |code: &str, at: &str| {
            let places = |finding: &Value| {
                let folded = finding["places"].as_array().cloned().unwrap_or_default();
                finding["cell"] == at || folded.iter().any(|place| place["cell"] == at)
            };
            let findings = report["findings"].as_array().unwrap();
            assert!(findings.iter().any(|one| one["code"] == code && places(one)), "{code} {at} in {report:#}");
        };
        found("input.malformed", "line 2, subsidised");
        found("input.malformed", "line 2, places");
        found("registry.endBeforeStart", "line 2, authorisedUntil");
        found("registry.contradiction", "line 3, legalName");
        found("registry.contradiction", "line 3, authorisedFrom");
        found("input.malformed", "line 3, email");
        found("registry.ssinInvalid", "line 3, ssin");
        found("registry.enterpriseNumberInvalid", "line 4, enterpriseNumber");
        found("registry.repeated", "line 4, oneNumber");
        found("input.required", "line 5, oneNumber");
        found("input.required", "line 5, places");
        found("registry.placesUnknown", "line 6, places");
        assert!(!report.to_string().contains("85031495148") && !report.to_string().contains("anne.example"), "{report}");
        assert_eq!((&report["written"], &report["organisers"]), (&json!(false), &json!([])));
        assert_eq!(operator.admin_json(&["organiser", "list"])["items"].as_array().unwrap().len(), 1);
        let output = operator.run(&["admin", "import", "registry", "--language", "fr"]);
        assert!(
            output.status == 1 && output.out.contains("at line 4, oneNumber") && output.out.contains("figure déjà plus haut"),
            "{}",
            output.out
        );
    })
    .await;
}

#[tokio::test]
async fn faults_in_json_have_json_places() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    let mut faulty: Value = serde_json::from_str(DOCUMENT).unwrap();
    faulty["organisers"][0]["creches"][0]["capacity"][1] = json!({ "from": "2020-09-01", "places": 21 });
    faulty["organisers"][0]["administrators"][1]["email"] = "Claire@coccinelles.example".into();
    faulty["organisers"][0]["administrators"][1]["ssin"] = "85031495147".into();
    faulty["organisers"][1]["enterpriseNumber"] = "0412.345.614".into();
    faulty["organisers"][1]["creches"][0]["subsidised"] = "yes".into();
    faulty["organisers"][1]["director"] = "Zoé".into();
    let report = import(&operator, 1, faulty.to_string(), &[]);
    let mut found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["code"].as_str().unwrap(), one["name"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    let expected = [
        ("input.malformed", "/organisers/1/creches/0/subsidised"),
        ("input.unknownProperty", "/organisers/1/director"),
        ("registry.repeated", "/organisers/0/administrators/1/email"),
        ("registry.repeated", "/organisers/0/administrators/1/ssin"),
        ("registry.repeated", "/organisers/0/creches/0/capacity/1/from"),
        ("registry.repeated", "/organisers/1/enterpriseNumber"),
    ];
    assert_eq!(found, expected, "{report:#}");
}

#[tokio::test]
async fn a_creche_of_another_organiser_and_conflicting_days_refuse_the_file() {
    each_operator(async |operator, _| {
        let world = operator.register_world();
        let row = |number: &str, one: &str, from: &str| {
            format!(
                "enterpriseNumber,legalName,oneNumber,name,subsidised,authorisedFrom,placesFrom,places\n\
                     0412345614,Les Coccinelles,63/1,Les Coccinelles,yes,2020-01-01,2020-01-01,7\n\
                     {number},Les Lucioles,{one},Le Nid,yes,{from},2020-01-01,18\n"
            )
        };
        let report = import(operator, 1, row("0876543270", "73/1", "2020-01-01"), &[]);
        assert_eq!(
            (&report["findings"][0]["code"], &report["findings"][0]["cell"]),
            (&json!("registry.crecheElsewhere"), &json!("line 3, oneNumber"))
        );
        let until = ["creche", "authorise", "--organiser", &world.organiser, &world.creche, "--from", "2020-01-01"];
        operator.admin_json(&[&until[..], &["--until", "2026-12-31"]].concat());
        let report = import(operator, 1, row("0566988259", "73/1", "2027-01-01"), &[]);
        assert_eq!(
            (&report["findings"][0]["code"], &report["findings"][0]["cell"]),
            (&json!("registry.endBeforeStart"), &json!("line 3, authorisedFrom"))
        );
        assert_eq!(operator.admin_json(&["organiser", "list"])["items"].as_array().unwrap().len(), 1, "all or nothing");
    })
    .await;
}

#[tokio::test]
async fn administrators_are_added_with_consent_and_an_old_file_restores_none() {
    each_operator(async |operator, _| {
        operator.file("registry", TABLE);
        let output = operator.run(&["admin", "import", "registry"]).refused();
        assert!(output.contains("--certified-consent"), "{output}");
        assert_eq!(operator.admin_json(&["organiser", "list"])["items"], json!([]), "all or nothing");

        let added = |report: &Value| report["organisers"][0]["administratorsAdded"].clone();
        assert_eq!(added(&import(operator, 0, TABLE, &["--dry-run"])), 2);
        let report = import(operator, 0, TABLE, &[]);
        assert_eq!((added(&report), &report["findings"]), (json!(2), &json!([])));
        let organiser = id(&report["organisers"][0]);
        let users = || operator.admin_json(&["user", "list", "--organiser", &organiser])["items"].clone();
        let first = users()[0].clone();
        assert_eq!((&first["profile"], &first["active"]), (&json!("administrator"), &json!(true)), "{first}");
        assert_eq!(added(&import(operator, 0, DOCUMENT, &[])), 0, "they are there");

        operator.admin_json(&["user", "deactivate", "--organiser", &organiser, &id(&first)]);
        let report = import(operator, 0, TABLE, &[]);
        assert_eq!(
            (added(&report), &report["findings"][0]["code"]),
            (json!(0), &json!("registry.userStays")),
            "{report:#}"
        );
        assert!(report["findings"][0]["cell"].as_str().unwrap().ends_with(", ssin"), "{report:#}");
        assert_eq!(users()[0]["active"], false);
    })
    .await;
}

#[tokio::test]
async fn each_kind_of_unreadable_file_has_its_error() {
    let database = Database::sqlite().await;
    let operator = Operator::at(&database);
    let cases: [(&[u8], &str, &str); 8] = [
        (b"", "json.empty", ""),
        (b"enterpriseNumber,legalName\r0566988259,Les Lucioles, asbl\r", "input.tooManyFields", "line 2"),
        (b"enterpriseNumber;name\n", "input.required", "line 1"),
        (b"enterpriseNumber;legalName;authorizedUntil\n", "input.unknownProperty", "line 1"),
        (b"enterpriseNumber;legalName\n;Les Lucioles", "input.required", "line 2"),
        (b"enterpriseNumber;legalName\n\"0566988259;Les Lucioles", "input.unclosedQuote", "line 2"),
        (b"{\"organisers\": [}", "json.malformed", ""),
        (b"{\"organisers\": {}}", "input.notAList", ""),
    ];
    for (content, code, at) in cases {
        let report = import(&operator, 1, content, &[]);
        assert_eq!(report["findings"][0]["code"], code, "{report:#}");
        assert_eq!(report["findings"][0]["cell"].as_str().unwrap_or_default(), at, "{report:#}");
    }
    assert!(operator.run(&["admin", "import", "none.csv"]).refused().contains("none.csv"));
}
