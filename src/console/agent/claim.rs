//! A signed claim, for agents: its figures, what was done, and the forms to answer it.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::claims::{href, period_name};
use super::{Agent, payments};
use crate::app::App;
use crate::app::claims::{self, ActView, AgencyClaim, ClaimError, KnownClaim, KnownSignature, MAX_REASON, NewAnswer};
use crate::app::subsidies;
use crate::console::addresses::AGENCY_CLAIMS;
use crate::console::attachment_rows::{AttachmentRow, attachment_rows};
use crate::console::claim_figures::{
    ActReader, ActRow, ChangeRow, FigureTable, act_rows, change_rows, figure_in_words, state_look,
};
use crate::console::form::{Fields, SessionForm};
use crate::console::form_fields::TickBox;
use crate::console::page_context::SessionContext;
use crate::console::page_frame::{PageFrame, date_time, render_with_status};
use crate::console::subsidies::PaymentRow;
use crate::domain::claim::{
    AcknowledgedWarning, AnswerDetails, ClaimAct, ClaimDocument, ClaimInput, ClaimRole, ClaimState, FigureLine,
    FigureName, FigureRemark, MAX_REMARK, SignedAttachment, differences,
};
use crate::domain::kinds::{attendance, medical};
use crate::domain::money::Cents;
use crate::domain::notice::Notice;
use crate::domain::period::{Month, Period};
use crate::domain::report::completeness::ReportStep;
use crate::domain::statement::StatementKind;
use crate::http::extract::Path;
use crate::http::path_parameters::AtClaim;
use crate::http::problem::{Problem, Result};
use crate::words::{self, Language, LocalText};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/console/agency/claims/{organiserId}/{crecheId}/{period}", get(see).post(answer))
}

#[derive(Template)]
#[template(path = "agent/claim.html", config = ".config/askama.toml")]
struct ClaimPage {
    frame: PageFrame,
    href: String,
    creche: String,
    organiser: String,
    one_number: String,
    period: String,
    state: &'static str,
    look: &'static str,
    refusal: Option<&'static str>,
    /// What was deposited since the signature and is not signed yet, in words.
    unsigned_corrections: Option<String>,
    signed_at: String,
    signature: u32,
    table: FigureTable,
    /// The sentence, and why it was signed nevertheless.
    warnings: Vec<(String, &'static str)>,
    /// The lines of a month: address, name.
    lines: Vec<(String, String)>,
    /// The attachments that were signed.
    attachments: Vec<AttachmentRow>,
    /// What the latest signature changes of the one before.
    changes: Vec<ChangeRow>,
    /// The quarter before, and the same one of the year before, as they are signed.
    compared: Vec<(String, FigureTable)>,
    acts: Vec<ActRow>,
    /// The payments of the quarter; `None` of a month, which is paid with its quarter.
    payments: Option<ClaimPayments>,
    /// The acts that the agent may do now: code, name, whether it refuses.
    answers: Vec<(&'static str, &'static str, bool)>,
    /// Why the agent may not act.
    hindrance: Option<&'static str>,
    needs_reason: bool,
    /// Whether remarks at figures, and months to correct, may be written.
    takes_remarks: bool,
    remarks: Vec<RemarkField>,
    months: Vec<TickBox>,
    may_write: bool,
    reason: String,
    message: String,
    most: usize,
    most_remark: usize,
}

impl ClaimPage {
    /// Whether a remark was written, so that the fields are shown.
    fn has_remarks(&self) -> bool {
        self.remarks.iter().any(|field| !field.value.is_empty())
    }
}

/// The payments of a claim's quarter.
struct ClaimPayments {
    rows: Vec<PaymentRow>,
    /// The page on which one is recorded.
    record: String,
}

async fn payments_of(
    session: &SessionContext,
    at: AtClaim,
    document: &ClaimDocument,
    language: Language,
) -> Result<Option<ClaimPayments>> {
    let Period::Quarter(quarter) = at.period else { return Ok(None) };
    let found = subsidies::of_claim(&session.app, (at.organiser, at.creche, quarter)).await?;
    Ok(Some(ClaimPayments {
        rows: found.iter().map(|payment| PaymentRow::new(payment, language)).collect(),
        record: payments::form_address(&document.creche.one_number, quarter, language),
    }))
}

/// The field of a remark at a figure.
struct RemarkField {
    name: String,
    label: String,
    value: String,
}

async fn see(agent: Agent, Path(at): Path<AtClaim>) -> Result<Response> {
    render_claim(&agent, at, None, &Fields::default()).await
}

async fn answer(Path(at): Path<AtClaim>, SessionForm { session, fields }: SessionForm) -> Result<Response> {
    let agent = Agent::of(session)?;
    let act = ClaimAct::from_code(fields.get("act")).filter(|act| act.is_of(ClaimRole::Agent));
    let act = act.ok_or_else(|| Problem::not_found("act"))?;
    let is_message = act == ClaimAct::Message;
    let new = NewAnswer {
        act,
        known: KnownClaim::Signature(fields.number("signature").unwrap_or_default()),
        reason: fields.get(if is_message { "message" } else { "reason" }),
        details: details(&fields, at.period),
    };
    let refusal = match claims::answer(&agent.session.app, &agent.acting, at.key(), new).await {
        Ok(_) => {
            let notice = if is_message { Notice::ClaimMessageWritten } else { Notice::ClaimAnswered };
            return Ok(agent.session.redirect_with_notice(&href(at.key()), notice).await);
        }
        Err(refusal) => words_of(&refusal).ok_or(refusal)?,
    };
    render_claim(&agent, at, Some(refusal.get(agent.session.language)), &fields).await
}

/// Why an act is refused; `None` for what is no refusal of an act.
const fn words_of(refusal: &ClaimError) -> Option<LocalText> {
    Some(match refusal {
        ClaimError::NotPossible { .. } => words::claims::NOT_POSSIBLE,
        ClaimError::Outdated | ClaimError::NoFigure(_) | ClaimError::NoMonth(_) => words::claims::OUTDATED,
        ClaimError::ReasonMissing => words::claims::REASON_MISSING,
        ClaimError::ReasonTooLong => words::claims::REASON_TOO_LONG,
        ClaimError::MessageMissing => words::claims::MESSAGE_MISSING,
        ClaimError::MessageTooLong => words::claims::MESSAGE_TOO_LONG,
        ClaimError::NotIndependent => words::claims::NOT_INDEPENDENT,
        ClaimError::SameAgent => words::claims::SAME_AGENT,
        ClaimError::RemarksNotTaken => words::claims::REMARKS_NOT_TAKEN,
        ClaimError::RemarkTooLong => words::claims::REMARK_TOO_LONG,
        _ => return None,
    })
}

/// The name of the field of a remark at a figure.
fn remark_name(figure: FigureName, month: Option<Month>) -> String {
    let month = month.map_or_else(|| "quarter".to_owned(), |month| month.to_string());
    format!("remark.{}.{month}", figure.code())
}

/// The remarks and months of the form.
fn details(fields: &Fields, period: Period) -> AnswerDetails {
    let months = || period.months().into_iter().map(Some).chain([None]);
    let figures = FigureName::ALL.iter().flat_map(|figure| months().map(|month| (*figure, month)));
    let remark = |(figure, month)| {
        let text = fields.get(&remark_name(figure, month)).replace("\r\n", "\n");
        (!text.is_empty()).then_some(FigureRemark { figure, month, text })
    };
    let ticked = period.months().into_iter().filter(|month| fields.all("months").any(|one| one == month.to_string()));
    AnswerDetails { remarks: figures.filter_map(remark).collect(), months: ticked.collect() }
}

/// The change of the gross salaries, if they changed.
fn gross_change(before: Option<Cents>, now: Option<Cents>, language: Language) -> Option<ChangeRow> {
    let (before, now) = before.zip(now).filter(|(before, now)| before != now)?;
    let shown = |amount: Cents| amount.with_currency(language);
    let label = words::reports::GROSS_SALARIES.get(language).to_owned();
    Some(ChangeRow { label, signed: shown(before), now: shown(now) })
}

/// The change of the attachments, if they changed: how many were signed, and of those that are signed now how many are new.
fn attachment_change(before: &[SignedAttachment], now: &[SignedAttachment], language: Language) -> Option<ChangeRow> {
    let added = now.iter().filter(|one| !before.contains(one)).count();
    let is_the_same = added == 0 && before.len() == now.len();
    let label = ReportStep::Attachments.label().get(language).to_owned();
    let counted = words::agent::ATTACHMENTS_NOW.get(language);
    let counted = counted.replace("{count}", &now.len().to_string()).replace("{added}", &added.to_string());
    (!is_the_same).then(|| ChangeRow { label, signed: before.len().to_string(), now: counted })
}

/// What the signature of a document changes of the one before.
fn signed_changes(
    before: &KnownSignature,
    (document, gross): (&ClaimDocument, Option<Cents>),
    language: Language,
) -> Vec<ChangeRow> {
    let mut changes = change_rows(&differences(&before.document.figures, &document.figures), language);
    changes.extend(gross_change(before.gross_salary_cents, gross, language));
    changes.extend(attachment_change(&before.document.attachments, &document.attachments, language));
    changes
}

async fn render_claim(
    Agent { session, acting, .. }: &Agent,
    at: AtClaim,
    refusal: Option<&'static str>,
    fields: &Fields,
) -> Result<Response> {
    let found = claims::open(&session.app, acting, at.key()).await?;
    let unsigned_corrections = correction_notice(&found.unsigned_corrections, session.language);
    let possible = found.possible_acts(acting.role(), session.app.second_agent);
    let AgencyClaim { standing, hindrance, acts, receipt, gross_salary_cents, attachments, known, compared, .. } =
        found;
    let (language, document) = (session.language, receipt.document);
    let payments = payments_of(session, at, &document, language).await?;
    let answers: Vec<_> = possible.iter().copied().filter(|act| *act != ClaimAct::Message).collect();
    let latest = ActView::latest_remarks(&acts);
    let table = FigureTable::with_remarks(&document.figures, latest, at.period, language);
    let remarks = remark_fields(&document.figures, fields, language);
    let changes = known.map(|known| signed_changes(&known, (&document, gross_salary_cents), language));
    let compared = compared.into_iter().flatten().map(|other| {
        let table = FigureTable::new(&other.figures, other.period(), language);
        (other.period().in_words(language), table)
    });
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = ClaimPage {
        frame: PageFrame::of_session(AGENCY_CLAIMS, session).refused_if(refusal.is_some()),
        href: href(at.key()),
        period: period_name(at.period, language),
        state: standing.state.label().get(language),
        look: state_look(standing.state),
        refusal,
        unsigned_corrections,
        signed_at: date_time(document.signed_at),
        signature: document.signature,
        table: table.with_gross(gross_salary_cents, language).linked(at.period, figure_pages(at)),
        lines: line_links(at, &document, language),
        attachments: attachment_rows(&attachments, &href(at.key()), language),
        warnings: document.warnings.iter().map(|warning| warning_row(warning, language)).collect(),
        changes: changes.unwrap_or_default(),
        compared: compared.collect(),
        acts: act_rows(&acts, ActReader::Agent, language),
        payments,
        hindrance: hindrance.as_ref().and_then(words_of).map(|why| why.get(language)),
        needs_reason: answers.iter().any(|act| act.needs_reason()),
        takes_remarks: standing.state == ClaimState::TakenUp && answers.iter().any(|act| act.takes_remarks()),
        answers: answers.iter().map(|act| button(*act, standing.state, language)).collect(),
        remarks,
        months: month_ticks(at.period, fields, language),
        may_write: possible.contains(&ClaimAct::Message),
        message: fields.get("message").to_owned(),
        most_remark: MAX_REMARK,
        creche: document.creche.name,
        one_number: document.creche.one_number,
        organiser: document.organiser.legal_name,
        reason: fields.get("reason").to_owned(),
        most: MAX_REASON,
    };
    Ok(render_with_status(status, &page))
}

/// That what was deposited since the signature is not signed yet; `None` where nothing was.
fn correction_notice(inputs: &[ClaimInput], language: Language) -> Option<String> {
    let name = |input: &ClaimInput| {
        let kind = StatementKind::ALL.iter().find(|kind| kind.collection() == input.resource);
        let title = kind.map_or("", |kind| kind.facts().title.get(language));
        input.month.map_or_else(|| title.to_owned(), |month| format!("{title}, {}", month.in_words(language)))
    };
    let names: Vec<_> = inputs.iter().map(name).collect();
    let words = words::agent::UNSIGNED_CORRECTIONS.get(language);
    (!names.is_empty()).then(|| words.replace("{what}", &names.join(" · ")))
}

/// The button of an act: code, name, whether it refuses.
fn button(act: ClaimAct, state: ClaimState, language: Language) -> (&'static str, &'static str, bool) {
    let confirms = state.is_proposed() && act != ClaimAct::RejectProposal;
    let name = if confirms { words::agent::CONFIRM } else { act.label() };
    let refuses = matches!(act, ClaimAct::Refuse | ClaimAct::ProposeRefuse | ClaimAct::RejectProposal);
    (act.code(), name.get(language), refuses)
}

fn remark_fields(figures: &[FigureLine], fields: &Fields, language: Language) -> Vec<RemarkField> {
    let field = |line: &FigureLine| {
        let name = remark_name(line.figure, line.month);
        let label = figure_in_words(line.figure, line.month, language);
        RemarkField { label, value: fields.get(&name).to_owned(), name }
    };
    figures.iter().map(field).collect()
}

fn month_ticks(period: Period, fields: &Fields, language: Language) -> Vec<TickBox> {
    let tick = |month: Month| {
        let value = month.to_string();
        let ticked = fields.all("months").any(|one| one == value);
        TickBox { value, words: month.in_words(language), ticked }
    };
    period.months().into_iter().map(tick).collect()
}

/// The pages of the lines below the figures, and of the staff.
fn line_links(at: AtClaim, document: &ClaimDocument, language: Language) -> Vec<(String, String)> {
    let kinds = [(attendance::KIND, words::agent::CHILDREN_OF), (medical::KIND, words::agent::CONSULTATIONS_OF)];
    let link = |input: &ClaimInput| {
        let month = input.month?;
        let (kind, label) = kinds.iter().find(|(kind, _)| kind.collection() == input.resource)?;
        let name = format!("{} {}", label.get(language), month.in_words(language));
        Some((format!("{}/lines/{}/{month}", href(at.key()), kind.name()), name))
    };
    let page = |name: &str, label: LocalText| (format!("{}/{name}", href(at.key())), label.get(language).to_owned());
    let pages = || [page("staff", words::agent::STAFF_OF_CLAIM), page("costs", words::reports::COSTS_HEADING)];
    let pages = at.period.month().is_none().then(pages);
    document.inputs.iter().filter_map(link).chain(pages.into_iter().flatten()).collect()
}

/// A warning by its sentence, and why it was signed nevertheless.
fn warning_row(warning: &AcknowledgedWarning, language: Language) -> (String, &'static str) {
    (claims::warning_sentence(warning, language), warning.reason.label().get(language))
}

/// The pages of what the figures are made of.
fn figure_pages(at: AtClaim) -> impl Fn(Option<FigureName>, Option<Month>) -> Option<String> {
    let page = href(at.key());
    move |figure, month| match (figure.and_then(FigureName::kind), month, figure) {
        (Some(kind), Some(month), _) => Some(format!("{page}/lines/{}/{month}", kind.name())),
        (Some(_), None, _) => None,
        (None, _, None | Some(FigureName::SubsidisedPersons)) => Some(format!("{page}/staff")),
        (None, _, Some(figure)) => figure.is_amount().then(|| format!("{page}/costs")),
    }
}
