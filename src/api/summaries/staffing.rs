//! What the staffing of a crèche is made of: each function with the days on which it counts.

use jiff::civil::Date;
use serde::Serialize;

use super::super::call_context::ApiCall;
use super::super::caller::ApplicationReference;
use super::super::creches::CrecheReference;
use super::{ComparedInstants, tagged};
use crate::app::App;
use crate::app::summaries::{self, PersonEntry, StaffFunctions};
use crate::domain::counting_rule::CountingRule;
use crate::domain::key::Scope;
use crate::domain::period::Period;
use crate::domain::staff::Category;
use crate::domain::staff::staffing::{AssignedDays, MemberAssignment, average_staffing, days_between, hundredth_days};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Path, Query};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtPeriod;
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::StaffMemberId;

#[derive(Serialize)]
struct StaffingContributionsBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    period: Period,
    days: u64,
    categories: Vec<CategoryBody>,
    contributions: Vec<ContributionBody>,
    /// Where a comparison was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonBody>,
}

/// The categories at the instant compared with, and the contributions that are of one of both instants only.
#[derive(Serialize)]
struct ComparisonBody {
    categories: Vec<CategoryBody>,
    removed: Vec<ContributionBody>,
    added: Vec<ContributionBody>,
}

/// The sum of a category, and the average that it gives.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CategoryBody {
    category: Category,
    hundredth_days: u64,
    average_hundredths: u32,
    rule: CountingRule,
}

/// A function of a person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContributionBody {
    staff_member: StaffMemberReference,
    category: Category,
    fte_hundredths: u32,
    from: Date,
    until: Date,
    days: u64,
    hundredth_days: u64,
    rule: CountingRule,
    /// Of the register; absent where an earlier version of the gateway entered the person, and in what was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// Absent where a person entered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<ApplicationReference>,
}

#[derive(Serialize)]
struct StaffMemberReference {
    id: StaffMemberId,
    href: String,
}

pub(super) fn route() -> Route<App> {
    let path = "/creches/{crecheId}/summaries/{period}/staffingContributions";
    let access = Access::Scope(Scope::StaffRead);
    Route::get(path, "getCrecheSummaryStaffingContributions", access, get_staffing_contributions)
}

async fn get_staffing_contributions(
    ApiCall { app, caller, urls, language }: ApiCall,
    Path(AtPeriod { creche, period }): Path<AtPeriod>,
    Query(wanted): Query<ComparedInstants>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let (as_of, earlier) = wanted.as_of(&app, &caller).await?;
    let found = summaries::staff_functions(&app, &caller, creche, (period, as_of), earlier).await?;
    tagged(&StaffingContributionsBody::of(&found, period, &urls), language, &known)
}

/// The functions of an instant in the period.
struct PeriodFunctions {
    parts: Vec<(StaffMemberId, AssignedDays)>,
    categories: Vec<CategoryBody>,
}

impl PeriodFunctions {
    fn of(found: &[MemberAssignment], period: Period) -> Self {
        let (first, last) = (period.first_day(), period.last_day());
        let within = |one: &MemberAssignment| Some((one.member, one.assignment.within(first, last)?));
        let mut parts: Vec<_> = found.iter().filter_map(within).collect();
        parts.sort_unstable_by_key(|(member, part)| (part.category, *member, part.from));
        let assignments: Vec<_> = found.iter().map(|one| one.assignment).collect();
        let average = average_staffing(&assignments, first, last);
        let category = |(category, hundredth_days)| CategoryBody {
            category,
            hundredth_days,
            average_hundredths: average.0.get(&category).copied().unwrap_or_default(),
            rule: CountingRule::AverageStaffing,
        };
        let categories = hundredth_days(parts.iter().map(|(_, part)| *part)).into_iter().map(category).collect();
        Self { parts, categories }
    }

    /// The functions that another instant has not, as often as it lacks them.
    fn without(&self, other: &Self) -> impl Iterator<Item = (StaffMemberId, AssignedDays)> {
        let mut others = other.parts.clone();
        self.parts.iter().copied().filter(move |part| match others.iter().position(|other| other == part) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        })
    }
}

impl StaffingContributionsBody {
    fn of(
        StaffFunctions { creche, functions, entries, earlier }: &StaffFunctions,
        period: Period,
        urls: &Urls,
    ) -> Self {
        let now = PeriodFunctions::of(functions, period);
        let body = |(member, part)| ContributionBody::of(member, part, entries.get(&member), urls);
        let comparison = earlier.as_ref().map(|earlier| {
            let earlier = PeriodFunctions::of(earlier, period);
            ComparisonBody {
                removed: earlier
                    .without(&now)
                    .map(|(member, part)| ContributionBody::of(member, part, None, urls))
                    .collect(),
                added: now.without(&earlier).map(body).collect(),
                categories: earlier.categories,
            }
        });
        Self {
            this: urls.api(format_args!("/creches/{}/summaries/{period}/staffingContributions", creche.id)),
            creche: CrecheReference::of(creche, urls),
            period,
            days: days_between(period.first_day(), period.last_day()),
            contributions: now.parts.iter().copied().map(body).collect(),
            categories: now.categories,
            comparison,
        }
    }
}

impl ContributionBody {
    fn of(member: StaffMemberId, part: AssignedDays, entry: Option<&PersonEntry>, urls: &Urls) -> Self {
        let AssignedDays { category, fte, from, until } = part;
        let application = entry.and_then(|entry| entry.application.clone());
        Self {
            staff_member: StaffMemberReference { id: member, href: urls.api(format_args!("/staffMembers/{member}")) },
            category,
            fte_hundredths: fte,
            from,
            until,
            days: part.days(),
            hundredth_days: part.hundredth_days(),
            rule: CountingRule::FunctionDays,
            revision: entry.map(|entry| entry.revision),
            application: application.map(|(id, name)| ApplicationReference { id, name }),
        }
    }
}
