//! A task in words, with the place where it is done.

use jiff::civil::Date;

use crate::app::home::{CrecheName, Task, TaskKind, Urgency};
use crate::console::addresses::{COMMUNICATIONS, REPORTS, WEBHOOKS};
use crate::console::claim_place::ClaimPlace;
use crate::console::page_frame::{PageFrame, day};
use crate::console::reports;
use crate::domain::claim::ClaimState;
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::statement::StatementKind;
use crate::words::{LocalText, home as words};

/// A task on the page.
pub(super) struct TaskView {
    pub(super) href: String,
    pub(super) sentence: String,
    /// The CSS class of its mark.
    pub(super) look: &'static str,
    /// What follows where it is not done.
    pub(super) hint: Option<&'static str>,
    /// Its deadline, and how many days are left.
    pub(super) deadline: Option<String>,
    /// The agency's reason.
    pub(super) reason: Option<String>,
}

impl TaskView {
    /// The task on a day.
    pub(super) fn of(frame: &PageFrame, task: Task, today: Option<Date>) -> Self {
        let look = match task.urgency {
            Urgency::Late => "bad",
            Urgency::Soon => "warn",
            Urgency::Open | Urgency::Note => "plain",
        };
        let is_late = task.urgency == Urgency::Late;
        let deadline = task.deadline.map(|deadline| deadline_words(frame, deadline, today, is_late));
        let is_optional = matches!(&task.kind, TaskKind::StatementsMissing(kind, ..) if !kind.is_due());
        let hint = is_optional.then(|| frame.text(&words::NOT_REFUNDED));
        let (href, sentence, reason) = link_and_sentence(frame, task.kind);
        Self { href, sentence, look, hint, deadline, reason }
    }
}

/// The deadline and the days that are left; after it, that it has passed.
fn deadline_words(frame: &PageFrame, deadline: Date, today: Option<Date>, is_late: bool) -> String {
    let left = today.and_then(|today| deadline.since((jiff::Unit::Day, today)).ok()).map(|span| span.get_days());
    let left = left.and_then(|left| u64::try_from(left).ok());
    let rest = match left {
        None if is_late => frame.text(&words::DEADLINE_PASSED).to_owned(),
        None => String::new(),
        Some(0) => frame.text(&words::LAST_DAY).to_owned(),
        Some(left) => frame.counted(&left, &words::DAYS_LEFT),
    };
    let date = format!("{}{} {}", frame.text(&words::DEADLINE), frame.colon(), day(deadline));
    if rest.is_empty() { date } else { format!("{date}, {rest}") }
}

/// Where a task is done, and the task in words.
fn link_and_sentence(frame: &PageFrame, kind: TaskKind) -> (String, String, Option<String>) {
    let counted = |count: usize, forms| frame.counted(&count, forms);
    let (href, sentence) = match kind {
        TaskKind::StatementsMissing(kind, creche, months) => missing(frame, kind, &creche, &months),
        TaskKind::ReportNotBegun(creche, quarter) => report(frame, "", &words::REPORT_NOT_BEGUN, &creche, quarter),
        TaskKind::ReportIncomplete(creche, quarter, steps) => {
            let steps: Vec<_> = steps.into_iter().map(|step| frame.text(&step.label()).to_owned()).collect();
            let (href, sentence) = report(frame, "", &words::REPORT_INCOMPLETE, &creche, quarter);
            (href, sentence.replace("{steps}", &frame.listed(&steps)))
        }
        TaskKind::ReportComplete(creche, quarter) => report(frame, CLAIM, &words::REPORT_COMPLETE, &creche, quarter),
        TaskKind::ReportsBegun(count) => (REPORTS.to_owned(), counted(count, &words::REPORTS_BEGUN)),
        TaskKind::ClaimReturned(creche, period, reason) => {
            let (href, sentence) = claim(frame, &words::CLAIM_RETURNED, &creche, period);
            return (href, sentence, reason);
        }
        TaskKind::ClaimAnswered(creche, period, state) => claim(frame, answer(state), &creche, period),
        TaskKind::ClaimMessage(creche, period) => claim(frame, &words::CLAIM_MESSAGE, &creche, period),
        TaskKind::ClaimChanged(creche, period) => claim(frame, &words::CLAIM_CHANGED, &creche, period),
        TaskKind::CommunicationsPublished(count, title) => {
            (COMMUNICATIONS.to_owned(), counted(count, &words::COMMUNICATIONS_PUBLISHED).replace("{title}", &title))
        }
        TaskKind::DoctorsIncomplete(count) => (DOCTORS.to_owned(), counted(count, &words::DOCTORS_INCOMPLETE)),
        TaskKind::DoctorsRefused(count) => (DOCTORS.to_owned(), counted(count, &words::DOCTORS_REFUSED)),
        TaskKind::DoctorsAwaiting(count) => (DOCTORS.to_owned(), counted(count, &words::DOCTORS_AWAITING)),
        TaskKind::StaffNotValidated(creche, year) => {
            let sentence = frame.text(&words::STAFF_NOT_VALIDATED).replace("{creche}", &creche.name);
            (VALIDATIONS.to_owned(), sentence.replace("{year}", &year.to_string()))
        }
        TaskKind::RegisterUnchanged(days) => {
            let sentence = frame.text(&words::REGISTER_UNCHANGED).replace("{days}", &days.to_string());
            (STAFF.to_owned(), sentence)
        }
        TaskKind::KeyExpiring(id, name) => {
            (format!("{APPLICATIONS}/{id}"), frame.text(&words::KEY_EXPIRING).replace("{application}", &name))
        }
        TaskKind::ApplicationSilent(id, name, month, creches) => {
            let sentence = counted(creches, &words::APPLICATION_SILENT).replace("{application}", &name);
            (format!("{APPLICATIONS}/{id}"), sentence.replace("{month}", &month.in_words(frame.language)))
        }
        TaskKind::EndpointStopped(id, is_disabled) => {
            let words = if is_disabled { &words::ENDPOINT_DISABLED } else { &words::ENDPOINT_PAUSED };
            (format!("{WEBHOOKS}/{id}"), frame.text(words).to_owned())
        }
    };
    (href, sentence, None)
}

const CLAIM: &str = "/claim";
const DOCTORS: &str = "/console/doctors";
const STAFF: &str = "/console/staff";
const VALIDATIONS: &str = "/console/staff/validations";
const APPLICATIONS: &str = "/console/applications";

fn missing(frame: &PageFrame, kind: StatementKind, creche: &CrecheName, months: &[Month]) -> (String, String) {
    let names: Vec<_> = months.iter().map(|month| month.in_words(frame.language)).collect();
    let first = months.first().map(Month::to_string).unwrap_or_default();
    let sentence = frame.text(&words::STATEMENTS_MISSING).replace("{kind}", frame.text(&kind.facts().title));
    let sentence = sentence.replace("{creche}", &creche.name).replace("{months}", &frame.listed(&names));
    (format!("/console/creches/{}/{}/{first}", creche.id, kind.name()), sentence)
}

fn report(frame: &PageFrame, rest: &str, words: &LocalText, creche: &CrecheName, quarter: Quarter) -> (String, String) {
    let sentence = frame.text(words).replace("{creche}", &creche.name);
    let sentence = sentence.replace("{quarter}", &quarter.in_words(frame.language));
    (format!("{}{rest}", reports::href(creche.id, quarter)), sentence)
}

/// What is said of a claim, with its page.
fn claim(frame: &PageFrame, words: &LocalText, creche: &CrecheName, period: Period) -> (String, String) {
    let what = match period {
        Period::Quarter(_) => words::CLAIMED_REPORT,
        Period::Month(_) => words::CLAIMED_MONTH,
    };
    let sentence = frame.text(words).replace("{what}", frame.text(&what)).replace("{creche}", &creche.name);
    let sentence = sentence.replace("{period}", &period.in_words(frame.language));
    (ClaimPlace { creche: creche.id, period }.href(), sentence)
}

/// An answer of the agency in words.
const fn answer(state: ClaimState) -> &'static LocalText {
    match state {
        ClaimState::AcceptedWithRemarks => &words::CLAIM_ACCEPTED_WITH_REMARKS,
        ClaimState::Refused => &words::CLAIM_REFUSED,
        _ => &words::CLAIM_ACCEPTED,
    }
}
