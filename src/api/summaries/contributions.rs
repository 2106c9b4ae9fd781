//! Response bodies of contributions: the share of each line in the figures, and the differences between revisions.

use std::ops::Not;

use jiff::civil::Date;
use serde::Serialize;

use super::super::creches::CrecheReference;
use super::super::statements::{StatementOperations, revision_address};
use crate::app::statements::PeriodContributions;
use crate::domain::changes::{LineChange, compare_contributions};
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Contribution, Totals};
use crate::http::urls::Urls;

#[derive(Serialize)]
pub(super) struct ContributionsBody<T: Totals> {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    period: Period,
    totals: T,
    statements: Vec<StatementBody<T>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonBody<T>>,
}

#[derive(Serialize)]
struct StatementBody<T> {
    month: Month,
    revision: u32,
    href: String,
    totals: T,
    lines: Vec<LineBody<T>>,
}

#[derive(Serialize)]
struct LineBody<T> {
    reference: String,
    totals: T,
}

#[derive(Serialize)]
struct ComparisonBody<T: Totals> {
    month: Month,
    from: u32,
    to: u32,
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
    pub(super) fn of<S: StatementOperations<Totals = T>>(
        shares: PeriodContributions<T>,
        period: Period,
        compared: Option<u32>,
        urls: &Urls,
    ) -> Self {
        let PeriodContributions { creche, statements, compared: earlier } = shares;
        let current = statements.first();
        let comparison =
            compared.zip(earlier).zip(current).map(|((from, earlier), (deposited, lines))| ComparisonBody {
                month: deposited.month,
                from,
                to: deposited.revision,
                totals: sum(lines).since(&sum(&earlier)),
                lines: compare_contributions(&earlier, lines).into_iter().map(LineChangeBody::from).collect(),
            });
        let totals = statements.iter().map(|(_, lines)| sum(lines)).fold(T::default(), std::ops::Add::add);
        let (path, _) = S::OPERATIONS.contributions;
        let path = path.replace("{crecheId}", &creche.id.to_string()).replace("{period}", &period.to_string());
        let this = urls.api(path);
        let statement =
            |(deposited, lines): (crate::domain::summary::Deposited<T>, Vec<Contribution<T>>)| StatementBody {
                href: revision_address::<S>(urls, creche.id, deposited.month, deposited.revision),
                month: deposited.month,
                revision: deposited.revision,
                totals: deposited.totals,
                lines: lines
                    .into_iter()
                    .map(|line| LineBody { reference: line.reference, totals: line.totals })
                    .collect(),
            };
        let statements = statements.into_iter().map(statement).collect();
        Self { this, creche: CrecheReference::of(&creche, urls), period, totals, statements, comparison }
    }
}

fn sum<T: Totals>(lines: &[Contribution<T>]) -> T {
    lines.iter().map(|line| line.totals.clone()).fold(T::default(), std::ops::Add::add)
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
