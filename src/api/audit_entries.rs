//! The audit trail. For administrators.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::call_context::ApiCall;
use super::creches::CrecheReference;
use crate::app::App;
use crate::app::history::{self, AuditEntryView};
use crate::clock;
use crate::domain::actor::ActorKind;
use crate::domain::audit::AuditFilter;
use crate::domain::period::Period;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Parameters, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::CrecheId;
use crate::words::{self, LocalText};

/// The default number of entries of a page.
const PAGE: u64 = 50;
/// The greatest number of entries of a page.
const MOST: u64 = 100;

pub(super) fn routes() -> Vec<Route<App>> {
    let names = &["before", "creche", "period", "from", "until", "pageSize"];
    vec![Route::get("/auditEntries", "listAuditEntries", Access::Administrator, list).query(names)]
}

/// The query.
struct AuditQuery {
    before: Option<u64>,
    creche: Option<CrecheId>,
    period: Option<Period>,
    from: Option<Date>,
    until: Option<Date>,
    page_size: u64,
}

const CRECHE: LocalText = words::api::CRECHE;
const PERIOD: LocalText = words::api::PERIOD;
const DAY: LocalText = words::api::DAY;

impl Parameters for AuditQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self {
            before: query.number("before", 1..=u64::MAX >> 1),
            creche: query.optional("creche", CRECHE),
            period: query.optional("period", PERIOD),
            from: query.optional("from", DAY),
            until: query.optional("until", DAY),
            page_size: query.number("pageSize", 1..=MOST).unwrap_or(PAGE),
        }
    }
}

impl AuditQuery {
    /// Days are those of Brussels, both included.
    fn filter(&self) -> AuditFilter {
        let after = |day: Date| day.tomorrow().unwrap_or(Date::MAX);
        let Self { before, creche, period, .. } = *self;
        let (from, until) =
            (self.from.map(clock::brussels_midnight), self.until.map(after).map(clock::brussels_midnight));
        AuditFilter { before, creche, period, from, until, ..AuditFilter::default() }
    }

    /// The same list, before another number.
    fn address(&self, before: Option<u64>, urls: &Urls) -> String {
        let query = [
            before.map(|before| format!("before={before}")),
            self.creche.map(|creche| format!("creche={creche}")),
            self.period.map(|period| format!("period={period}")),
            self.from.map(|from| format!("from={from}")),
            self.until.map(|until| format!("until={until}")),
            (self.page_size != PAGE).then(|| format!("pageSize={}", self.page_size)),
        ];
        urls.api_list("/auditEntries", query.into_iter().flatten())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntriesBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<EntryBody>,
    page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
struct EntryBody {
    number: u64,
    at: Timestamp,
    actor: ActorBody,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    creche: Option<CrecheReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Serialize)]
struct ActorBody {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl EntryBody {
    fn new(deed: AuditEntryView, urls: &Urls) -> Self {
        let (number, entry) = (deed.link.number, deed.link.entry);
        let known = matches!(entry.actor.kind, ActorKind::Key | ActorKind::Person | ActorKind::AgencyKey);
        let actor = ActorBody { kind: entry.actor.kind.code(), id: known.then_some(entry.actor.name), name: deed.by };
        let creche = deed.creche.map(|(id, name)| CrecheReference::named(id, name, urls));
        let (about, detail) = (deed.about, entry.detail);
        Self { number, at: entry.at, actor, action: entry.action, creche, period: entry.period, about, detail }
    }
}

async fn list(ApiCall { app, caller, urls, .. }: ApiCall, Query(asked): Query<AuditQuery>) -> Result<ResponseBuilder> {
    let found =
        history::read(&app, &caller, &asked.filter(), u32::try_from(asked.page_size).unwrap_or(u32::MAX)).await?;
    Ok(ResponseBuilder::json(&EntriesBody {
        this: asked.address(asked.before, &urls),
        next: found.next.map(|number| asked.address(Some(number), &urls)),
        items: found.deeds.into_iter().map(|deed| EntryBody::new(deed, &urls)).collect(),
        page_size: asked.page_size,
    }))
}
