//! Lists of codes with their meaning in three languages: the rules, the problem types, and the codes of statements.

use serde::{Deserialize, Serialize};

use super::published;
use crate::domain::attendance::{Duration, Reason, Status};
use crate::domain::closure::ClosureReason;
use crate::domain::rule::{self, Rule};
use crate::domain::text::Text;
use crate::http::Gateway;
use crate::http::answer::Answer;
use crate::http::extract::{IfNoneMatch, Media, Path};
use crate::http::operations::{Access, Route};
use crate::http::problem::{Kind, Problem, Result};
use crate::http::urls::Urls;

/// A published list.
struct List {
    name: &'static str,
    items: fn() -> Vec<Item>,
}

/// One code of a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    description: Text,
    #[serde(flatten)]
    more: More,
}

/// What some lists say besides.
#[derive(Serialize)]
#[serde(untagged)]
enum More {
    Nothing {},
    Rule { repair: Text, severity: &'static str, owner: &'static str, example: Example },
    Problem { r#type: String, title: &'static str, status: u16 },
}

#[derive(Serialize)]
struct Example {
    wrong: &'static str,
    right: &'static str,
}

/// Every list. A new one is a line here.
const LISTS: &[List] = &[
    List { name: "rules", items: || rule::catalogue().map(rule_item).collect() },
    List { name: "problemTypes", items: || Kind::ALL.iter().map(|kind| problem_item(*kind)).collect() },
    List { name: "dayStatuses", items: || Status::ALL.iter().map(|code| plain(code.code(), code.label())).collect() },
    List {
        name: "dayDurations",
        items: || Duration::ALL.iter().map(|code| plain(code.code(), code.label())).collect(),
    },
    List {
        name: "absenceReasons",
        items: || Reason::ALL.iter().map(|code| plain(code.code(), code.label())).collect(),
    },
    List {
        name: "closureReasons",
        items: || ClosureReason::ALL.iter().map(|code| plain(code.code(), code.label())).collect(),
    },
];

const fn plain(code: &'static str, description: Text) -> Item {
    Item { code, href: None, description, more: More::Nothing {} }
}

fn rule_item(rule: &Rule) -> Item {
    let example = Example { wrong: rule.example.wrong, right: rule.example.right };
    let (severity, owner) = (rule.severity.name(), rule.owner.name());
    let more = More::Rule { repair: rule.repair, severity, owner, example };
    Item { more, ..plain(rule.code, rule.reason) }
}

fn problem_item(kind: Kind) -> Item {
    let entry = kind.entry();
    let more = More::Problem { r#type: entry.urn(), title: entry.title, status: entry.status.as_u16() };
    Item { more, ..plain(entry.name, entry.meaning) }
}

#[derive(Serialize)]
struct ListBody {
    #[serde(rename = "self")]
    own: String,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct ListPath {
    list: String,
}

#[derive(Deserialize)]
struct ItemPath {
    list: String,
    code: String,
}

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    vec![
        Route::get("/refData/{list}", "listRefData", Access::Open, list_ref_data),
        Route::get("/refData/{list}/{code}", "getRefData", Access::Open, get_ref_data),
    ]
}

async fn list_ref_data(Path(path): Path<ListPath>, urls: Urls, known: IfNoneMatch) -> Result<Answer> {
    let items = items(&path.list, &urls)?;
    answer(&ListBody { own: urls.api(format_args!("/refData/{}", path.list)), items }, &known)
}

async fn get_ref_data(Path(path): Path<ItemPath>, urls: Urls, known: IfNoneMatch) -> Result<Answer> {
    let item = items(&path.list, &urls)?.into_iter().find(|item| item.code == path.code);
    answer(&item.ok_or_else(|| Problem::not_found("code"))?, &known)
}

/// The items of a list, each with its address.
fn items(name: &str, urls: &Urls) -> Result<Vec<Item>> {
    let list = LISTS.iter().find(|list| list.name == name).ok_or_else(|| Problem::not_found("list"))?;
    let href = |code| urls.api(format_args!("/refData/{name}/{code}"));
    Ok((list.items)().into_iter().map(|item| Item { href: Some(href(item.code)), ..item }).collect())
}

fn answer(body: &impl Serialize, known: &IfNoneMatch) -> Result<Answer> {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    Ok(published(Media::Json, bytes, known))
}
