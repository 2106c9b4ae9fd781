//! The deposits of an application: the verdict on each, with the findings in plain words.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use super::{ApplicationPath, PART, find_application, href};
use crate::app::creches;
use crate::app::verdicts::{self, VerdictQuery, VerdictRecord};
use crate::console::form::{Fields, QueryFields};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, render};
use crate::domain::creche::Creche;
use crate::domain::deposit::{DepositOutcome, DepositSubject, VerdictFilter};
use crate::domain::period::Period;
use crate::domain::rule_catalogue;
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::ApplicationId;
use crate::words::{self, Language, LocalText};

/// An option of a filter.
pub(super) struct FilterOption {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) chosen: bool,
}

/// A displayed verdict.
pub(super) struct VerdictRow {
    at: String,
    /// The subject: the crèche and its month, or the register.
    pub(super) subject: String,
    pub(super) href: String,
    pub(super) outcome: &'static str,
    pub(super) colour: &'static str,
    pub(super) errors: u32,
    pub(super) warnings: u32,
    pub(super) findings: Vec<(String, u64)>,
}

#[derive(Template)]
#[template(path = "applications/deposits.html", config = ".config/askama.toml")]
struct DepositsPage {
    frame: PageFrame,
    back: String,
    name: String,
    outcomes: Vec<FilterOption>,
    creches: Vec<FilterOption>,
    month: String,
    search: String,
    filtered: bool,
    lines: Vec<VerdictRow>,
    next: Option<String>,
}

pub(super) async fn page(
    visit: PageContext,
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    QueryFields(asked): QueryFields,
) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    let language = visit.language;
    let known = creches::list(&visit.app, &visit.acting.as_organiser_caller()).await?;
    let words = asked.get("q").to_lowercase();
    let wanted = |verdict: &VerdictRecord| words.is_empty() || text_of(verdict, &known, language).contains(&words);
    let before = asked.get("before").parse().ok();
    let query = VerdictQuery { filter: &filter(id, &asked), before, most: PAGE };
    let found = verdicts::list(&visit.app, visit.acting.organiser, query, wanted).await?;
    let outcome = |outcome: DepositOutcome| FilterOption {
        value: outcome.code().to_owned(),
        words: outcome_words(outcome, language).0.to_owned(),
        chosen: asked.get("outcome") == outcome.code(),
    };
    let creche = |creche: &Creche| FilterOption {
        value: creche.id.to_string(),
        words: creche.name.clone(),
        chosen: asked.get("creche") == creche.id.to_string(),
    };
    Ok(render(&DepositsPage {
        frame: PageFrame::at(PART, &visit),
        back: href(id),
        name: application.stored.name,
        outcomes: OUTCOMES.map(outcome).into(),
        creches: known.iter().map(creche).collect(),
        month: asked.get("month").to_owned(),
        search: asked.get("q").to_owned(),
        filtered: FILTERS.iter().any(|name| !asked.get(name).is_empty()),
        lines: found.items.iter().map(|verdict| line(verdict, &known, language)).collect(),
        next: found.next.map(|next| next_page_address(&FILTERS, &asked, &next.to_string())),
    }))
}

const OUTCOMES: [DepositOutcome; 4] =
    [DepositOutcome::Accepted, DepositOutcome::Refused, DepositOutcome::DryRun, DepositOutcome::Unchanged];
/// How many verdicts a page shows.
const PAGE: usize = 25;
const FILTERS: [&str; 4] = ["outcome", "creche", "month", "q"];

/// The filter in the address; values that cannot be read are ignored.
fn filter(application: ApplicationId, asked: &Fields) -> VerdictFilter {
    VerdictFilter {
        application: Some(application),
        creche: asked.get("creche").parse().ok(),
        outcome: asked.get("outcome").parse().ok(),
        period: month(asked.get("month")),
        ..VerdictFilter::default()
    }
}

/// A month as browsers send it, or as users type it where the browser has no field for it: `07/2026`.
fn month(typed: &str) -> Option<Period> {
    let turned = typed.trim().split_once('/').map(|(month, year)| format!("{year}-{month:0>2}"));
    turned.as_deref().unwrap_or(typed).parse().ok()
}

/// The address of the next page, with the same filters.
pub(super) fn next_page_address(filters: &[&str], asked: &Fields, before: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::from("?"));
    query.extend_pairs(filters.iter().map(|name| (name, asked.get(name))).filter(|(_, value)| !value.is_empty()));
    query.append_pair("before", before).finish()
}

pub(super) fn line(verdict: &VerdictRecord, known: &[Creche], language: Language) -> VerdictRow {
    let (outcome, colour) = outcome_words(verdict.outcome, language);
    VerdictRow {
        at: date_time(verdict.at),
        subject: subject(verdict.subject, known, language),
        href: match verdict.subject {
            DepositSubject::Statement { creche, kind, period } => {
                format!("/console/creches/{creche}/{}/{period}", kind.name())
            }
            DepositSubject::StaffRegister => "/console/staff".to_owned(),
        },
        outcome,
        colour,
        errors: verdict.errors,
        warnings: verdict.warnings,
        findings: findings(verdict, language),
    }
}

/// The subject in words: the crèche and its month, or the register.
fn subject(subject: DepositSubject, known: &[Creche], language: Language) -> String {
    let Some((id, period)) = subject.place() else { return REGISTER.get(language).to_owned() };
    let name = known.iter().find(|creche| creche.id == id).map_or("–", |creche| creche.name.as_str());
    format!("{name}, {}", period.in_words(language))
}

const REGISTER: LocalText = words::applications::REGISTER;

/// Each broken rule in words, and how often; the code of a rule of another release.
fn findings(verdict: &VerdictRecord, language: Language) -> Vec<(String, u64)> {
    let counts: BTreeMap<String, u64> = serde_json::from_str(&verdict.counts).unwrap_or_default();
    let words = |code: &str| {
        rule_catalogue::find(code).map_or_else(|| code.to_owned(), |rule| without_values(rule.reason.get(language)))
    };
    counts.iter().map(|(code, count)| (words(code), *count)).collect()
}

/// A sentence without its parameters, which are not stored.
fn without_values(sentence: &str) -> String {
    let mut parts = sentence.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "…" + part.split_once('}').map_or("", |(_, rest)| rest))
}

/// The searchable text of a verdict, in small letters.
fn text_of(verdict: &VerdictRecord, known: &[Creche], language: Language) -> String {
    let findings = findings(verdict, language).into_iter().map(|(words, _)| words).collect::<Vec<_>>().join(" ");
    let key = verdict.key.map(|key| key.to_string()).unwrap_or_default();
    format!("{} {findings} {} {key}", subject(verdict.subject, known, language), verdict.counts).to_lowercase()
}

/// An outcome in words, and the CSS class of its tag.
pub(super) const fn outcome_words(outcome: DepositOutcome, language: Language) -> (&'static str, &'static str) {
    let (words, colour) = match outcome {
        DepositOutcome::Accepted => (words::applications::OUTCOME_ACCEPTED, "good"),
        DepositOutcome::Refused => (words::applications::OUTCOME_REFUSED, "bad"),
        DepositOutcome::DryRun => (words::applications::OUTCOME_DRY_RUN, "plain"),
        DepositOutcome::Unchanged => (words::applications::OUTCOME_UNCHANGED, "plain"),
    };
    (words.get(language), colour)
}
