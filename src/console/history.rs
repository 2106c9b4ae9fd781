//! The history: the organiser's audit trail, in plain words.

mod words;

use std::iter;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use super::form::Fields;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, date_time, render_with_status};
use crate::app::history::{self, AuditEntryView};
use crate::app::{App, creches};
use crate::clock;
use crate::domain::action::Action;
use crate::domain::actor::ActorKind;
use crate::domain::audit::{AuditFilter, EntryNature};
use crate::domain::period::{Month, Period};
use crate::domain::text::folded;
use crate::http::problem::Result;
use crate::words::{Language, LocalText};

const PART: &str = "/console/history";
/// How many entries a page shows.
const PAGE: u32 = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route(PART, get(see))
}

/// A displayed entry.
struct HistoryRow {
    at: String,
    by: String,
    kind: &'static str,
    action: String,
    about: String,
    more: String,
}

impl HistoryRow {
    fn new(deed: &AuditEntryView, language: Language) -> Self {
        let entry = &deed.link.entry;
        let period = entry.period.map(|period| period.in_words(language));
        let creche = deed.creche.as_ref().map(|(_, name)| name.clone());
        let about = [creche, period, words::subject(deed, language)];
        Self {
            at: date_time(entry.at),
            kind: words::kind(entry.actor.kind).get(language),
            action: words::action(&entry.action, language),
            about: about.into_iter().flatten().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", "),
            more: words::more(&entry.action, entry.detail.as_deref().unwrap_or_default(), language),
            by: match entry.actor.kind {
                // A task's name is the gateway's own.
                ActorKind::System => String::new(),
                _ => deed.by.clone().unwrap_or_else(|| words::deleted_words(language)),
            },
        }
    }
}

#[derive(Template)]
#[template(path = "history.html", config = ".config/askama.toml")]
struct HistoryPage {
    frame: PageFrame,
    faults: Vec<(&'static str, &'static str)>,
    views: Vec<HistoryOption>,
    creches: Vec<HistoryOption>,
    users: Vec<HistoryOption>,
    actions: Vec<HistoryOption>,
    periods: Vec<HistoryOption>,
    bad_period: bool,
    from: String,
    bad_from: bool,
    until: String,
    bad_until: bool,
    rows: Vec<HistoryRow>,
    next: Option<String>,
}

const PERIOD: LocalText = crate::words::history::PERIOD;
const DAY: LocalText = crate::words::history::DAY;

const REVERSED: LocalText = crate::words::history::REVERSED;

/// The query, field by field; values that cannot be read are reported.
struct HistoryQuery<'a> {
    fields: &'a Fields,
    faults: Vec<(&'static str, LocalText)>,
}

impl HistoryQuery<'_> {
    fn read<T>(&mut self, name: &'static str, expected: LocalText, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let typed = self.fields.get(name);
        let read = parse(typed);
        if read.is_none() && !typed.is_empty() {
            self.faults.push((name, expected));
        }
        read
    }

    /// Days are those of Brussels, both included.
    fn filter(&mut self) -> AuditFilter {
        let after = |day: Date| clock::brussels_midnight(day.tomorrow().unwrap_or(Date::MAX));
        let period = self.read("period", PERIOD, |typed| typed.parse::<Period>().ok());
        let (from, until) = (self.read("from", DAY, typed_day), self.read("until", DAY, typed_day));
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            self.faults.push(("until", REVERSED));
        }
        AuditFilter {
            before: self.fields.get("before").parse().ok(),
            creche: self.fields.get("creche").parse().ok(),
            period,
            from: from.map(clock::brussels_midnight),
            until: until.map(after),
            person: self.fields.get("person").parse().ok(),
            action: Action::from_code(self.fields.get("action")).map(Action::code),
            nature: entry_nature(self.fields.get("view")),
        }
    }
}

/// A day as a browser's date field sends it, or as users write it where there is no such field.
fn typed_day(typed: &str) -> Option<Date> {
    typed.parse().ok().or_else(|| Date::strptime("%d/%m/%Y", typed).ok())
}

/// Changes by default; reads only on request: they are many and would hide the changes.
fn entry_nature(view: &str) -> Option<EntryNature> {
    match view {
        "reads" => Some(EntryNature::Look),
        "all" => None,
        _ => Some(EntryNature::Act),
    }
}

/// An option of a list.
struct HistoryOption {
    value: String,
    words: String,
    chosen: bool,
}

fn choices(all: impl Iterator<Item = (String, String)>, chosen: &str) -> Vec<HistoryOption> {
    all.map(|(value, words)| HistoryOption { chosen: value == chosen, value, words }).collect()
}

fn views(fields: &Fields, language: Language) -> Vec<HistoryOption> {
    let views = [("", words::ACTS), ("reads", words::LOOKS), ("all", words::EVERYTHING)];
    choices(views.into_iter().map(|(code, text)| (code.to_owned(), text.get(language).to_owned())), fields.get("view"))
}

/// The actions that the chosen view may show, by their words.
fn actions(filter: &AuditFilter, language: Language) -> Vec<HistoryOption> {
    let fits = |code: &str| filter.nature.is_none_or(|nature| nature == EntryNature::of(code));
    let known = Action::all().filter(|action| fits(action.code()) || filter.action == Some(action.code()));
    let mut all: Vec<_> =
        known.map(|action| (action.code().to_owned(), action.label().get(language).to_owned())).collect();
    all.sort_by_cached_key(|(_, words)| folded(words));
    choices(all.into_iter(), filter.action.unwrap_or_default())
}

/// How many months back the list goes; it also has the period that is already chosen.
const MONTHS: usize = 24;

fn periods(today: Date, filter: &AuditFilter, language: Language) -> Vec<HistoryOption> {
    let months: Vec<_> =
        iter::successors(Some(Month::of(today)), |month| Some(month.previous())).take(MONTHS).collect();
    let mut quarters: Vec<_> = months.iter().map(|month| Period::Quarter(month.quarter())).collect();
    quarters.dedup();
    let mut all: Vec<_> = months.into_iter().map(Period::Month).chain(quarters).collect();
    all.extend(filter.period.filter(|chosen| !all.contains(chosen)));
    let chosen = filter.period.map(|period| period.to_string()).unwrap_or_default();
    choices(all.into_iter().map(|period| (period.to_string(), period.in_words(language))), &chosen)
}

/// The same page, from an older entry on.
fn older(fields: &Fields, number: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["view", "creche", "person", "action", "period", "from", "until"]
        .into_iter()
        .filter(|name| !fields.get(name).is_empty())
    {
        query.append_pair(name, fields.get(name));
    }
    format!("{PART}?{}", query.append_pair("before", &number.to_string()).finish())
}

async fn see(visit: PageContext, super::form::QueryFields(fields): super::form::QueryFields) -> Result<Response> {
    visit.administrator()?;
    let mut asked = HistoryQuery { fields: &fields, faults: Vec::new() };
    let filter = asked.filter();
    let faults = asked.faults;
    let caller = visit.acting.as_organiser_caller();
    let found = if faults.is_empty() {
        history::read(&visit.app, &caller, &filter, PAGE).await?
    } else {
        history::AuditPage { deeds: Vec::new(), next: None, users: Vec::new() }
    };
    let creches = creches::list(&visit.app, &caller).await?;
    let bad = |name| faults.iter().any(|(field, _)| *field == name);
    let typed = |name| fields.get(name).to_owned();
    let page = HistoryPage {
        frame: PageFrame::at(PART, &visit),
        views: views(&fields, visit.language),
        creches: choices(creches.into_iter().map(|creche| (creche.id.to_string(), creche.name)), fields.get("creche")),
        users: choices(found.users.into_iter().map(|(id, name)| (id.to_string(), name)), fields.get("person")),
        actions: actions(&filter, visit.language),
        periods: periods(visit.clock().today(), &filter, visit.language),
        bad_period: bad("period"),
        from: typed("from"),
        bad_from: bad("from"),
        until: typed("until"),
        bad_until: bad("until"),
        rows: found.deeds.iter().map(|deed| HistoryRow::new(deed, visit.language)).collect(),
        next: found.next.map(|number| older(&fields, number)),
        faults: faults.iter().map(|(field, text)| (*field, text.get(visit.language))).collect(),
    };
    let status = if page.faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(render_with_status(status, &page))
}
