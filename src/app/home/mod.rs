//! The home page of the console: what is to be done next, within the rights of a user. What it says is not personal, so reading
//! it is not recorded, but for the reasons of the agency.
//!
//! The work is bounded: rows are read in one query for each kind of thing, statements are not opened, and of a few reports
//! only it is computed what they lack. What is left out is counted.

mod agency;
mod applications;
mod claims;
mod communications;
mod deposits;
mod inputs;
mod missing_days;
mod register;
mod reports;

use jiff::civil::Date;

pub use self::agency::{AgencyTasks, agency};
use self::inputs::HomeInputs;
pub use self::missing_days::{MissingDays, MissingDaysRow, are_missing};
use super::App;
use super::error::InternalError;
use super::sessions::ActingUser;
use crate::domain::claim::ClaimState;
use crate::domain::creche::Creche;
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::report::completeness::ReportStep;
use crate::domain::statement::StatementKind;
use crate::ids::{ApplicationId, CrecheId, WebhookEndpointId};

/// The most tasks of a page.
const MOST_TASKS: usize = 60;

/// The operator's settings for the home page.
#[derive(Debug, Clone, Copy)]
pub struct HomeSettings {
    /// After how many days of the next month an application that used to deposit, and did not, is named.
    pub silent_after_days: i32,
    /// After how many days without a change the staff register is named.
    pub register_days: i32,
}

/// What is to be done next.
#[derive(Debug, Default)]
pub struct Home {
    /// The most urgent first.
    pub tasks: Vec<Task>,
    /// How many tasks are left out.
    pub left_out: usize,
    /// The days for which nothing was received.
    pub missing_days: MissingDays,
}

/// How urgent a task is, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// The deadline has passed.
    Late,
    /// The deadline is near, or somebody waits for it.
    Soon,
    /// To be done.
    Open,
    /// Good to know.
    Note,
}

/// Something to be done, or to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// How urgent it is.
    pub urgency: Urgency,
    /// The last day for it, where there is one.
    pub deadline: Option<Date>,
    /// What it is.
    pub kind: TaskKind,
}

/// A crèche of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrecheName {
    /// Its id.
    pub id: CrecheId,
    /// Its name.
    pub name: String,
}

impl From<&Creche> for CrecheName {
    fn from(creche: &Creche) -> Self {
        Self { id: creche.id, name: creche.name.clone() }
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskKind {
    /// Statements of months were not deposited.
    StatementsMissing(StatementKind, CrecheName, Vec<Month>),
    /// The report of a quarter that is over was not begun.
    ReportNotBegun(CrecheName, Quarter),
    /// A report lacks something in these steps.
    ReportIncomplete(CrecheName, Quarter, Vec<ReportStep>),
    /// A report is complete and awaits the signature.
    ReportComplete(CrecheName, Quarter),
    /// The report of so many crèches and quarters was begun; what they lack was not computed.
    ReportsBegun(usize),
    /// The agency returned a claim, with a reason, which is left out of long lists.
    ClaimReturned(CrecheName, Period, Option<String>),
    /// The agency accepted or refused a claim lately.
    ClaimAnswered(CrecheName, Period, ClaimState),
    /// The agency wrote a message about a claim, and nothing was done since.
    ClaimMessage(CrecheName, Period),
    /// Something was deposited since the signature: the difference is to be signed.
    ClaimChanged(CrecheName, Period),
    /// The agency published so many communications that the user has not seen; the title of the latest.
    CommunicationsPublished(usize, String),
    /// So many doctors lack the agreement.
    DoctorsIncomplete(usize),
    /// The agency refused so many doctors.
    DoctorsRefused(usize),
    /// So many doctors await the agency's decision.
    DoctorsAwaiting(usize),
    /// The staff of a crèche was not validated for a year.
    StaffNotValidated(CrecheName, i16),
    /// The staff register did not change for so many days.
    RegisterUnchanged(i32),
    /// A key of an application is about to expire.
    KeyExpiring(ApplicationId, String),
    /// An application that used to deposit attendance did not deposit that of a month, for so many crèches.
    ApplicationSilent(ApplicationId, String, Month, usize),
    /// Events are not delivered to a webhook endpoint; whether it is disabled for good.
    EndpointStopped(WebhookEndpointId, bool),
}

impl Task {
    /// A task with a deadline: late after it, soon within a month before it.
    fn due(kind: TaskKind, deadline: Date, today: Date) -> Self {
        let is_soon = deadline.since((jiff::Unit::Day, today)).is_ok_and(|left| left.get_days() <= SOON_DAYS);
        let urgency = match (today > deadline, is_soon) {
            (true, _) => Urgency::Late,
            (false, true) => Urgency::Soon,
            (false, false) => Urgency::Open,
        };
        Self { urgency, deadline: Some(deadline), kind }
    }

    /// A task without deadline.
    const fn of(urgency: Urgency, kind: TaskKind) -> Self {
        Self { urgency, deadline: None, kind }
    }
}

/// A deadline is near within so many days.
const SOON_DAYS: i32 = 30;

/// What the user is to do next.
pub async fn home(app: &App, acting: &ActingUser) -> Result<Home, InternalError> {
    let inputs = HomeInputs::read(app, acting).await?;
    let mut tasks = deposits::tasks(&inputs);
    tasks.extend(claims::tasks(app, &inputs).await?);
    tasks.extend(reports::tasks(app, &inputs).await?);
    tasks.extend(register::doctor_tasks(&inputs));
    tasks.extend(register::staff_tasks(app, &inputs).await?);
    tasks.extend(applications::tasks(app, &inputs).await?);
    tasks.extend(communications::task(app, acting).await?);
    tasks.sort_by_key(|task| (task.urgency, task.deadline.unwrap_or(Date::MAX)));
    let left_out = tasks.len().saturating_sub(MOST_TASKS);
    tasks.truncate(MOST_TASKS);
    Ok(Home { tasks, left_out, missing_days: missing_days::of(&inputs)? })
}
