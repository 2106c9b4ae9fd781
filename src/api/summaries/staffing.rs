//! What the staffing of a crèche is made of: each function with the days on which it counts.

use jiff::civil::Date;
use serde::Serialize;

use super::super::call_context::ApiCall;
use super::super::creches::CrecheReference;
use super::{Instant, tagged};
use crate::app::{App, summaries};
use crate::domain::creche::Creche;
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
}

/// The sum of a category, and the average that it gives.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CategoryBody {
    category: Category,
    hundredth_days: u64,
    average_hundredths: u32,
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
    Query(wanted): Query<Instant>,
    known: IfNoneMatch,
) -> Result<ResponseBuilder> {
    let as_of = wanted.as_of(&app, &caller).await?;
    let (creche, found) = summaries::staff_assignments(&app, &caller, creche, (period, as_of)).await?;
    tagged(&StaffingContributionsBody::of(&creche, period, &found, &urls), language, &known)
}

impl StaffingContributionsBody {
    fn of(creche: &Creche, period: Period, found: &[MemberAssignment], urls: &Urls) -> Self {
        let (first, last) = (period.first_day(), period.last_day());
        let within = |one: &MemberAssignment| Some((one.member, one.assignment.within(first, last)?));
        let mut parts: Vec<_> = found.iter().filter_map(within).collect();
        parts.sort_unstable_by_key(|(member, part)| (part.category, *member, part.from));
        let assignments: Vec<_> = found.iter().map(|one| one.assignment).collect();
        let average = average_staffing(&assignments, first, last);
        let sums = hundredth_days(parts.iter().map(|(_, part)| *part));
        let category = |(category, hundredth_days)| CategoryBody {
            category,
            hundredth_days,
            average_hundredths: average.0.get(&category).copied().unwrap_or_default(),
        };
        Self {
            this: urls.api(format_args!("/creches/{}/summaries/{period}/staffingContributions", creche.id)),
            creche: CrecheReference::of(creche, urls),
            period,
            days: days_between(first, last),
            categories: sums.into_iter().map(category).collect(),
            contributions: parts.into_iter().map(|(member, part)| ContributionBody::of(member, part, urls)).collect(),
        }
    }
}

impl ContributionBody {
    fn of(member: StaffMemberId, part: AssignedDays, urls: &Urls) -> Self {
        let AssignedDays { category, fte, from, until } = part;
        Self {
            staff_member: StaffMemberReference { id: member, href: urls.api(format_args!("/staffMembers/{member}")) },
            category,
            fte_hundredths: fte,
            from,
            until,
            days: part.days(),
            hundredth_days: part.hundredth_days(),
        }
    }
}
