//! Lists of codes with their meaning in three languages: the rules, the problem types, and the codes of statements.

use axum::extract::State;
use axum::http::header;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::code_list::{CodeItem, CodeList, Example, ItemDetails};
use super::published;
use super::statements::StatementOperations;
use crate::app::contract::SUFFIX;
use crate::domain::announced_rules;
use crate::domain::closure::ClosureReason;
use crate::domain::counting_rule::CountingRule;
use crate::domain::event::{CloudEvent, Event, EventType};
use crate::domain::holidays;
use crate::domain::kinds::for_each_kind;
use crate::domain::rule::{Need, Rule};
use crate::domain::rule_catalogue;
use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Accept, IfNoneMatch, Media, Path};
use crate::http::finding::AnnouncedBody;
use crate::http::operation_table::{Access, Route};
use crate::http::pages::{CodePage, CodeRow, ListPage};
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::urls::Urls;

/// The lists that are not of a kind of statement. A new one is a line here.
const LISTS: &[CodeList] = &[
    CodeList { name: "rules", items: |today, _| rule_catalogue::all().map(|rule| rule_item(rule, today)).collect() },
    CodeList { name: "problemTypes", items: |_, _| ProblemType::ALL.iter().map(|kind| problem_item(*kind)).collect() },
    CodeList {
        name: "closureReasons",
        items: |_, _| {
            ClosureReason::ALL.iter().map(|code| CodeItem::without_words(code.code(), code.label())).collect()
        },
    },
    CodeList {
        name: "countingRules",
        items: |_, _| CountingRule::ALL.iter().map(|code| CodeItem::without_words(code.code(), code.label())).collect(),
    },
    CodeList { name: "publicHolidays", items: |today, _| holiday_items(today) },
    CodeList { name: "eventTypes", items: |_, urls| EventType::all().map(|kind| event_item(kind, urls)).collect() },
];

macro_rules! lists_of_kinds {
    ($($kind:ident)*) => {
        [$(<crate::domain::kinds::$kind::Statement as StatementOperations>::CODE_LISTS),*]
    };
}

/// Every list.
fn lists() -> impl Iterator<Item = &'static CodeList> {
    LISTS.iter().chain(for_each_kind!(lists_of_kinds).into_iter().flatten())
}

/// A rule as it is on a day, with what is announced for a later one.
fn rule_item(rule: &Rule, today: Date) -> CodeItem {
    let example = Example { wrong: rule.example.wrong, right: rule.example.right };
    let (severity, owner, need) =
        (announced_rules::severity_on(rule, today).name(), rule.owner.name(), need(rule.need));
    let announced = announced_rules::upcoming(rule, today).map(AnnouncedBody::from);
    let more = ItemDetails::Rule { repair: rule.repair, severity, announced, owner, need, example };
    CodeItem { more, ..CodeItem::without_words(rule.code, rule.reason) }
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

fn problem_item(kind: ProblemType) -> CodeItem {
    let entry = kind.entry();
    let more = ItemDetails::Problem { r#type: entry.urn(), title: entry.title, status: entry.status.as_u16() };
    CodeItem { more, ..CodeItem::without_words(entry.name, entry.meaning) }
}

/// A type of event, with an example.
fn event_item(kind: EventType, urls: &Urls) -> CodeItem {
    let (root, schema) = (urls.api(""), urls.api(format_args!("/schemas/events/{}-event{SUFFIX}", kind.schema())));
    let event = Event::example(kind);
    let event = serde_json::value::to_raw_value(&CloudEvent::example(&root, &event)).expect("an event is JSON");
    CodeItem { more: ItemDetails::Event { schema, event }, ..CodeItem::without_words(kind.code(), kind.label()) }
}

/// The public holidays of last year, this year and the next.
fn holiday_items(today: Date) -> Vec<CodeItem> {
    let years = [-1, 0, 1].map(|apart| today.year().saturating_add(apart));
    let holidays = years.into_iter().flat_map(holidays::public_holidays);
    holidays
        .map(|(date, name)| CodeItem {
            more: ItemDetails::Holiday { date },
            ..CodeItem::without_words(date.to_string(), name)
        })
        .collect()
}

#[derive(Serialize)]
struct ListBody {
    #[serde(rename = "self")]
    own: String,
    items: Vec<CodeItem>,
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
    let items = items(&path.list, gateway.machine_clock().today(), &urls)?;
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
    let item =
        items(&path.list, gateway.machine_clock().today(), &urls)?.into_iter().find(|item| item.code == path.code);
    let item = item.ok_or_else(|| Problem::not_found("code"))?;
    let answer = match wanted {
        Media::Html => page(&path.list, &item).answer()?,
        _ => answer(&item, &known)?,
    };
    Ok(answer.header(header::VARY, "accept"))
}

/// The list as a page, for browsers.
fn list_page<'a>(list: &'a str, items: &'a [CodeItem]) -> ListPage<'a> {
    let line = |item: &'a CodeItem| CodeRow { code: &item.code, href: &item.href, description: item.description };
    ListPage { list, codes: items.iter().map(line).collect() }
}

/// The code as a page, for browsers that follow a finding's address.
fn page<'a>(list: &'a str, item: &'a CodeItem) -> CodePage<'a> {
    let page = |repair| CodePage::new(list, &item.code, item.description, repair);
    match &item.more {
        ItemDetails::Rule { repair, severity, announced, owner, example, .. } => {
            let page = page(Some(*repair)).fact("Severity", *severity);
            let page = match announced {
                Some(announced) => page.fact("Announced severity", announced.in_words()),
                None => page,
            };
            let page = page.fact("Who can repair it", *owner);
            page.example(example.wrong, example.right)
        }
        ItemDetails::Problem { r#type, title, status } => {
            page(None).fact("Title", *title).fact("HTTP status", status.to_string()).fact("Type", r#type.as_str())
        }
        ItemDetails::Event { event, .. } => page(None).fact("Example", event.get()),
        ItemDetails::Nothing {} | ItemDetails::Day { .. } | ItemDetails::Holiday { .. } => page(None),
    }
}

/// The items of a list, each with its address.
fn items(name: &str, today: Date, urls: &Urls) -> Result<Vec<CodeItem>> {
    let list = lists().find(|list| list.name == name).ok_or_else(|| Problem::not_found("listName"))?;
    // A slash in a code (`P/2`) is escaped in the address.
    let addressed = |item: CodeItem| {
        let code = item.code.replace('/', "%2F");
        CodeItem { href: urls.api(format_args!("/refData/{name}/{code}")), ..item }
    };
    Ok((list.items)(today, urls).into_iter().map(addressed).collect())
}

fn answer(body: &impl Serialize, known: &IfNoneMatch) -> Result<ResponseBuilder> {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    Ok(published(Media::Json, bytes, known))
}
