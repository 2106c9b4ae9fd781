//! Every way in finds the same at the same place: code, field and, in workbooks, cell.

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::app::check::{CheckResult, CheckedKind, OfflineContext, check};
use passerelle::domain::kinds::attendance;
use passerelle::domain::kinds::medical;
use passerelle::domain::statement::StatementKind;
use passerelle::domain::text::without_api_codes;
use passerelle::ingest::workbook::xls::XlsReader;
use serde_json::{Value, json};

use super::{Case, Given, cases, workbook};
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app};
use crate::harness::call::{JSON, Reply, XLS, XLSX};
use crate::harness::database::Database;
use crate::harness::legacy::legacy;

/// A finding: its code, its fields, its cells.
type ReportedPlaces = (String, Vec<String>, Vec<String>);

/// The findings of an answer, in no order.
pub(crate) fn reported(reply: &Reply) -> BTreeSet<ReportedPlaces> {
    let lists = ["issues", "warnings"].map(|list| reply.json[list].as_array().cloned().unwrap_or_default());
    let one = |finding: &Value| {
        let listed = finding["places"].as_array().cloned();
        let places = listed.unwrap_or_else(|| vec![finding.clone()]);
        let all = |member: &str| places.iter().filter_map(|place| place[member].as_str().map(str::to_owned)).collect();
        (finding["code"].as_str().unwrap().to_owned(), all("name"), all("cell"))
    };
    lists.concat().iter().map(one).collect()
}

/// The findings off-line, likewise.
pub(crate) fn told_offline(checked: &CheckResult) -> BTreeSet<ReportedPlaces> {
    let one = |finding: &passerelle::domain::finding::Finding| {
        let fields = finding.places.iter().map(|place| place.pointer.clone()).collect();
        let cells = finding.places.iter().filter_map(|place| place.cell.clone()).collect();
        (finding.rule.code.to_owned(), fields, cells)
    };
    checked.findings.iter().map(one).collect()
}

/// Without the cells.
pub(crate) fn fields(reported: &BTreeSet<ReportedPlaces>) -> BTreeSet<(&str, &[String])> {
    reported.iter().map(|(code, fields, _)| (code.as_str(), fields.as_slice())).collect()
}

/// The differences between a gateway's findings and those off-line: off-line there is no finding without one of the gateway
/// at the same place, and only rules listed as not checked are missing.
pub(crate) fn differs(gateway: &BTreeSet<ReportedPlaces>, checked: &CheckResult) -> Option<String> {
    let offline = told_offline(checked);
    let unchecked = |code: &str| checked.not_checked.iter().any(|rule| rule.code == code);
    // Some places of a rule may depend on data that is missing off-line: then there are fewer.
    let is_part = |reported: &&ReportedPlaces| {
        let of_rule = gateway.iter().filter(|(code, ..)| *code == reported.0);
        let within = |whole: &ReportedPlaces| reported.1.iter().all(|field| whole.1.contains(field));
        of_rule.into_iter().any(|whole| whole == *reported || (unchecked(&reported.0) && within(whole)))
    };
    let invented: Vec<_> = offline.iter().filter(|reported| !is_part(reported)).collect();
    let missing: Vec<_> = gateway.difference(&offline).filter(|(code, ..)| !unchecked(code)).collect();
    (!invented.is_empty() || !missing.is_empty())
        .then(|| format!("off-line {invented:?} is new, {missing:?} is missing"))
}

/// The crèche and the day of a case, as off-line context.
fn offline_context(given: &Given) -> OfflineContext {
    let offline_context = json!({ "today": given.today, "capacity": given.capacity, "closures": given.closures,
        "subsidised": given.subsidised });
    serde_json::from_value(offline_context).unwrap()
}

/// Sends a document by each channel that accepts it; returns the differences.
async fn compare(
    app: &TestApp,
    kind: &str,
    case: &Case,
    (given, document): (&Given, &Value),
    xls: Option<&[u8]>,
) -> Vec<String> {
    let reader = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    let book = workbook(kind, &given.month, document);
    let text = document.to_string().into_bytes();
    let mut ways: Vec<(&str, &str, &[u8])> = Vec::new();
    if case.by("json") {
        ways.push(("json", JSON, &text));
    }
    if case.by("xlsx") {
        ways.push(("xlsx", XLSX, &book));
        ways.extend(xls.map(|bytes| ("xls", XLS, bytes)));
    }
    let (mut wrong, mut first, mut sheet) =
        (Vec::new(), None::<BTreeSet<ReportedPlaces>>, None::<BTreeSet<ReportedPlaces>>);
    for (way, media, bytes) in ways {
        let path = given.prepare(app, kind).await;
        let call = app.vendor().call(Method::PUT, format!("{path}?dryRun=true"));
        let reply = call.body(media, bytes.to_vec()).if_none_match("*").await;
        let now = reported(&reply);
        let name = format!("{}, {} by {way}", case.rule, case.title);
        match &first {
            Some(first) if fields(first) != fields(&now) => wrong.push(format!("{name}: {now:?}, not {first:?}")),
            Some(_) => {}
            None => first = Some(now.clone()),
        }
        if way != "json" {
            match &sheet {
                Some(sheet) if *sheet != now => wrong.push(format!("{name}: {now:?}, not {sheet:?}")),
                Some(_) => {}
                None => sheet = Some(now.clone()),
            }
        }
        let month = given.month.parse().unwrap();
        let document = CheckedKind::Statement(StatementKind::from_name(kind).unwrap());
        let checked = check(document, bytes, Some(month), &offline_context(given), None, &reader).await.unwrap();
        wrong.extend(differs(&now, &checked).map(|differs| format!("{name}: {differs}; a gateway {now:?}")));
        if way == "xlsx" {
            wrong.extend(uploaded(app, kind, (given, &path), bytes).await.map(|missing| format!("{name}: {missing}")));
        }
    }
    wrong
}

/// What the page of a marked upload omits of the API's findings, in text and cells.
async fn uploaded(app: &TestApp, kind: &str, (given, path): (&Given, &str), bytes: &[u8]) -> Option<String> {
    let request = app.vendor().call(Method::PUT, format!("{path}?dryRun=true"));
    let said = request.body(XLSX, bytes.to_vec()).language("fr").if_none_match("*").await;
    let browser = app.browser(ADMINISTRATOR).await;
    let creche = path.split('/').nth(2).unwrap();
    let form = format!("/console/creches/{creche}/{kind}/{}/upload", given.month);
    let refused = said.status == 400;
    // A file without errors is only tried; one with errors is refused when it is deposited.
    let page = browser.upload(&form, &[("action", if refused { "deposit" } else { "mark" })], bytes).await;
    let escaped = |text: &str| text.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;");
    let escaped = |text: &str| escaped(text).replace('<', "&#60;").replace('>', "&#62;");
    if page.text.is_empty() || page.header("content-type").contains("spreadsheetml") {
        return (refused || said.codes("warnings").is_empty()).then(|| format!("no page: {}", page.status));
    }
    let lists = ["issues", "warnings"].map(|list| said.json[list].as_array().cloned().unwrap_or_default()).concat();
    let shows = |finding: &Value| {
        let (detail, cell) = (finding["detail"].as_str().unwrap(), finding["cell"].as_str().unwrap_or_default());
        page.text.contains(&escaped(&without_api_codes(detail))) && page.text.contains(cell)
    };
    let missing: Vec<_> = lists.iter().filter(|finding| !shows(finding)).collect();
    (!missing.is_empty()).then(|| format!("the page of the upload leaves out {missing:?}"))
}

/// The documents of a case: one that breaks the rule and one that meets it.
fn documents(case: &Case) -> Vec<(&Given, Value)> {
    let failing = case.failing.is_some().then(|| (&case.context, case.failing()));
    failing.into_iter().chain([(case.passing_context(), case.passing())]).collect()
}

#[tokio::test]
async fn every_channel_has_the_same_findings_at_the_same_places() {
    let cases = cases();
    let books: Vec<_> = cases
        .iter()
        .flat_map(|(kind, case)| documents(case).into_iter().map(move |(given, doc)| (*kind, given, doc)))
        .map(|(kind, given, document)| workbook(kind, &given.month, &document))
        .collect();
    let legacy = legacy(&books);
    // Reading a file does not depend on the engine.
    let database = Database::sqlite().await;
    let app = TestApp::start(&database).await;
    let (mut wrong, mut at) = (Vec::new(), 0);
    for (kind, case) in &cases {
        for (given, document) in documents(case) {
            let xls = legacy.as_ref().map(|books| books[at].as_slice());
            at += 1;
            wrong.extend(compare(&app, kind, case, (given, &document), xls).await);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Samples saved by other programs, with the month that they are for.
const SAMPLES: [(&str, StatementKind, &str); 8] = [
    ("openpyxl.xlsx", attendance::KIND, "2026-09"),
    ("libreoffice.xlsx", attendance::KIND, "2026-09"),
    ("libreoffice.xls", attendance::KIND, "2026-09"),
    ("sheetjs.xlsx", attendance::KIND, "2026-09"),
    ("xlwt.xls", attendance::KIND, "2026-09"),
    ("consultations.json", medical::KIND, "2026-07"),
    ("consultations.xlsx", medical::KIND, "2026-07"),
    ("consultations.xls", medical::KIND, "2026-07"),
];

#[tokio::test]
async fn samples_have_the_same_findings_in_a_gateway_and_off_line() {
    let reader = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    each_app(async |app| {
        for (name, kind, month) in SAMPLES {
            let bytes = std::fs::read(format!("{}/sandbox/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            let media = match name.rsplit('.').next().unwrap() {
                "json" => JSON,
                "xls" => XLS,
                _ => XLSX,
            };
            let path = format!("/creches/{}/{}/{month}?dryRun=true", crate::harness::app::CRECHE, kind.collection());
            let reply = app.vendor().call(Method::PUT, path).body(media, bytes.clone()).await;
            let month = month.parse().unwrap();
            let offline_context: OfflineContext = serde_json::from_value(json!({ "today": "2026-10-12" })).unwrap();
            let checked = check(CheckedKind::Statement(kind), &bytes, Some(month), &offline_context, None, &reader)
                .await
                .unwrap();
            assert_eq!(differs(&reported(&reply), &checked), None, "{name}: {:#}", reply.json);
        }
    })
    .await;
}
