//! The table of cases in `sandbox/corpus`: every rule of a document is broken, alone, and met.

use std::collections::{BTreeMap, BTreeSet};

use passerelle::api::rule_cases::CASES;
use passerelle::domain::calendar::Calendar;
use passerelle::domain::closure::Closure;
use passerelle::domain::creche::{Capacity, Places};
use passerelle::domain::doctor::{DoctorState, KnownDoctor};
use passerelle::domain::finding::Findings;
use passerelle::domain::inami::Inami;
use passerelle::domain::kinds::for_each_kind;
use passerelle::domain::period::Month;
use passerelle::domain::rule::{Rule, RuleSet};
use passerelle::domain::rules;
use passerelle::domain::ssin::AcceptedSsins;
use passerelle::domain::statement::{PastStatements, StatementContext, StatementKind};
use passerelle::ids::DoctorId;
use passerelle::ingest::schema::Schemas;
use passerelle::ingest::{ImportFormat, StatementFormat, json};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Corpus {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    rule: String,
    title: String,
    context: Given,
    passing_context: Option<Given>,
    #[serde(default)]
    also: BTreeSet<String>,
    repeat: Option<BTreeMap<String, usize>>,
    failing: Option<Value>,
    failing_text: Option<String>,
    passing: Value,
    #[serde(rename = "doors")]
    channels: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Given {
    month: Month,
    today: jiff::civil::Date,
    capacity: u32,
    closures: Vec<Closure>,
    subsidised: bool,
    latest: Option<Latest>,
    doctors: Option<Vec<Doctor>>,
    elsewhere: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Doctor {
    inami: Inami,
    state: DoctorState,
    start_date: jiff::civil::Date,
    end_date: Option<jiff::civil::Date>,
    here: bool,
}

impl Doctor {
    fn to_known_doctor(&self) -> KnownDoctor {
        let Self { inami, state, start_date, end_date, here } = *self;
        let id: DoctorId = "019a5c00-0000-7000-8000-000000000041".parse().unwrap();
        KnownDoctor { id, inami, state, collaboration: (start_date, end_date), here }
    }
}

#[derive(Deserialize)]
struct Latest {
    month: Month,
    statement: Value,
}

impl Given {
    fn context<S>(&self, past: PastStatements<S>) -> StatementContext<S> {
        let places = Places { from: jiff::civil::date(2020, 1, 1), places: self.capacity };
        StatementContext {
            month: self.month,
            today: Some(self.today),
            calendar: Some(Calendar::new(self.closures.clone())),
            capacity: Some(Capacity::new(vec![places])),
            subsidised: self.subsidised,
            past: Some(past),
            half_day_max_minutes: 300,
            accepted_ssins: AcceptedSsins::Valid,
            rules: RuleSet::Current,
            doctors: self.doctors.as_ref().map(|doctors| doctors.iter().map(Doctor::to_known_doctor).collect()),
        }
    }

    /// The verdict on `text`, with what was deposited before.
    fn judge<S: StatementFormat>(&self, text: &str) -> Findings {
        let mut past = PastStatements::default();
        if let Some(latest) = &self.latest {
            let mut context = self.context(PastStatements::default());
            context.month = latest.month;
            past.latest.push(statement(&latest.statement, &context));
        }
        if let Some(lines) = &self.elsewhere {
            let elsewhere =
                statement::<S>(&serde_json::json!({ "lines": lines }), &self.context(PastStatements::default()));
            past.elsewhere.push(elsewhere);
        }
        let (raw, mut findings) = read::<S>(text);
        if let Some(raw) = raw {
            findings.extend(S::parse(raw, &self.context(past)).1);
        }
        findings
    }
}

/// A document read through the channel of JSON.
fn read<S: StatementFormat>(text: &str) -> (Option<S::Raw>, Findings) {
    json::read(text.as_bytes(), <S::Raw as ImportFormat>::SCHEMA, Schemas::shared())
}

/// A statement that is well-formed.
fn statement<S: StatementFormat>(document: &Value, context: &StatementContext<S>) -> S {
    let (raw, findings) = read::<S>(&document.to_string());
    assert!(findings.is_empty(), "{findings:?}");
    S::parse(raw.expect("read"), context).0.expect("well-formed")
}

impl Case {
    fn repeated(&self, which: &str, statement: &Value) -> String {
        let Some(repeat) = &self.repeat else { return statement.to_string() };
        let line = statement["lines"][0].to_string();
        let lines: Vec<_> = (1..=repeat[which]).map(|number| line.replace("{n}", &number.to_string())).collect();
        format!("{{\"lines\":[{}]}}", lines.join(","))
    }

    fn failing(&self) -> String {
        match (&self.failing, &self.failing_text) {
            (Some(statement), None) => self.repeated("failing", statement),
            (None, Some(text)) => text.clone(),
            _ => panic!("{}: failing or failingText", self.rule),
        }
    }
}

/// The cases of a kind of statement.
fn cases(kind: StatementKind) -> Vec<Case> {
    let (_, corpus) = CASES.iter().find(|(name, _)| *name == kind.name()).expect("every kind has cases");
    serde_json::from_str::<Corpus>(corpus).expect("the corpus is read").cases
}

fn codes(findings: &Findings) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn a_failing_case_shows_its_rule_and_nothing_that_it_does_not_say() {
    macro_rules! failing_of_kinds {
        ($($kind:ident)*) => { $(failing::<passerelle::domain::kinds::$kind::Statement>();)* };
    }
    for_each_kind!(failing_of_kinds);
}

fn failing<S: StatementFormat>() {
    let mut wrong = Vec::new();
    for case in cases(S::KIND) {
        let findings = case.context.judge::<S>(&case.failing());
        let mut expected: BTreeSet<_> = case.also.iter().map(String::as_str).collect();
        expected.insert(&case.rule);
        if codes(&findings) != expected {
            wrong.push(format!("{}, {}: {:?} in place of {expected:?}", case.rule, case.title, codes(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_passing_case_is_accepted_and_does_not_show_the_rule() {
    macro_rules! passing_of_kinds {
        ($($kind:ident)*) => { $(passing::<passerelle::domain::kinds::$kind::Statement>();)* };
    }
    for_each_kind!(passing_of_kinds);
}

fn passing<S: StatementFormat>() {
    let mut wrong = Vec::new();
    for case in cases(S::KIND) {
        let given = case.passing_context.as_ref().unwrap_or(&case.context);
        let findings = given.judge::<S>(&case.repeated("passing", &case.passing));
        if findings.has_errors() || codes(&findings).contains(case.rule.as_str()) {
            wrong.push(format!("{}, {}: {:?}", case.rule, case.title, codes(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_of_a_document_has_a_case_and_every_case_a_title_of_its_own() {
    // What a JSON text cannot contain: bytes that are not UTF-8, more values than are worth storing in a file, and the
    // quotes and fields of a table. `input.notUnderstood` is reported only for a fault of the gateway, `input.ssinNotInvented` only
    // in a world of a sandbox (worlds::ssins), `medical.doctorRefusedLater`
    // and `medical.doctorChangedLater` for statements that are read (statements::standing).
    let elsewhere = [
        "json.notUtf8",
        "json.tooManyValues",
        "input.unclosedQuote",
        "input.tooManyFields",
        "input.notUnderstood",
        "input.ssinNotInvented",
        "medical.doctorRefusedLater",
        "medical.doctorChangedLater",
    ];
    let of_kinds = StatementKind::MONTHLY.iter().flat_map(|kind| kind.facts().rules);
    let rules: Vec<&Rule> = rules::document::ALL.iter().chain(of_kinds).copied().collect();
    let expected: BTreeSet<_> = rules.iter().map(|rule| rule.code).filter(|code| !elsewhere.contains(code)).collect();
    let cases: Vec<_> = StatementKind::MONTHLY.iter().copied().flat_map(cases).collect();
    let told: BTreeSet<_> = cases.iter().map(|case| case.rule.as_str()).collect();
    assert_eq!(told, expected);
    let titles: BTreeSet<_> = cases.iter().map(|case| (case.rule.as_str(), case.title.as_str())).collect();
    assert_eq!(titles.len(), cases.len());
    for case in &cases {
        let channels = case.channels.iter().flatten().all(|channel| ["json", "xlsx"].contains(&channel.as_str()));
        assert!(channels && !case.title.is_empty(), "{}", case.rule);
    }
}
