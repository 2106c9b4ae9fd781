//! Lists of codes with their meaning in three languages: the rules, the problem types, and the codes of statements.

use std::str::FromStr;

use axum::extract::State;
use axum::http::header;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::published;
use crate::app::contract::SUFFIX;
use crate::domain::attendance::{Duration, Reason, Status};
use crate::domain::closure::ClosureReason;
use crate::domain::event::{About, CloudEvent, Event, EventType};
use crate::domain::holidays;
use crate::domain::rule::{Need, Rule};
use crate::domain::rules;
use crate::domain::text::LocalText;
use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Accept, IfNoneMatch, Media, Path};
use crate::http::operations::{Access, Route};
use crate::http::pages::{CodePage, CodeRow, ListPage};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::urls::Urls;
use crate::words;

/// A published list.
struct List {
    name: &'static str,
    /// Its codes, on a given day.
    items: fn(Date, &Urls) -> Vec<Item>,
}

/// One code of a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    code: String,
    href: String,
    description: LocalText,
    #[serde(flatten)]
    more: More,
}

/// What some lists say besides.
#[derive(Serialize)]
#[serde(untagged)]
enum More {
    Nothing {},
    Rule { repair: LocalText, severity: &'static str, owner: &'static str, need: &'static str, example: Example },
    Problem { r#type: String, title: &'static str, status: u16 },
    Day { status: &'static str, duration: &'static str },
    Holiday { date: Date },
    Event { schema: String, event: Box<RawValue> },
}

#[derive(Serialize)]
struct Example {
    wrong: &'static str,
    right: &'static str,
}

/// Every list. A new one is a line here.
const LISTS: &[List] = &[
    List { name: "rules", items: |_, _| rules::catalogue().map(rule_item).collect() },
    List { name: "problemTypes", items: |_, _| Kind::ALL.iter().map(|kind| problem_item(*kind)).collect() },
    List {
        name: "absenceReasons",
        items: |_, _| Reason::ALL.iter().map(|code| plain(code.code(), code.label())).collect(),
    },
    List {
        name: "closureReasons",
        items: |_, _| ClosureReason::ALL.iter().map(|code| plain(code.code(), code.label())).collect(),
    },
    List { name: "dayCodes", items: |_, _| DAY_CODES.iter().map(day_item).collect() },
    List { name: "publicHolidays", items: |today, _| holiday_items(today) },
    List { name: "eventTypes", items: |_, urls| EventType::ALL.iter().map(|kind| event_item(*kind, urls)).collect() },
];

/// The codes of a workbook's day cells.
const DAY_CODES: [(&str, Status, Duration, LocalText); 6] = {
    use Duration::{Full, Half};
    use Status::{JustifiedAbsence, Present, UnjustifiedAbsence};
    [
        ("P", Present, Full, words::api::PRESENT_WHOLE_DAY),
        ("P/2", Present, Half, words::api::PRESENT_HALF_DAY),
        ("AJ", JustifiedAbsence, Full, words::api::JUSTIFIED_ABSENCE_WHOLE_DAY),
        ("AJ/2", JustifiedAbsence, Half, words::api::JUSTIFIED_ABSENCE_HALF_DAY),
        ("AI", UnjustifiedAbsence, Full, words::api::UNJUSTIFIED_ABSENCE_WHOLE_DAY),
        ("AI/2", UnjustifiedAbsence, Half, words::api::UNJUSTIFIED_ABSENCE_HALF_DAY),
    ]
};

fn plain(code: impl Into<String>, description: LocalText) -> Item {
    Item { code: code.into(), href: String::new(), description, more: More::Nothing {} }
}

fn rule_item(rule: &Rule) -> Item {
    let example = Example { wrong: rule.example.wrong, right: rule.example.right };
    let (severity, owner, need) = (rule.severity.name(), rule.owner.name(), need(rule.need));
    let more = More::Rule { repair: rule.repair, severity, owner, need, example };
    Item { more, ..plain(rule.code, rule.reason) }
}

const fn need(need: Need) -> &'static str {
    match need {
        Need::Nothing => "nothing",
        Need::Today => "today",
        Need::Closures => "closures",
        Need::Capacity => "capacity",
        Need::History => "history",
        Need::Doctors => "doctors",
        Need::Organiser => "organiser",
    }
}

fn problem_item(kind: Kind) -> Item {
    let entry = kind.entry();
    let more = More::Problem { r#type: entry.urn(), title: entry.title, status: entry.status.as_u16() };
    Item { more, ..plain(entry.name, entry.meaning) }
}

fn day_item((code, status, duration, description): &(&'static str, Status, Duration, LocalText)) -> Item {
    let more = More::Day { status: status.code(), duration: duration.code() };
    Item { more, ..plain(*code, *description) }
}

/// A type of event, with one as it is told.
fn event_item(kind: EventType, urls: &Urls) -> Item {
    let (root, schema) = (urls.api(""), urls.api(format_args!("/schemas/events/{}-event{SUFFIX}", family(kind))));
    let event = Event::sample(example("e1"), kind, EXAMPLE_TIME);
    let told = CloudEvent::new(&root, example("01"), 42, &event);
    let event = serde_json::value::to_raw_value(&told).expect("an event is JSON");
    Item { more: More::Event { schema, event }, ..plain(kind.code(), kind.label()) }
}

/// When the events of examples happened.
const EXAMPLE_TIME: Timestamp = Timestamp::constant(1_791_788_400, 0);

/// An id of examples.
fn example<T: FromStr<Err: std::fmt::Debug>>(end: &str) -> T {
    format!("019a5c00-0000-7000-8000-0000000000{end}").parse().expect("an id")
}

/// The schema that holds for events about this.
const fn family(kind: EventType) -> &'static str {
    match kind.about() {
        About::Statement(_) => "statement",
        About::Closures => "closures",
        About::Doctor => "doctor",
        About::StaffRegister => "staff-register",
        About::Application => "application",
        About::Key => "key",
        About::WebhookEndpoint => "webhook-endpoint",
    }
}

/// The public holidays of last year, this year and the next.
fn holiday_items(today: Date) -> Vec<Item> {
    let years = [-1, 0, 1].map(|apart| today.year().saturating_add(apart));
    let holidays = years.into_iter().flat_map(holidays::public_holidays);
    holidays.map(|(date, name)| Item { more: More::Holiday { date }, ..plain(date.to_string(), name) }).collect()
}

#[derive(Serialize)]
struct ListBody {
    #[serde(rename = "self")]
    own: String,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct ListPath {
    #[serde(rename = "listName")]
    list: String,
}

#[derive(Deserialize)]
struct ItemPath {
    #[serde(rename = "listName")]
    list: String,
    code: String,
}

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    vec![
        Route::get("/refData/{listName}", "listRefData", Access::Open, list_ref_data::<G>)
            .produces(&[Media::Json, Media::Html]),
        Route::get("/refData/{listName}/{code}", "getRefDataCode", Access::Open, get_ref_data_code::<G>)
            .produces(&[Media::Json, Media::Html]),
    ]
}

async fn list_ref_data<G: Gateway>(
    State(gateway): State<G>,
    Path(path): Path<ListPath>,
    Accept(wanted): Accept,
    urls: Urls,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let items = items(&path.list, gateway.today(), &urls)?;
    let answer = match wanted {
        Media::Html => list_page(&path.list, &items).answer()?,
        _ => answer(&ListBody { own: urls.api(format_args!("/refData/{}", path.list)), items }, &known)?,
    };
    Ok(answer.header(header::VARY, "accept"))
}

async fn get_ref_data_code<G: Gateway>(
    State(gateway): State<G>,
    Path(path): Path<ItemPath>,
    Accept(wanted): Accept,
    urls: Urls,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let item = items(&path.list, gateway.today(), &urls)?.into_iter().find(|item| item.code == path.code);
    let item = item.ok_or_else(|| Problem::not_found("code"))?;
    let answer = match wanted {
        Media::Html => page(&path.list, &item).answer()?,
        _ => answer(&item, &known)?,
    };
    Ok(answer.header(header::VARY, "accept"))
}

/// The list as a page, for people who look a code up in a browser.
fn list_page<'a>(list: &'a str, items: &'a [Item]) -> ListPage<'a> {
    let line = |item: &'a Item| CodeRow { code: &item.code, href: &item.href, description: item.description };
    ListPage { list, codes: items.iter().map(line).collect() }
}

/// The code as a page, for people who follow a finding's address in a browser.
fn page<'a>(list: &'a str, item: &'a Item) -> CodePage<'a> {
    let page = |repair| CodePage::new(list, &item.code, item.description, repair);
    match &item.more {
        More::Rule { repair, severity, owner, example, .. } => {
            let page = page(Some(*repair)).fact("Severity", *severity).fact("Who can repair it", *owner);
            page.example(example.wrong, example.right)
        }
        More::Problem { r#type, title, status } => {
            page(None).fact("Title", *title).fact("HTTP status", status.to_string()).fact("Type", r#type.as_str())
        }
        More::Event { event, .. } => page(None).fact("Example", event.get()),
        More::Nothing {} | More::Day { .. } | More::Holiday { .. } => page(None),
    }
}

/// The items of a list, each with its address.
fn items(name: &str, today: Date, urls: &Urls) -> Result<Vec<Item>> {
    let list = LISTS.iter().find(|list| list.name == name).ok_or_else(|| Problem::not_found("listName"))?;
    // A stroke in a code (`P/2`) is not one of the address.
    let addressed = |item: Item| {
        let code = item.code.replace('/', "%2F");
        Item { href: urls.api(format_args!("/refData/{name}/{code}")), ..item }
    };
    Ok((list.items)(today, urls).into_iter().map(addressed).collect())
}

fn answer(body: &impl Serialize, known: &IfNoneMatch) -> Result<ResponseBuilder> {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    Ok(published(Media::Json, bytes, known))
}
