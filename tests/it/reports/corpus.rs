//! The published cases of the rules of reports: every rule is broken, alone, and met.

use std::collections::BTreeSet;

use jiff::civil::Date;
use passerelle::api::rule_cases::CASES;
use passerelle::domain::calendar::Calendar;
use passerelle::domain::creche::{Capacity, Creche};
use passerelle::domain::finding::Findings;
use passerelle::domain::period::{Month, Quarter};
use passerelle::domain::report::completeness::assess;
use passerelle::domain::report::raw::RawReport;
use passerelle::domain::report::{KIND, MonthDeposit, RegisterPerson, ReportContext, rules, validate};
use passerelle::domain::staff::Category;
use passerelle::ids::StaffMemberId;
use passerelle::ingest::json;
use passerelle::ingest::schema::{ACTIVITY_REPORT, Schemas};
use serde::Deserialize;
use serde_json::Value;

use crate::harness::app::{CRECHE, creche};

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
    failing: Option<Value>,
    passing: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Given {
    quarter: Quarter,
    today: Date,
    subsidised: bool,
    authorised_from: Date,
    authorised_until: Option<Date>,
    staff: Vec<Person>,
    #[serde(default)]
    claimed_elsewhere: Vec<String>,
    months: Option<Vec<Deposits>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Person {
    reference: String,
    functions: Vec<Function>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Function {
    start_date: Date,
    end_date: Option<Date>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Deposits {
    month: Month,
    attendance: bool,
    medical: bool,
    doctors: Option<Doctors>,
}

/// What is missing of the doctors of a month's consultations.
#[derive(Deserialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "camelCase")]
enum Doctors {
    Incomplete,
    NotValidated,
}

impl Given {
    fn creche(&self) -> Creche {
        Creche {
            id: creche(CRECHE),
            name: "Les P'tits Loups".to_owned(),
            one_number: "73/1".to_owned(),
            subsidised: self.subsidised,
            authorised_from: self.authorised_from,
            authorised_until: self.authorised_until,
            capacity: Capacity::default(),
            calendar: Calendar::default(),
        }
    }

    fn person(&self, at: usize) -> RegisterPerson {
        let id: StaffMemberId = format!("019a5c00-0000-7000-8000-{at:012}").parse().unwrap();
        let Person { reference, functions } = &self.staff[at];
        let functions = functions.iter().map(|one| (Category::Childcare, (one.start_date, one.end_date))).collect();
        RegisterPerson { id, reference: reference.clone(), functions }
    }

    /// The findings on a draft; on what it lacks too, where the months are given.
    fn judge(&self, draft: Option<&Value>) -> Findings {
        let (creche, staff) = (self.creche(), (0..self.staff.len()).map(|at| self.person(at)).collect::<Vec<_>>());
        let elsewhere = staff.iter().filter(|person| self.claimed_elsewhere.contains(&person.reference));
        let claimed_elsewhere: Vec<_> = elsewhere.map(|person| person.id).collect();
        let context = ReportContext {
            quarter: self.quarter,
            today: self.today,
            creche: &creche,
            staff: &staff,
            claimed_elsewhere: &claimed_elsewhere,
        };
        let read =
            |draft: &Value| json::read::<RawReport>(draft.to_string().as_bytes(), ACTIVITY_REPORT, Schemas::shared());
        let (raw, mut findings) = draft.map(read).unwrap_or_default();
        match &self.months {
            None => findings.extend(validate(&raw.expect("a draft"), &context)),
            Some(months) => {
                let months: Vec<_> = months.iter().map(Deposits::to_month_deposit).collect();
                for step in assess(raw.as_ref(), &context, &months) {
                    findings.extend(step.findings);
                }
            }
        }
        findings
    }
}

impl Deposits {
    fn to_month_deposit(&self) -> MonthDeposit {
        let Self { month, attendance, medical, doctors } = *self;
        let lacks_doctors = doctors == Some(Doctors::Incomplete);
        MonthDeposit {
            month,
            attendance,
            medical,
            awaits_doctors: doctors == Some(Doctors::NotValidated),
            lacks_doctors,
        }
    }
}

fn cases() -> Vec<Case> {
    let (_, corpus) = CASES.iter().find(|(name, _)| *name == KIND.name()).expect("reports have cases");
    serde_json::from_str::<Corpus>(corpus).expect("the corpus is read").cases
}

fn codes(findings: &Findings) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.rule.code).collect()
}

#[test]
fn a_failing_draft_shows_its_rule_alone_and_a_passing_one_does_not() {
    for case in cases() {
        let findings = case.context.judge(case.failing.as_ref());
        let mut expected: BTreeSet<_> = case.also.iter().map(String::as_str).collect();
        expected.insert(&case.rule);
        assert_eq!(codes(&findings), expected, "{}, {}", case.rule, case.title);
        let findings = case.passing_context.as_ref().unwrap_or(&case.context).judge(Some(&case.passing));
        assert!(
            !findings.has_errors() && !codes(&findings).contains(case.rule.as_str()),
            "{}, {}: {findings:?}",
            case.rule,
            case.title
        );
    }
}

#[test]
fn every_rule_of_reports_has_a_case() {
    let cases = cases();
    let told: BTreeSet<_> = cases.iter().map(|case| case.rule.as_str()).collect();
    assert_eq!(told, rules::ALL.iter().map(|rule| rule.code).collect());
    let titles: BTreeSet<_> = cases.iter().map(|case| (case.rule.as_str(), case.title.as_str())).collect();
    assert_eq!(titles.len(), cases.len());
}
