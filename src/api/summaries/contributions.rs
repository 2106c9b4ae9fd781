//! Response bodies of contributions: the share of each line in the figures, and the differences between revisions.

use std::ops::Not;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::super::caller::ApplicationReference;
use super::super::creches::CrecheReference;
use super::super::statements::{StatementOperations, revision_address};
use crate::app::statements::{MonthComparison, PeriodContributions, StatementContributions, StatementEntry};
use crate::domain::changes::LineChange;
use crate::domain::counting_rule::CountingRule;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Channel, Contribution, Totals};
use crate::http::urls::Urls;
use crate::ids::CrecheId;

#[derive(Serialize)]
pub(super) struct ContributionsBody<T: Totals> {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    period: Period,
    totals: T,
    statements: Vec<StatementBody<T>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparisons: Option<Vec<ComparisonBody<T>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatementBody<T> {
    month: Month,
    revision: u32,
    href: String,
    deposited_at: Timestamp,
    #[serde(rename = "door")]
    channel: Channel,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<ApplicationReference>,
    totals: T,
    lines: Vec<LineBody<T>>,
}

#[derive(Serialize)]
struct LineBody<T> {
    reference: String,
    rule: CountingRule,
    totals: T,
}

#[derive(Serialize)]
struct ComparisonBody<T: Totals> {
    month: Month,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<u32>,
    totals: T::Change,
    lines: Vec<LineChangeBody<T>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineChangeBody<T> {
    reference: String,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<T>,
    days: Vec<DayChangeBody>,
    #[serde(skip_serializing_if = "Not::not")]
    identity_changed: bool,
    #[serde(skip_serializing_if = "Not::not")]
    times_changed: bool,
}

#[derive(Serialize)]
struct DayChangeBody {
    date: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

impl<T: Totals> ContributionsBody<T> {
    /// The body; `is_compared` tells whether the request asked for a comparison.
    pub(super) fn of<S: StatementOperations<Totals = T>>(
        found: PeriodContributions<T>,
        period: Period,
        is_compared: bool,
        urls: &Urls,
    ) -> Self {
        let PeriodContributions { creche, statements, comparisons } = found;
        let totals = statements.iter().map(|statement| statement.entry.deposited.totals.clone());
        let (path, _) = S::OPERATIONS.contributions;
        let path = path.replace("{crecheId}", &creche.id.to_string()).replace("{period}", &period.to_string());
        Self {
            this: urls.api(path),
            creche: CrecheReference::of(&creche, urls),
            period,
            totals: totals.fold(T::default(), std::ops::Add::add),
            statements: statements.into_iter().map(|one| StatementBody::of::<S>(one, creche.id, urls)).collect(),
            comparisons: is_compared.then(|| comparisons.into_iter().map(ComparisonBody::from).collect()),
        }
    }
}

impl<T: Totals> StatementBody<T> {
    fn of<S: StatementOperations<Totals = T>>(
        StatementContributions { entry, lines }: StatementContributions<T>,
        creche: CrecheId,
        urls: &Urls,
    ) -> Self {
        let StatementEntry { deposited, deposited_at, channel, application, .. } = entry;
        Self {
            href: revision_address::<S>(urls, creche, deposited.month, deposited.revision),
            month: deposited.month,
            revision: deposited.revision,
            deposited_at,
            channel,
            application: application.map(|(id, name)| ApplicationReference { id, name }),
            totals: deposited.totals,
            lines: lines.into_iter().map(LineBody::of::<S>).collect(),
        }
    }
}

impl<T: Totals> LineBody<T> {
    fn of<S: StatementOperations<Totals = T>>(line: Contribution<T>) -> Self {
        Self { reference: line.reference, rule: S::OPERATIONS.counting_rule, totals: line.totals }
    }
}

impl<T: Totals> From<MonthComparison<T>> for ComparisonBody<T> {
    fn from(MonthComparison { month, from, to, totals: (before, after), lines }: MonthComparison<T>) -> Self {
        let lines = lines.into_iter().map(LineChangeBody::from).collect();
        Self { month, from, to, totals: after.since(&before), lines }
    }
}

impl<T> From<LineChange<T>> for LineChangeBody<T> {
    fn from(line: LineChange<T>) -> Self {
        let change = match (&line.before, &line.after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let day = |(date, before, after)| DayChangeBody { date, before, after };
        let days = line.days.into_iter().map(day).collect();
        let LineChange { reference, before, after, identity_changed, times_changed, .. } = line;
        Self { reference, change, before, after, days, identity_changed, times_changed }
    }
}
