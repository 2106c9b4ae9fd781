//! What the contract and the documents name is made by some code: scopes, rights, events, values and headers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use passerelle::domain::action::{Action, RecordedAction};
use passerelle::domain::claim::ClaimAct;
use passerelle::domain::event::EventType;
use passerelle::domain::key::Scope;
use passerelle::domain::period::{Period, Quarter};
use passerelle::domain::statement::{StatementKind, StatementStatus};
use passerelle::domain::user;
use passerelle::ingest::schema::OPENAPI;
use serde_json::Value;

use super::contract::CALLERS;

/// Header fields that callers and intermediaries send and the gateway does not name in its code.
const OF_OTHERS: [&str; 4] = ["Content-Length", "Date", "Forwarded", "WebHook-Request-Callback"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder, or the file itself.
fn files(at: PathBuf, found: &mut Vec<PathBuf>) {
    if at.is_file() {
        found.push(at);
        return;
    }
    for entry in std::fs::read_dir(at).expect("a folder") {
        files(entry.expect("an entry").path(), found);
    }
}

/// The code below a folder of `src`, without comments and tests.
fn code(folder: &str) -> String {
    let mut found = Vec::new();
    files(root().join("src").join(folder), &mut found);
    let code = found.iter().filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let texts = code.map(|path| std::fs::read_to_string(path).expect("a text"));
    let lines = |text: String| {
        let tested = text.split("#[cfg(test)]").next().unwrap_or_default();
        tested.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    texts.map(lines).collect::<Vec<_>>().join("\n")
}

fn contract() -> Value {
    serde_saphyr::from_str(OPENAPI).expect("the contract is YAML")
}

/// Every value of a member of this name, wherever it is.
fn members<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get(name));
            object.values().for_each(|inner| members(inner, name, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| members(inner, name, found)),
        _ => {}
    }
}

#[test]
fn every_scope_and_every_right_opens_an_operation() {
    let contract = contract();
    let mut found = Vec::new();
    members(&contract["paths"], "x-scope", &mut found);
    let mut used: BTreeSet<_> =
        found.into_iter().filter_map(Value::as_str).filter(|one| !CALLERS.contains(one)).collect();
    // Two scopes extend the input or output of an operation.
    let code = code("app");
    let widens = |scope: &&Scope| code.contains(&format!("may(Scope::{scope:?})"));
    used.extend(Scope::ALL.iter().filter(widens).map(|scope| scope.code()));
    assert_eq!(used, Scope::ALL.iter().map(|scope| scope.code()).collect());
    let rights = user::FILES.iter().flat_map(|file| [file.read.code(), file.write.code()]);
    let idle: Vec<_> = rights.filter(|right| !used.contains(right)).collect();
    assert!(idle.is_empty(), "no operation asks for {idle:?}");
}

#[test]
fn every_event_is_recorded_by_a_use_case() {
    let code = code("app");
    let deposits = StatementKind::ALL.iter().flat_map(|kind| {
        [EventType::deposit(*kind, true), EventType::deposit(*kind, false), EventType::refusal(*kind)]
    });
    let mut made: BTreeSet<_> = deposits.map(EventType::code).collect();
    made.extend(StatementKind::ALL.iter().filter_map(|kind| EventType::missing(*kind)).map(EventType::code));
    assert!(["deposit(", "refusal(", "missing("].iter().all(|call| code.contains(&format!("EventType::{call}"))));
    assert!(code.contains("EventType::of_claim(act, period)"));
    let quarter: Quarter = "2026Q3".parse().unwrap();
    for period in [Period::Quarter(quarter), Period::Month(quarter.months()[0])] {
        made.extend(ClaimAct::ALL.iter().filter_map(|act| EventType::of_claim(*act, period)).map(EventType::code));
    }
    // Some are announced by an action of another code.
    let announced = RecordedAction::ALL.iter().filter_map(|action| Action::from(*action).event());
    made.extend(announced.map(EventType::code));
    let named = |kind: &EventType| code.contains(&format!("EventType::{kind:?}"));
    made.extend(EventType::all().filter(named).map(EventType::code));
    assert_eq!(made, EventType::all().map(EventType::code).collect());
}

#[test]
fn every_status_of_a_statement_can_be_met() {
    let contract = contract();
    let published = contract["components"]["schemas"]["StatementStatus"]["enum"].as_array().expect("values");
    let met: Vec<_> = StatementStatus::ALL.iter().map(|status| status.code()).collect();
    assert_eq!(published.iter().filter_map(Value::as_str).collect::<Vec<_>>(), met);
    let code = code("");
    let unmade: Vec<_> =
        StatementStatus::ALL.iter().filter(|one| !code.contains(&format!("Status::{one:?}"))).collect();
    assert!(unmade.is_empty(), "nothing makes {unmade:?}");
}

#[test]
fn every_value_that_an_answer_may_have_is_in_the_code() {
    let contract = contract();
    let code = code("");
    let mut found = Vec::new();
    members(&contract["components"]["schemas"], "enum", &mut found);
    let values: BTreeSet<_> =
        found.iter().filter_map(|values| values.as_array()).flatten().filter_map(Value::as_str).collect();
    assert!(values.len() > 50, "{values:?}");
    let spelled = |value: &&str| {
        let mut letters = value.chars();
        let variant: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let loud = value.chars().all(|letter| letter.is_ascii_uppercase());
        let variant = if loud { format!("{}{}", &value[..1], value[1..].to_lowercase()) } else { variant };
        code.contains(&format!("\"{value}\"")) || code.contains(&format!("{variant},"))
    };
    let unmade: Vec<_> = values.iter().copied().filter(|value| !spelled(value)).collect();
    assert!(unmade.is_empty(), "nothing makes {unmade:?}");
}

/// The names of header fields between backquotes: words with capitals, joined by hyphens.
fn headers_in(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let names = quoted.map(|quoted| quoted.split(':').next().unwrap_or_default());
    names.filter(|name| {
        let word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_uppercase()) && word.chars().all(char::is_alphanumeric)
        };
        name.contains('-') && name.split('-').all(word) && name.chars().any(|letter| letter.is_ascii_lowercase())
    })
}

#[test]
fn every_header_that_is_named_is_read_or_sent() {
    let code = code("").to_lowercase();
    let contract = contract();
    let mut named: BTreeSet<String> = BTreeSet::new();
    let fields = contract["components"]["headers"].as_object().expect("headers");
    named.extend(fields.keys().cloned());
    let mut documents = vec![root().join("README.md")];
    files(root().join("docs"), &mut documents);
    let texts = documents.iter().filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let texts = texts.map(|path| std::fs::read_to_string(path).expect("a text")).chain([OPENAPI.to_owned()]);
    texts.for_each(|text| named.extend(headers_in(&text).map(str::to_owned)));
    let is_known = |name: &str| {
        let name = name.to_lowercase();
        code.contains(&format!("\"{name}\"")) || code.contains(&format!("header::{}", name.replace('-', "_")))
    };
    let unknown: Vec<_> = named.iter().filter(|name| !is_known(name) && !OF_OTHERS.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "nothing reads or sends {unknown:?}");
}
