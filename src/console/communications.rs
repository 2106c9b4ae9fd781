//! The communications of the agency, for the users of an organiser: a list with filters, and the file of each.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::addresses::COMMUNICATIONS;
use super::fields::Fields;
use super::form::QueryFields;
use super::form_fields::SelectOption;
use super::page_context::{PageContext, forbidden};
use super::page_frame::{PageFrame, date_time, day, render};
use crate::app::App;
use crate::app::communications::{self, Communication, CommunicationListing};
use crate::domain::communication::{CommunicationFilter, CommunicationType, NewCommunication, Sector, StaffStatus};
use crate::domain::period::Quarter;
use crate::domain::search::PageBounds;
use crate::http::answer::{ResponseBuilder, stored_file};
use crate::http::extract::Path;
use crate::http::path_parameters::AtCommunication;
use crate::http::problem::{Problem, Result};
use crate::words::{self, Language, LocalText};

/// How many communications a page shows.
pub(super) const PAGE: u64 = 20;

pub(super) fn routes() -> Router<App> {
    Router::new().route(COMMUNICATIONS, get(list)).route("/console/communications/{communicationId}/file", get(file))
}

/// A communication in a table.
pub(super) struct CommunicationRow {
    pub(super) title: String,
    pub(super) date: String,
    pub(super) label: &'static str,
    pub(super) quarter: String,
    /// The sector and the status of the staff that it is about.
    pub(super) about: String,
    /// The name and the size of the file.
    pub(super) file: String,
    pub(super) file_href: String,
    /// When it was withdrawn, and why.
    pub(super) withdrawn: Option<String>,
    pub(super) is_new: bool,
}

impl CommunicationRow {
    /// A communication below the address of the list.
    pub(super) fn of(communication: &Communication, list: &str, language: Language) -> Self {
        let content = &communication.record.content;
        let size = words::size(communication.size, language);
        Self {
            title: content.title.clone(),
            date: day(content.date),
            label: content.communication_type.label().get(language),
            quarter: content.quarter.map(|quarter| quarter.in_words(language)).unwrap_or_default(),
            about: about(content, language),
            file: format!("{} ({size})", communication.file_name.as_str()),
            file_href: format!("{list}/{}/file", communication.record.id),
            withdrawn: communication.record.withdrawn.as_ref().map(|(mark, reason)| {
                let on = words::communications::WITHDRAWN_ON.get(language);
                format!("{on} {}{} {reason}", date_time(mark.at), words::page_frame::COLON.get(language))
            }),
            is_new: false,
        }
    }
}

/// The sector and the status of the staff that a communication is about; empty when it is about all of both.
pub(super) fn about(content: &NewCommunication, language: Language) -> String {
    let sector = content.sector.map(|sector| sector.label().get(language).to_owned());
    let status = content.staff_status.map(|status| status.label().get(language));
    match (sector, status) {
        (Some(sector), Some(status)) => format!("{sector}, {}", status.to_lowercase()),
        (sector, status) => sector.or(status.map(str::to_owned)).unwrap_or_default(),
    }
}

/// One of the quarters of a filter.
struct QuarterOption {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "communications/list.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    types: Vec<SelectOption>,
    quarters: Vec<QuarterOption>,
    sectors: Vec<SelectOption>,
    statuses: Vec<SelectOption>,
    rows: Vec<CommunicationRow>,
    total: u64,
    /// Whether some are left out by a filter.
    has_filter: bool,
    /// The number of the first one on the page and that of the last, from 1.
    shown: (u64, u64),
    previous: Option<String>,
    next: Option<String>,
}

async fn list(visit: PageContext, QueryFields(asked): QueryFields) -> Result<Response> {
    visit.acting.caller_anywhere().ok_or_else(forbidden)?;
    let (app, organiser, language) = (&visit.app, visit.acting.organiser, visit.language);
    let filter = filter(&asked);
    let number: u64 = asked.number("page").unwrap_or(1).max(1);
    let skip = (number - 1).saturating_mul(PAGE);
    // Before the list is read: what is published in between stays new.
    let seen = communications::look(app, &visit.acting).await?;
    let CommunicationListing { items, total } =
        communications::list(app, organiser, filter, PageBounds { skip, most: PAGE }).await?;
    let quarters = communications::quarters(app, organiser).await?;
    let row = |one: &Communication| CommunicationRow {
        is_new: one.record.withdrawn.is_none() && one.published_at().is_some_and(|at| at > seen),
        ..CommunicationRow::of(one, COMMUNICATIONS, language)
    };
    Ok(render(&ListPage {
        frame: PageFrame::at(COMMUNICATIONS, &visit),
        types: options(CommunicationType::ALL, filter.communication_type, language, |one| (one.code(), one.label())),
        quarters: quarters.into_iter().map(|quarter| quarter_option(quarter, filter.quarter, language)).collect(),
        sectors: options(Sector::ALL, filter.sector, language, |one| (one.code(), one.label())),
        statuses: options(StaffStatus::ALL, filter.staff_status, language, |one| (one.code(), one.label())),
        shown: (skip.saturating_add(1), skip.saturating_add(items.len() as u64)),
        rows: items.iter().map(row).collect(),
        total,
        has_filter: filter != CommunicationFilter::default(),
        previous: (number > 1).then(|| address(filter, number - 1)),
        next: (total > skip.saturating_add(PAGE)).then(|| address(filter, number + 1)),
    }))
}

fn filter(asked: &Fields) -> CommunicationFilter {
    CommunicationFilter {
        communication_type: CommunicationType::from_code(asked.get("type")),
        quarter: asked.number("quarter"),
        sector: Sector::from_code(asked.get("sector")),
        staff_status: StaffStatus::from_code(asked.get("staffStatus")),
    }
}

/// The number of a page of the list, from 1.
fn address(filter: CommunicationFilter, page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let parts = [
        ("type", filter.communication_type.map(|one| one.code().to_owned())),
        ("quarter", filter.quarter.map(|quarter| quarter.to_string())),
        ("sector", filter.sector.map(|one| one.code().to_owned())),
        ("staffStatus", filter.staff_status.map(|one| one.code().to_owned())),
        ("page", Some(page.to_string())),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    format!("{COMMUNICATIONS}?{}", query.finish())
}

fn quarter_option(quarter: Quarter, chosen: Option<Quarter>, language: Language) -> QuarterOption {
    let (value, label) = (quarter.to_string(), quarter.in_words(language));
    QuarterOption { value, label, chosen: Some(quarter) == chosen }
}

/// A code of a list, and its words.
type Choice = (&'static str, LocalText);

/// The options of a choice, with that for none of them left to the page.
pub(super) fn options<T: Copy + PartialEq>(
    all: &[T],
    chosen: Option<T>,
    language: Language,
    choice: impl Fn(T) -> Choice,
) -> Vec<SelectOption> {
    let option = |one: &T| {
        let (code, label) = choice(*one);
        SelectOption::new(code, label.get(language), Some(*one) == chosen)
    };
    all.iter().map(option).collect()
}

async fn file(
    visit: PageContext,
    Path(AtCommunication { communication }): Path<AtCommunication>,
) -> Result<ResponseBuilder> {
    visit.acting.caller_anywhere().ok_or_else(forbidden)?;
    let found = communications::read_file(&visit.app, visit.acting.organiser, communication).await;
    Ok(stored_file(found.map_err(Problem::from)?))
}
