//! The history: who did and read what, in plain words.

mod words;

use std::str::FromStr;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use super::form::Fields;
use super::shell::{Shell, moment, show_as};
use super::visit::Visit;
use crate::app::history::{self, Deed, Filter};
use crate::app::{App, creches};
use crate::clock;
use crate::domain::period::Period;
use crate::domain::text::{Language, Text};
use crate::http::problem::Result;
use crate::ids::CrecheId;

const PART: &str = "/console/history";
/// How many entries a page shows.
const PAGE: u32 = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route(PART, get(see))
}

/// An entry as people read it.
struct Row {
    at: String,
    by: String,
    kind: &'static str,
    action: String,
    about: String,
    more: String,
}

impl Row {
    fn new(deed: Deed, language: Language) -> Self {
        let entry = &deed.link.entry;
        let period = entry.period.map(|period| period.to_string());
        let creche = deed.creche.as_ref().map(|(_, name)| name.clone());
        let about = [creche, period, words::subject(&deed, language)];
        Self {
            at: moment(entry.at),
            kind: words::kind(entry.actor.kind).get(language),
            action: words::action(&entry.action, language),
            about: about.into_iter().flatten().collect::<Vec<_>>().join(", "),
            more: words::more(entry.detail.as_deref().unwrap_or_default(), language),
            by: deed.by.unwrap_or_else(|| words::gone(&entry.actor.name, language)),
        }
    }
}

#[derive(Template)]
#[template(path = "history.html", config = ".config/askama.toml")]
struct HistoryPage {
    shell: Shell,
    faults: Vec<(&'static str, &'static str)>,
    creches: Vec<(String, String, bool)>,
    period: String,
    bad_period: bool,
    from: String,
    bad_from: bool,
    until: String,
    bad_until: bool,
    rows: Vec<Row>,
    next: Option<String>,
}

const PERIOD: Text = Text {
    fr: "Écrivez un mois comme 2026-07 ou un trimestre comme 2026Q3.",
    nl: "Schrijf een maand als 2026-07 of een kwartaal als 2026Q3.",
    en: "Write a month as 2026-07 or a quarter as 2026Q3.",
};
const DAY: Text = Text {
    fr: "Écrivez un jour comme 2026-07-01.",
    nl: "Schrijf een dag als 2026-07-01.",
    en: "Write a day as 2026-07-01.",
};

/// What is asked for, field by field; what cannot be read is noted.
struct Asked<'a> {
    fields: &'a Fields,
    faults: Vec<(&'static str, Text)>,
}

impl Asked<'_> {
    fn read<T: FromStr>(&mut self, name: &'static str, expected: Text) -> Option<T> {
        let typed = self.fields.get(name);
        let read = typed.parse().ok();
        if read.is_none() && !typed.is_empty() {
            self.faults.push((name, expected));
        }
        read
    }

    /// Days are those of Brussels, both included.
    fn filter(&mut self) -> Filter {
        let after = |day: Date| clock::midnight(day.tomorrow().unwrap_or(Date::MAX));
        Filter {
            before: self.fields.get("before").parse().ok(),
            creche: self.fields.get("creche").parse().ok(),
            period: self.read::<Period>("period", PERIOD),
            from: self.read::<Date>("from", DAY).map(clock::midnight),
            until: self.read::<Date>("until", DAY).map(after),
        }
    }
}

/// The same page, from an older entry on.
fn older(fields: &Fields, number: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["creche", "period", "from", "until"].into_iter().filter(|name| !fields.get(name).is_empty()) {
        query.append_pair(name, fields.get(name));
    }
    format!("{PART}?{}", query.append_pair("before", &number.to_string()).finish())
}

async fn see(visit: Visit, super::form::Asked(fields): super::form::Asked) -> Result<Response> {
    visit.administrator()?;
    let mut asked = Asked { fields: &fields, faults: Vec::new() };
    let filter = asked.filter();
    let faults = asked.faults;
    let caller = visit.acting.whole();
    let found = if faults.is_empty() {
        history::read(&visit.app, &caller, &filter, PAGE).await?
    } else {
        history::History { deeds: Vec::new(), next: None }
    };
    let creches = creches::list(&visit.app, &caller).await?;
    let option = |id: CrecheId, name: String| (id.to_string(), name, filter.creche == Some(id));
    let bad = |name| faults.iter().any(|(field, _)| *field == name);
    let typed = |name| fields.get(name).to_owned();
    let page = HistoryPage {
        shell: Shell::at(PART, &visit),
        creches: creches.into_iter().map(|creche| option(creche.id, creche.name)).collect(),
        period: typed("period"),
        bad_period: bad("period"),
        from: typed("from"),
        bad_from: bad("from"),
        until: typed("until"),
        bad_until: bad("until"),
        rows: found.deeds.into_iter().map(|deed| Row::new(deed, visit.language)).collect(),
        next: found.next.map(|number| older(&fields, number)),
        faults: faults.iter().map(|(field, text)| (*field, text.get(visit.language))).collect(),
    };
    let status = if page.faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(show_as(status, &page))
}
