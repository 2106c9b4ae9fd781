//! The documentation for vendors: its samples run and print what is shown, its links lead somewhere, its search finds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use axum::Router;
use passerelle::domain::key::Deployment;
use passerelle::domain::rule_catalogue;
use passerelle::http::HttpConfig;
use passerelle::http::problem::ProblemType;
use passerelle::ingest::models;
use passerelle::ingest::schema::{Schemas, TEXTS};
use serde_json::Value;

use super::{plain, shop, surroundings};
use crate::harness::contract::CONTRACT;
use crate::harness::process::{Sandbox, sandbox};
use crate::webhooks::foreign::tool;

/// The guides in the order in which they are read: the samples of one go on from those before.
const GUIDES: [&str; 15] = [
    "docs/vendors/README.md",
    "docs/vendors/start.md",
    "docs/vendors/concepts.md",
    "docs/vendors/attendance.md",
    "docs/vendors/medical.md",
    "docs/vendors/staff.md",
    "docs/vendors/reports.md",
    "docs/webhooks.md",
    "docs/vendors/errors.md",
    "docs/vendors/requests.md",
    "docs/vendors/versions.md",
    "docs/vendors/scenarios.md",
    "docs/vendors/certificate.md",
    "docs/worlds.md",
    "docs/test-data.md",
];

/// A block of code in a guide.
struct Block {
    guide: &'static str,
    /// What stands behind the opening fence.
    info: String,
    text: String,
    /// The text block right behind it: what it prints.
    shown: Option<String>,
}

/// The blocks of every guide, in their order.
fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for guide in GUIDES {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(guide)).unwrap();
        let parts: Vec<_> = text.split("\n```").collect();
        for (between, code) in parts.iter().zip(&parts[1..]).step_by(2) {
            let (info, text) = code.split_once('\n').unwrap();
            let text = format!("{text}\n");
            let is_behind = between.split_once('\n').is_some_and(|(_, between)| between.trim().is_empty());
            match blocks.last_mut() {
                Some(sample) if info == "text" && is_behind => sample.shown = Some(text),
                _ => blocks.push(Block { guide, info: info.to_owned(), text, shown: None }),
            }
        }
    }
    blocks
}

/// Whether the programs of the samples are there.
fn can_run() -> bool {
    let missing = ["bash", "curl", "jq"].into_iter().find(|name| Command::new(name).arg("--version").output().is_err());
    let Some(missing) = missing else { return true };
    let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("samples"));
    assert!(!required, "the samples are required: install {missing}");
    std::io::stderr().write_all(format!("SKIPPED: the samples, because there is no {missing}\n").as_bytes()).unwrap();
    false
}

#[test]
fn every_sample_runs_and_prints_what_is_shown() {
    if !can_run() {
        return;
    }
    let (home, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sandbox = Sandbox::start(&mut sandbox(Some(home.path()), None));
    let own = |text: &str| {
        let text = text.replace("http://127.0.0.1:8080", sandbox.text("/baseUrl"));
        text.replace("/tmp/passerelle", &home.path().display().to_string())
    };
    let samples: Vec<_> = blocks().into_iter().filter(|block| block.info == "sh").collect();
    assert!(samples.len() > 35, "{}", samples.len());
    let script: String = samples.iter().map(|sample| own(&sample.text) + "\nprintf '\\001'\n").collect();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(work.path()).env("NO_PROXY", "127.0.0.1");
    let output = bash.output().unwrap();
    let (printed, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    let printed: Vec<_> = printed.split('\u{1}').collect();
    for (sample, printed) in samples.iter().zip(&printed) {
        if let Some(shown) = &sample.shown {
            assert_eq!(printed, shown, "{}: {}", sample.guide, sample.text);
        }
    }
    let stopped = samples.get(printed.len() - 1).map(|sample| format!("{}: {}", sample.guide, sample.text));
    assert!(output.status.success() && stopped.is_none(), "{stopped:?}: {errors}");
}

/// The sample of a guide in this language that has these words.
fn sample(guide: &str, language: &str, words: &str) -> String {
    let is_it = |block: &Block| block.guide == guide && block.info == language && block.text.contains(words);
    blocks().into_iter().find(is_it).expect("it is shown").text
}

/// What the samples that verify a message take for granted: a secret, and a message that was signed with it.
const SIGNED: [&str; 2] = [
    r#"
from datetime import datetime, timezone
from standardwebhooks import Webhook
secret, body, now = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", '{"number": 7}', datetime.now(timezone.utc)
headers = {"webhook-id": "e1", "webhook-timestamp": str(int(now.timestamp())),
           "webhook-signature": Webhook(secret).sign("e1", now, body)}
"#,
    r#"
const { Webhook } = require("standardwebhooks");
const secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", body = '{"number": 7}', now = new Date();
const headers = { "webhook-id": "e1", "webhook-timestamp": String(Math.floor(now / 1000)),
                  "webhook-signature": new Webhook(secret).sign("e1", now, body) };
const express = { raw: () => null };
const app = { post: (path, raw, handle) => handle({ body: Buffer.from(body), headers }, { sendStatus: console.log }) };
"#,
];

#[test]
fn the_samples_that_verify_accept_what_was_signed() {
    let tools = (tool("PASSERELLE_TEST_HOOKS_PYTHON"), tool("PASSERELLE_TEST_HOOKS_NODE"));
    let (Some(python), Some(node)) = tools else { return };
    let of_python = SIGNED[0].to_owned() + &sample("docs/webhooks.md", "python", ".verify(") + "print(event['number'])";
    let of_node = SIGNED[1].to_owned() + &sample("docs/webhooks.md", "js", ".verify(");
    let (mut by_python, mut by_node) = (Command::new(python), Command::new("node"));
    by_python.args(["-c", &of_python]);
    by_node.args(["-e", &of_node]).current_dir(node);
    for (command, printed) in [(&mut by_python, "7\n"), (&mut by_node, "204\n")] {
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(told, printed, "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Answers a connection after the other with these statuses, each to be repeated at once. Returns the address.
fn answering(statuses: &'static [u16]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).unwrap();
            let answer =
                format!("HTTP/1.1 {status} X\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    address
}

#[test]
fn the_repeats_of_the_guide_end_with_an_answer() {
    let Some(python) = tool("PASSERELLE_TEST_HOOKS_PYTHON") else { return };
    let script = sample("docs/vendors/errors.md", "python", "def send")
        + "import sys\nfor _ in range(2):\n    try:\n        print(send(urllib.request.Request(sys.argv[1])).status)\n\
           \x20   except urllib.error.HTTPError as refused:\n        print(refused.code)\n";
    let mut command = Command::new(python);
    let output = command.args(["-c", &script, &answering(&[503, 429, 500, 507, 204, 400])]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "204\n400\n", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_json_sample_fits_its_schema() {
    let samples: Vec<_> = blocks().into_iter().filter(|block| block.info.starts_with("json")).collect();
    assert!(samples.len() >= 8);
    for Block { guide, info, text, .. } in samples {
        let name = info.strip_prefix("json ").unwrap_or_else(|| panic!("{guide}: a sample without a schema: {text}"));
        let (name, _) = TEXTS.into_iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no {name}"));
        let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{guide}, {name}: {error}"));
        let findings = Schemas::shared().validate(name, &document);
        assert!(findings.is_empty(), "{guide}, {name}: {findings:?}");
    }
}

#[test]
fn every_guide_for_vendors_is_among_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/vendors");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = format!("docs/vendors/{}", file.unwrap().file_name().to_string_lossy());
        assert!(GUIDES.contains(&path.as_str()), "{path} is not tested");
    }
}

#[test]
fn what_the_guide_to_versions_says_of_today_holds() {
    let text = std::fs::read_to_string("docs/vendors/versions.md").unwrap();
    assert!(text.contains("**No operation is deprecated today**"));
    for model in models() {
        let row = model.former_version.map(|former| format!("`{}` | `{former}` |", model.version));
        assert!(row.is_none_or(|row| text.contains(&row)), "{}: say until when its former version is read", model.code);
    }
    let contract = CONTRACT.to_string();
    assert!(!contract.contains("\"deprecated\":true"), "say in the guide what is deprecated, and when it ends");
}

fn production() -> Router {
    shop(HttpConfig { deployment: Deployment::Production, ..surroundings(50) })
}

async fn html(router: &Router, path: &str) -> String {
    let page = plain(router, path).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
    assert!(page.header("content-security-policy").contains("default-src 'none'; style-src 'self'"), "{path}");
    page.body.as_str().unwrap().to_owned()
}

/// The addresses that a page leads to.
fn links(page: &str) -> BTreeSet<String> {
    page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The pages of the documentation, as the list on each of them has them.
async fn pages(router: &Router) -> Vec<String> {
    let list = html(router, "/docs").await;
    let (_, list) = list.split_once("<nav id=\"pages\"").unwrap();
    let guides = links(list.split("<h2>Contract</h2>").next().unwrap());
    guides.into_iter().collect()
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    for (router, least) in [(shop(surroundings(50)), 19), (production(), 16)] {
        let pages = pages(&router).await;
        assert!(pages.len() >= least, "{pages:?}");
        let mut seen = BTreeMap::new();
        for page in &pages {
            let text = html(&router, page).await;
            assert!(text.contains(" aria-current=\"page\""), "{page} is not marked in the list");
            for link in links(&text).into_iter().filter(|link| !link.starts_with("http")) {
                let link = if link.starts_with('#') { format!("{page}{link}") } else { link };
                let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
                if !seen.contains_key(path) {
                    let reply = plain(&router, path).await;
                    assert!(reply.status.is_success(), "{link} on {page}: {}", reply.status);
                    seen.insert(path.to_owned(), reply.body.as_str().unwrap_or_default().to_owned());
                }
                assert!(anchor.is_empty() || seen[path].contains(&format!("id=\"{anchor}\"")), "{link} on {page}");
            }
        }
        assert!(seen.len() > 300, "{}", seen.len());
    }
}

#[tokio::test]
async fn the_catalogues_are_whole() {
    let router = shop(surroundings(50));
    let has = async |path: &str, anchors: Vec<String>| {
        let page = html(&router, path).await;
        let missing: Vec<_> = anchors.iter().filter(|anchor| !page.contains(&format!("id=\"{anchor}\""))).collect();
        assert!(missing.is_empty() && anchors.len() > 20, "{path}: {missing:?}");
    };
    has("/docs/rules", rule_catalogue::all().map(|rule| rule.code.to_owned()).collect()).await;
    has("/docs/problems", ProblemType::ALL.iter().map(|kind| kind.entry().name.to_owned()).collect()).await;
    let events = super::get_with("/refData/eventTypes", &[]).await.body["items"].take();
    let code = |event: &Value| event["code"].as_str().unwrap().to_owned();
    has("/docs/events", events.as_array().unwrap().iter().map(code).collect()).await;
    has("/docs/operations", operations()).await;
    let limits = html(&router, "/docs/limits").await;
    assert!(limits.contains("<td>60</td><td>50</td>"), "the allowance of this gateway: {limits}");
}

/// The names of what software can call.
fn operations() -> Vec<String> {
    let vendor: Value =
        serde_saphyr::from_str(&std::fs::read_to_string("schemas/openapi.vendor.yaml").unwrap()).unwrap();
    let paths = vendor["paths"].as_object().unwrap().values().cloned();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values().cloned().collect::<Vec<_>>());
    operations.filter_map(|operation| operation["operationId"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_search_finds_words_codes_and_messages() {
    let router = shop(surroundings(50));
    for (query, target) in [
        ("q=ssinInvalid", "/docs/rules#attendance.ssinInvalid"),
        ("q=If-Match+weak", "/docs/concepts#revisions-etags-and-if-match"),
        ("q=num%C3%A9ro+de+registre+national+n%27est+pas+valable&in=rules", "/docs/rules#attendance.ssinInvalid"),
        ("q=deprecation+Sunset", "/docs/versions#when-something-has-to-end"),
        ("q=putAttendanceStatement", "/docs/operations#putAttendanceStatement"),
        ("q=retry-after", "/docs/limits#requests"),
        ("q=webhookOutOfOrder", "/docs/scenarios#webhooks"),
        ("q=preconditionRequired", "/docs/problems#preconditionRequired"),
        ("q=subsidyPayment.recorded", "/docs/events#subsidyPayment.recorded"),
    ] {
        let page = html(&router, &format!("/docs/search?{query}")).await;
        let found = page.split_once("<ol class=\"found\">").map_or("", |(_, found)| found);
        assert!(found.contains(&format!("href=\"{target}")), "{query}: {found}");
    }
    for query in ["", "?q=", "?q=%20", "?q=zzzqqq", "?q=etag&in=nowhere"] {
        assert!(!html(&router, &format!("/docs/search{query}")).await.contains("class=\"found\""), "{query}");
    }
    let hostile = html(&router, "/docs/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22").await;
    assert!(!hostile.contains("<script"), "{hostile}");
}

#[tokio::test]
async fn production_promises_no_worlds() {
    let router = production();
    for path in ["/docs/worlds", "/docs/scenarios", "/docs/test-data"] {
        assert_eq!(plain(&router, path).await.status, 404, "{path}");
    }
    let start = html(&router, "/docs/start").await;
    assert!(start.contains("This gateway is in production") && !start.contains("passerelle.example"), "{start}");
    let found = html(&router, "/docs/search?q=world").await;
    assert!(!found.contains("/docs/worlds"));
    let sandbox = html(&shop(surroundings(50)), "/docs/start").await;
    assert!(sandbox.contains("ORIGIN=https://passerelle.example\n") && !sandbox.contains("127.0.0.1:8080"));
}

#[tokio::test]
async fn the_collection_has_every_operation() {
    let reply = plain(&shop(surroundings(50)), "/docs/postman.json").await;
    assert!(reply.header("content-disposition").contains("postman_collection.json"));
    assert_eq!(reply.body["variable"][0]["value"], "https://passerelle.example/creche/v1");
    let folders = reply.body["item"].as_array().unwrap().iter();
    let requests: Vec<_> = folders.flat_map(|folder| folder["item"].as_array().unwrap()).collect();
    let named = |id: &String| requests.iter().any(|one| one["name"].as_str().unwrap().ends_with(&format!("({id})")));
    let missing: Vec<_> = operations().into_iter().filter(|id| !named(id)).collect();
    assert_eq!((missing, requests.len()), (Vec::new(), operations().len()));
    for request in requests {
        let url = &request["request"]["url"];
        let steps = url["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap());
        let named: BTreeSet<_> = steps.filter_map(|step| step.strip_prefix(':')).collect();
        let given = url["variable"].as_array().unwrap().iter();
        let given: BTreeSet<_> = given.map(|variable| variable["key"].as_str().unwrap()).collect();
        assert_eq!(named, given, "{request}");
    }
}

#[tokio::test]
async fn the_feed_of_changes_is_well_formed_and_has_every_change() {
    use quick_xml::events::Event;

    let reply = plain(&shop(surroundings(50)), "/docs/changelog.atom").await;
    assert_eq!(reply.header("content-type"), "application/atom+xml; charset=utf-8");
    let text = reply.body.as_str().unwrap();
    let mut reader = quick_xml::Reader::from_str(text);
    let mut entries = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => entries += usize::from(start.name().as_ref() == "entry"),
            Event::Eof => break,
            _ => {}
        }
    }
    let changelog = std::fs::read_to_string("CHANGELOG.md").unwrap();
    assert_eq!(entries, changelog.lines().filter(|line| line.starts_with("- ")).count());
    let ids: BTreeSet<_> = text.split("<id>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(ids.len(), entries + 1, "each entry has an id of its own");
    assert!(!text.contains("1970"), "the program knows when the changelog was changed");
}
