//! A month of a crèche: its sums, its lines, its warnings, its revisions, and its actions.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::claim_figures::state_look;
use super::claim_place::ClaimPlace;
use super::findings::{FindingSpot, FindingView, finding_views};
use super::form::QueryFields;
use super::kinds::{KindWords, LinesContext, StatementPages, SumTable, month_route};
use super::missing_days::{DayReasons, MissingDaysView};
use super::page_context::PageContext;
use super::page_frame::{PageFrame, date_time, day, render};
use super::reports;
use super::stage_tag::{StageTag, stage_tag};
use crate::app::board::{MonthStage, month_stage};
use crate::app::statements::{self, StatementEntry, StoredStatement, drafts};
use crate::app::{App, claims, closures, creches};
use crate::domain::claim::{ClaimState, Freeze};
use crate::domain::creche::Creche;
use crate::domain::day_coverage::MissingPeriod;
use crate::domain::finding::FindingPlace;
use crate::domain::key::Scope;
use crate::domain::period::Month;
use crate::domain::report;
use crate::domain::statement::{Channel, StatementKey};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Media, Path};
use crate::http::path_parameters::AtMonth;
use crate::http::problem::{Problem, Result};
use crate::ids::CrecheId;
use crate::words::{self, Language, LocalText};

pub(super) fn routes<S: StatementPages>() -> Router<App> {
    Router::new()
        .route(&month_route::<S>(""), get(page::<S>))
        .route(&month_route::<S>("/download"), get(download::<S>))
        .route(&month_route::<S>("/template"), get(template::<S>))
}

/// What the pages of a month begin with.
pub(super) struct MonthHead {
    pub(super) creche: Creche,
    pub(super) month: Month,
    /// The displayed name of the month.
    pub(super) name: String,
    /// The address of the month's page.
    pub(super) at: String,
    /// The words of its kind.
    pub(super) words: &'static KindWords,
}

impl MonthHead {
    pub(super) fn new<S: StatementPages>(creche: Creche, month: Month, language: Language) -> Self {
        let (at, name) = (Self::address::<S>(creche.id, month), month.in_words(language));
        Self { name, at, words: S::WORDS, creche, month }
    }

    /// The path of a month's page.
    pub(super) fn address<S: StatementPages>(creche: CrecheId, month: Month) -> String {
        format!("/console/creches/{creche}/{}/{month}", S::KIND.name())
    }
}

/// A revision in the list.
#[derive(Clone)]
pub(super) struct RevisionRow {
    pub(super) number: u32,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) channel: &'static str,
    pub(super) lines: u64,
    pub(super) warned: bool,
    /// Why it corrects a signed month.
    pub(super) correction: Option<&'static str>,
    /// Whether there is a later one.
    pub(super) old: bool,
}

impl RevisionRow {
    pub(super) fn of<T>(entry: StatementEntry<T>, language: Language) -> Self {
        let application = entry.application.map(|(_, name)| name);
        Self {
            number: entry.deposited.revision,
            at: date_time(entry.deposited_at),
            by: application.or(entry.person).unwrap_or_else(|| SOMEBODY.get(language).to_owned()),
            channel: channel_words(entry.channel).get(language),
            lines: entry.deposited.lines,
            warned: entry.deposited.has_warnings,
            correction: entry.correction.map(|reason| reason.label().get(language)),
            old: false,
        }
    }
}

const SOMEBODY: LocalText = words::month::SOMEBODY;

const fn channel_words(channel: Channel) -> LocalText {
    match channel {
        Channel::Json => words::month::BY_THE_API,
        Channel::Xlsx => words::month::WORKBOOK_XLSX,
        Channel::Xls => words::month::WORKBOOK_XLS,
        Channel::Console => words::month::TYPED_TABLE,
    }
}

#[derive(Template)]
#[template(path = "month.html", config = ".config/askama.toml")]
struct MonthPage {
    frame: PageFrame,
    head: MonthHead,
    around: [(String, &'static str); 2],
    stage: StageTag,
    deadline: Option<String>,
    writes: bool,
    begun: bool,
    /// What freezes it.
    freeze: Freeze,
    /// The signature of the month alone, of a kind that is signed so.
    signature: Option<MonthSignature>,
    /// The page of the signed report of its quarter, for those who may read it.
    report: Option<String>,
    /// The days of the current revision for which nothing was received.
    missing: Vec<MissingDaysView>,
    reasons: DayReasons,
    /// The displayed revision; none when nothing was deposited.
    shown: Option<RevisionRow>,
    sums: SumTable,
    findings: Vec<FindingView>,
    /// The lines; empty where there are none.
    body: String,
    revisions: Vec<RevisionRow>,
}

/// The signature of a month alone.
struct MonthSignature {
    href: String,
    /// The name and the look of its state; `None` before the first signature.
    state: Option<(&'static str, &'static str)>,
    link: &'static str,
}

impl MonthSignature {
    fn new(at: ClaimPlace, state: ClaimState, language: Language) -> Self {
        let link = if state.is_frozen() { words::month_signature::FOLLOW } else { words::month_signature::SIGN_ALONE };
        let shown = (state != ClaimState::Draft).then(|| (state.label().get(language), state_look(state)));
        Self { href: at.href(), state: shown, link: link.get(language) }
    }
}

async fn page<S: StatementPages>(
    visit: PageContext,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    QueryFields(asked): QueryFields,
) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsRead(S::KIND))?;
    let (app, language) = (&visit.app, visit.language);
    let creche = creches::find(app, &caller, creche).await?;
    let wanted = asked.number("revision");
    let stored = statements::read::<S>(app, &caller, creche.id, month, wanted).await?;
    if stored.is_none() && wanted.is_some() {
        return Err(Problem::not_found("revision"));
    }
    let revisions = statements::revisions::<S>(app, &caller, creche.id, month).await?;
    let freeze = claims::freeze_of(app, &caller, StatementKey { creche: creche.id, kind: S::KIND, month }).await?;
    let signature = if S::KIND.is_signed_alone() && creche.subsidised && stored.is_some() {
        let standing = claims::standing_of(app, &caller, (creche.id, month.into())).await?;
        Some(MonthSignature::new(ClaimPlace { creche: creche.id, period: month.into() }, standing.state, language))
    } else {
        None
    };
    let reads_report = visit.acting.mandate.may(Scope::StatementsRead(report::KIND), creche.id);
    let begun = drafts::is_begun::<S>(app, &caller, creche.id, month).await?;
    let kept = revisions.last().map(|last| last.deposited.has_warnings);
    let stage = month_stage(&creche, month, kept, visit.clock().today());
    let number = stored.as_ref().map(|stored| stored.entry.deposited.revision);
    let revisions: Vec<_> = revisions.into_iter().rev().map(|entry| RevisionRow::of(entry, language)).collect();
    let at = revisions.iter().position(|past| Some(past.number) == number);
    let frame = PageFrame::at(S::WORDS.part(), &visit);
    let shown = at.map(|at| RevisionRow { old: at > 0, ..revisions[at].clone() });
    let current = stored.as_ref().filter(|_| !freeze.is_frozen() && at == Some(0));
    let missing = current.map(|stored| missing_days(&visit, &frame, stored)).unwrap_or_default();
    let (sums, findings, body) = match stored {
        Some(stored) => filled(&visit, stored, month).await?,
        None => MonthContent::default(),
    };
    Ok(render(&MonthPage {
        around: [month.previous(), month.next()]
            .map(|month| (MonthHead::address::<S>(creche.id, month), month.name().get(language))),
        stage: stage_tag(language, S::WORDS, creche.subsidised, stage),
        deadline: creche.subsidised.then(|| day(month.quarter().deadline())),
        writes: visit.acting.mandate.may(Scope::StatementsWrite(S::KIND), creche.id) && stage != MonthStage::Ahead,
        begun,
        report: Some(month.quarter()).filter(|_| reads_report).map(|quarter| reports::href(creche.id, quarter)),
        freeze,
        signature,
        missing,
        reasons: DayReasons::new(language),
        shown,
        sums,
        findings,
        body,
        revisions,
        head: MonthHead::new::<S>(creche, month, language),
        frame,
    }))
}

/// The days for which nothing was received, once the month is over.
fn missing_days<S: StatementPages>(
    visit: &PageContext,
    frame: &PageFrame,
    stored: &StoredStatement<S>,
) -> Vec<MissingDaysView> {
    let (creche, deposited) = (&stored.creche, &stored.entry.deposited);
    let missing = deposited.missing_days_on(visit.clock().today()).unwrap_or_default();
    let open: Vec<_> = creche.open_days(deposited.month).collect();
    let may_close = visit.acting.mandate.may(closures::WRITE, creche.id);
    let view = |period: &MissingPeriod| MissingDaysView::in_month(frame, (creche.id, S::KIND), period, may_close);
    MissingPeriod::of(missing, &open).iter().map(view).collect()
}

/// The part of a page for a statement: its sums, its warnings, its lines.
type MonthContent = (SumTable, Vec<FindingView>, String);

async fn filled<S: StatementPages>(
    visit: &PageContext,
    stored: StoredStatement<S>,
    month: Month,
) -> Result<MonthContent> {
    let StoredStatement { creche, entry, warnings, statement, .. } = stored;
    let (names, language) = (S::names(visit).await?, visit.language);
    let sums = S::sums(&entry.deposited.totals, &names, language);
    let spot =
        |place: &FindingPlace| statement.name_of_place(&names, place).map(|words| FindingSpot { words, anchor: None });
    let findings = finding_views(&warnings, language, spot);
    let look = LinesContext { creche: &creche, month, names: &names, warnings: &warnings, language };
    let body = if statement.lines() == 0 { Ok(String::new()) } else { statement.body(&look) };
    Ok((sums, findings, body.map_err(Problem::internal)?))
}

async fn download<S: StatementPages>(
    visit: PageContext,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    QueryFields(asked): QueryFields,
) -> Result<ResponseBuilder> {
    let caller = visit.caller(Scope::StatementsRead(S::KIND))?;
    let stored = statements::read::<S>(&visit.app, &caller, creche, month, asked.number("revision")).await?;
    let workbook = statements::as_workbook(stored.ok_or_else(|| Problem::not_found("month"))?).await?;
    Ok(ResponseBuilder::file(Media::Xlsx, &workbook.name, workbook.bytes))
}

async fn template<S: StatementPages>(
    visit: PageContext,
    Path(AtMonth { creche, month }): Path<AtMonth>,
    QueryFields(asked): QueryFields,
) -> Result<ResponseBuilder> {
    let caller = visit.caller(Scope::StatementsRead(S::KIND))?;
    let prefill = asked.get("prefill") == "previousMonth";
    let book = statements::template::<S>(&visit.app, &caller, creche, month, prefill, ROWS).await?;
    Ok(ResponseBuilder::file(Media::Xlsx, &book.name, book.bytes))
}

/// The number of formatted rows in a workbook to fill in.
const ROWS: usize = 40;
