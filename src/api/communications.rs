//! The communications of the agency that the caller's organiser may read.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::attachments::FILES;
use super::call_context::ApiCall;
use crate::app::App;
use crate::app::communications::{self, Communication, ListPosition};
use crate::domain::communication::{CommunicationFilter, CommunicationType, NewCommunication, Sector, StaffStatus};
use crate::domain::period::Quarter;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::{Parameters, Path, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtCommunication;
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::CommunicationId;
use crate::words;

const LIST: &str = "/communications";
const ONE: &str = "/communications/{communicationId}";
const FILE: &str = "/communications/{communicationId}/file";
/// The default number of communications of a page.
const PAGE: u64 = 20;
/// The greatest number of communications of a page.
const MOST: u64 = 100;

pub(super) fn routes() -> Vec<Route<App>> {
    let names = &["before", "type", "quarter", "sector", "staffStatus", "pageSize"];
    vec![
        Route::get(LIST, "listCommunications", Access::KeyOrUser, list).query(names),
        Route::get(ONE, "getCommunication", Access::KeyOrUser, get),
        Route::get(FILE, "getCommunicationFile", Access::KeyOrUser, file).produces(&FILES[..FILES.len() - 1]),
    ]
}

/// A place in the list, as `next` has it: the day and the id of a communication.
#[derive(Clone, Copy)]
struct Cursor(ListPosition);

/// The text is no place in the list.
#[derive(Debug)]
struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let (day, id) = text.split_once('.').ok_or(NoCursor)?;
        Ok(Self((day.parse().map_err(|_| NoCursor)?, id.parse().map_err(|_| NoCursor)?)))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, id) = self.0;
        write!(f, "{day}.{id}")
    }
}

/// The query.
struct ListQuery {
    before: Option<Cursor>,
    filter: CommunicationFilter,
    page_size: u64,
}

impl Parameters for ListQuery {
    fn read(query: &mut QueryReader) -> Self {
        let filter = CommunicationFilter {
            communication_type: query.optional("type", words::api::COMMUNICATION_TYPE),
            quarter: query.optional("quarter", words::api::QUARTER),
            sector: query.optional("sector", words::api::SECTOR),
            staff_status: query.optional("staffStatus", words::api::STAFF_STATUS),
        };
        Self {
            before: query.optional("before", words::api::COMMUNICATION_BEFORE),
            filter,
            page_size: query.number("pageSize", 1..=MOST).unwrap_or(PAGE),
        }
    }
}

impl ListQuery {
    /// The same list, below another place.
    fn address(&self, before: Option<Cursor>, urls: &Urls) -> String {
        let CommunicationFilter { communication_type, quarter, sector, staff_status } = self.filter;
        let query = [
            before.map(|before| format!("before={before}")),
            communication_type.map(|one| format!("type={}", one.code())),
            quarter.map(|quarter| format!("quarter={quarter}")),
            sector.map(|one| format!("sector={}", one.code())),
            staff_status.map(|one| format!("staffStatus={}", one.code())),
            (self.page_size != PAGE).then(|| format!("pageSize={}", self.page_size)),
        ];
        urls.api_list(LIST, query.into_iter().flatten())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListBody<'a> {
    #[serde(rename = "self")]
    this: String,
    items: Vec<CommunicationBody<'a>>,
    page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CommunicationBody<'a> {
    href: String,
    id: CommunicationId,
    date: Date,
    title: &'a str,
    r#type: CommunicationType,
    #[serde(skip_serializing_if = "Option::is_none")]
    quarter: Option<Quarter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sector: Option<Sector>,
    #[serde(skip_serializing_if = "Option::is_none")]
    staff_status: Option<StaffStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    file: FileBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<WithdrawalBody<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileBody<'a> {
    href: String,
    name: &'a str,
    media_type: &'static str,
    size: u64,
    sha256: &'a str,
}

#[derive(Serialize)]
struct WithdrawalBody<'a> {
    at: Timestamp,
    reason: &'a str,
}

impl<'a> CommunicationBody<'a> {
    fn of(communication: &'a Communication, urls: &Urls) -> Self {
        let record = &communication.record;
        let NewCommunication { date, title, communication_type, quarter, sector, staff_status, .. } = &record.content;
        let href = urls.api(format_args!("{LIST}/{}", record.id));
        Self {
            file: FileBody {
                href: format!("{href}/file"),
                name: communication.file_name.as_str(),
                media_type: communication.file_type.media_type(),
                size: communication.size,
                sha256: &communication.sha256,
            },
            href,
            id: record.id,
            date: *date,
            title,
            r#type: *communication_type,
            quarter: *quarter,
            sector: *sector,
            staff_status: *staff_status,
            published_at: communication.published_at(),
            withdrawn: record.withdrawn.as_ref().map(|(mark, reason)| WithdrawalBody { at: mark.at, reason }),
        }
    }
}

async fn list(ApiCall { app, caller, urls, .. }: ApiCall, Query(asked): Query<ListQuery>) -> Result<ResponseBuilder> {
    let after = asked.before.map(|Cursor(position)| position);
    let (found, has_more) =
        communications::list_after(&app, caller.organiser, asked.filter, (after, asked.page_size)).await?;
    let last = found.last().filter(|_| has_more).map(|last| Cursor(last.position()));
    Ok(ResponseBuilder::json(&ListBody {
        this: asked.address(asked.before, &urls),
        next: last.map(|last| asked.address(Some(last), &urls)),
        items: found.iter().map(|one| CommunicationBody::of(one, &urls)).collect(),
        page_size: asked.page_size,
    }))
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtCommunication { communication }): Path<AtCommunication>,
) -> Result<ResponseBuilder> {
    let found = communications::find(&app, caller.organiser, communication).await?;
    Ok(ResponseBuilder::json(&CommunicationBody::of(&found, &urls)))
}

async fn file(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtCommunication { communication }): Path<AtCommunication>,
) -> Result<ResponseBuilder> {
    Ok(stored_file(communications::read_file(&app, caller.organiser, communication).await?))
}
