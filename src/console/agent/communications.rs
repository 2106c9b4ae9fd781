//! The communications of the agency, for agents: all of them with drafts, and the form to prepare one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};

use super::Agent;
use super::communication::{href, state_tag};
use crate::app::App;
use crate::app::communications::{self, Communication, CommunicationError, CommunicationListing};
use crate::app::files::SentFile;
use crate::console::addresses::AGENCY_COMMUNICATIONS;
use crate::console::communications::{CommunicationRow, PAGE, options};
use crate::console::file_form::FileForm;
use crate::console::form::{Fields, QueryFields};
use crate::console::form_fields::{FieldErrors, SelectOption, TextField};
use crate::console::page_context::SessionContext;
use crate::console::page_frame::{PageFrame, render, render_with_status};
use crate::console::upload_file::UploadFile;
use crate::domain::communication::{
    Audience, CommunicationType, FieldFault, MAX_CHOSEN, Sector, StaffStatus, TypedCommunication,
};
use crate::domain::notice::Notice;
use crate::domain::search::PageBounds;
use crate::http::extract::BodyLimits;
use crate::http::problem::{Problem, Result};
use crate::words::{self, Language, LocalText, communications as texts};

/// The form to prepare a communication.
const NEW: &str = "/console/agency/communications/new";

pub(super) fn routes() -> Router<App> {
    Router::new().route(AGENCY_COMMUNICATIONS, get(list).post(prepare)).route(NEW, get(form))
}

/// A communication in the list of agents.
struct AgencyRow {
    row: CommunicationRow,
    href: String,
    audience: &'static str,
    /// Its state, and the look of that.
    state: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "agent/communications.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    rows: Vec<AgencyRow>,
    total: u64,
    previous: Option<String>,
    next: Option<String>,
}

async fn list(Agent { session, .. }: Agent, QueryFields(asked): QueryFields) -> Result<Response> {
    let number: u64 = asked.number("page").unwrap_or(1).max(1);
    let skip = (number - 1).saturating_mul(PAGE);
    let CommunicationListing { items, total } =
        communications::list_for_agents(&session.app, PageBounds { skip, most: PAGE }).await?;
    let page = |number: u64| format!("{AGENCY_COMMUNICATIONS}?page={number}");
    Ok(render(&ListPage {
        frame: PageFrame::of_session(AGENCY_COMMUNICATIONS, &session),
        rows: items.iter().map(|one| agency_row(one, session.language)).collect(),
        total,
        previous: (number > 1).then(|| page(number - 1)),
        next: (total > skip.saturating_add(PAGE)).then(|| page(number + 1)),
    }))
}

fn agency_row(communication: &Communication, language: Language) -> AgencyRow {
    AgencyRow {
        row: CommunicationRow::of(communication, AGENCY_COMMUNICATIONS, language),
        href: href(communication.record.id),
        audience: communication.record.content.audience.label().get(language),
        state: state_tag(&communication.record, language),
    }
}

/// The fields of the form, in the order of the page.
const FIELDS: [&str; 9] =
    ["date", "title", "type", "quarter", "sector", "staffStatus", "audience", "organisers", "file"];

#[derive(Template)]
#[template(path = "agent/communication_form.html", config = ".config/askama.toml")]
struct FormPage {
    frame: PageFrame,
    date: TextField,
    title: TextField,
    quarter: TextField,
    types: SelectField,
    sectors: SelectField,
    statuses: SelectField,
    audiences: SelectField,
    organisers: String,
    organisers_error: Option<String>,
    most_organisers: usize,
    file_error: Option<String>,
    /// The largest file, in words.
    most: String,
}

/// A field with a choice.
struct SelectField {
    name: &'static str,
    label: &'static str,
    /// The words for no choice.
    none: &'static str,
    required: bool,
    options: Vec<SelectOption>,
    error: Option<String>,
}

async fn form(Agent { session, .. }: Agent, Extension(limits): Extension<BodyLimits>) -> Result<Response> {
    let page = form_page(&session, &Fields::default(), &FieldErrors::default(), limits);
    Ok(render_with_status(StatusCode::OK, &page))
}

async fn prepare(Extension(limits): Extension<BodyLimits>, form: FileForm<SessionContext>) -> Result<Response> {
    let missing = form.missing();
    let FileForm { visit, fields, file, file_name, .. } = form;
    let Agent { session, acting, .. } = Agent::of(visit)?;
    let sent = missing.is_none().then(|| SentFile { name: file_name, bytes: file.into() });
    match communications::prepare(&session.app, &acting, &typed(&fields), sent).await {
        Ok(id) => Ok(session.redirect_with_notice(&href(id), Notice::CommunicationPrepared).await),
        Err(CommunicationError::Invalid { fields: faults, file }) => {
            let language = session.language;
            let refused = file.map(|finding| finding.detail_for_people(language));
            let refused = refused.or_else(|| missing.map(|why| why.get(language).to_owned()));
            let faults = faults.iter().map(|fault| (fault.field.to_owned(), sentence(fault, language)));
            let errors = faults.chain(refused.map(|why| ("file".to_owned(), why))).collect();
            let page = form_page(&session, &fields, &FieldErrors(errors), limits);
            Ok(render_with_status(StatusCode::BAD_REQUEST, &page))
        }
        Err(refusal) => Err(Problem::from(refusal)),
    }
}

fn sentence(fault: &FieldFault, language: Language) -> String {
    let most = MAX_CHOSEN.to_string();
    fault.fault.label().get(language).replace("{line}", &fault.line).replace("{most}", &most)
}

fn typed(fields: &Fields) -> TypedCommunication {
    let text = |name| fields.get(name).to_owned();
    TypedCommunication {
        date: text("date"),
        title: text("title"),
        communication_type: text("type"),
        quarter: text("quarter"),
        sector: text("sector"),
        staff_status: text("staffStatus"),
        audience: text("audience"),
        organisers: text("organisers"),
    }
}

/// The page with the input and its errors.
fn form_page(session: &SessionContext, fields: &Fields, faults: &FieldErrors, limits: BodyLimits) -> FormPage {
    let language = session.language;
    let frame = PageFrame::of_session(AGENCY_COMMUNICATIONS, session);
    let field = |name, label: LocalText, hint: Option<LocalText>, required| {
        let hint = hint.map_or("", |hint| hint.get(language));
        TextField::new(name, fields, faults).described("text", label.get(language), hint, required)
    };
    let select = |name, label: LocalText, none: LocalText, required, options| SelectField {
        name,
        label: label.get(language),
        none: none.get(language),
        required,
        options,
        error: faults.at(name).map(str::to_owned),
    };
    let types = options(CommunicationType::ALL, CommunicationType::from_code(fields.get("type")), language, |one| {
        (one.code(), one.label())
    });
    let sectors =
        options(Sector::ALL, Sector::from_code(fields.get("sector")), language, |one| (one.code(), one.label()));
    let statuses = options(StaffStatus::ALL, StaffStatus::from_code(fields.get("staffStatus")), language, |one| {
        (one.code(), one.label())
    });
    let audiences =
        options(Audience::ALL, Audience::from_code(fields.get("audience")), language, |one| (one.code(), one.label()));
    let by_body = UploadFile::new(texts::FILE, None, limits).most_bytes as u64;
    FormPage {
        date: field("date", words::common::DATE, Some(words::payments::DATE_HINT), true),
        title: field("title", texts::TITLE, Some(texts::TITLE_HINT), true),
        quarter: field("quarter", words::common::QUARTER, Some(texts::QUARTER_HINT), false),
        types: select("type", texts::TYPE, words::payments::CHOOSE, true, types),
        sectors: select("sector", texts::SECTOR, texts::BOTH, false, sectors),
        statuses: select("staffStatus", texts::STAFF_STATUS, texts::BOTH_STATUSES, false, statuses),
        audiences: select("audience", texts::AUDIENCE, words::payments::CHOOSE, true, audiences),
        organisers: fields.get("organisers").to_owned(),
        organisers_error: faults.at("organisers").map(str::to_owned),
        most_organisers: MAX_CHOSEN,
        file_error: faults.at("file").map(str::to_owned),
        most: words::size(by_body.min(session.app.caps.file_bytes.into()), language),
        frame: frame.refusing(faults, &FIELDS),
    }
}
