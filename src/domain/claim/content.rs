//! What a claim consists of: its figures, and the revisions that they were made of. The sum of the salaries is apart: it is
//! in no receipt.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SignedAttachment;
use crate::domain::codes::codes;
use crate::domain::days::Days;
use crate::domain::kinds::{attendance, medical};
use crate::domain::money::Cents;
use crate::domain::period::{Month, Quarter};
use crate::domain::report::{ClaimedPerson, Report, ReportFigures};

codes! {
    /// What a figure counts.
    pub enum FigureName with codes_claim {
        /// Whole days of presence.
        PresentFullDays "presentFullDays";
        /// Half days of presence.
        PresentHalfDays "presentHalfDays";
        /// Whole days of justified absence.
        JustifiedFullDays "justifiedFullDays";
        /// Half days of justified absence.
        JustifiedHalfDays "justifiedHalfDays";
        /// Whole days of unjustified absence.
        UnjustifiedFullDays "unjustifiedFullDays";
        /// Half days of unjustified absence.
        UnjustifiedHalfDays "unjustifiedHalfDays";
        /// Consultations.
        Consultations "consultations";
        /// Their fees, in cents.
        FeeCents "feeCents";
        /// The travel of the doctors, in cents.
        TravelCents "travelCents";
        /// Persons for whom a subsidy is claimed.
        SubsidisedPersons "subsidisedPersons";
        /// Children registered on 15 January.
        ChildrenOn15January "childrenOn15January";
        /// When the crèche opens, in minutes from midnight.
        OpensAtMinute "opensAtMinute";
        /// When it closes, in minutes from midnight.
        ClosesAtMinute "closesAtMinute";
        /// Indemnity of the clerk, in cents.
        ClerkIndemnityCents "clerkIndemnityCents";
        /// Indemnity for premises, in cents.
        PremisesIndemnityCents "premisesIndemnityCents";
        /// Supplies, in cents.
        SuppliesCents "suppliesCents";
        /// Travel of social staff, in cents.
        SocialStaffTravelCents "socialStaffTravelCents";
        /// Educational sessions, in cents.
        EducationalSessionsCents "educationalSessionsCents";
        /// Collective activities for parents, in cents.
        ParentActivitiesCents "parentActivitiesCents";
        /// Training for doctors, in cents.
        DoctorTrainingsCents "doctorTrainingsCents";
    }
}

impl FigureName {
    /// Whether it is an amount, in cents.
    pub fn is_amount(self) -> bool {
        self.code().ends_with("Cents")
    }

    /// A value of this figure as people read it; a dash where there is none.
    pub fn written_or_dash(self, value: Option<u64>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.written(value))
    }

    /// A value of this figure as people read it.
    pub fn written(self, value: u64) -> String {
        match self {
            Self::OpensAtMinute | Self::ClosesAtMinute => format!("{:02}:{:02}", value / 60, value % 60),
            figure if figure.is_amount() => format!("{}\u{a0}€", Cents(value)),
            _ => value.to_string(),
        }
    }
}

codes! {
    /// Why a claim is signed with a warning.
    pub enum Acknowledgement with codes_claim {
        /// It was checked, and what was deposited is right.
        Checked "checked";
        /// It will be corrected later.
        CorrectedLater "correctedLater";
        /// It does not concern this crèche.
        NotConcerned "notConcerned";
    }
}

/// One figure of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FigureLine {
    /// What it counts.
    pub figure: FigureName,
    /// Of which month; of the quarter where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    /// How many, or how many cents.
    pub value: u64,
}

/// A revision that figures were made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimInput {
    /// Of which resource: the last part of its address.
    pub resource: String,
    /// Of which month; of the quarter, or without a period, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    /// The revision.
    pub revision: u64,
}

impl ClaimInput {
    /// Whether it is a document of the claim itself: attendance, consultations or the report. Registers and closures may
    /// change without a new signature.
    pub fn is_claimed(&self) -> bool {
        !matches!(self.resource.as_str(), "closures" | "staffRegister")
    }
}

/// A warning of a claim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimWarning {
    /// The code of the rule.
    pub rule: &'static str,
    /// How often.
    pub count: usize,
}

/// What a claim consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimContent {
    /// The revisions that it was made of.
    pub inputs: Vec<ClaimInput>,
    /// Its figures, without salaries.
    pub figures: Vec<FigureLine>,
    /// The staff with the salaries.
    pub staff: Vec<ClaimedPerson>,
    /// The sum of the gross salaries.
    pub gross_salary_cents: Cents,
    /// Its attachments, without their names.
    pub attachments: Vec<SignedAttachment>,
    /// Its warnings, each rule once.
    pub warnings: Vec<ClaimWarning>,
}

impl ClaimContent {
    /// The figures of a report and of what was deposited for its months.
    pub fn figures_of(
        report: &Report,
        attendance: &BTreeMap<Month, attendance::Totals>,
        medical: &BTreeMap<Month, medical::Totals>,
    ) -> Vec<FigureLine> {
        let mut lines = Vec::new();
        for (month, totals) in attendance {
            lines.extend(days_of(*month, totals));
        }
        for (month, totals) in medical {
            let all = &totals.all;
            lines.push(line(FigureName::Consultations, Some(*month), all.consultations));
            lines.push(line(FigureName::FeeCents, Some(*month), all.fee_cents.0));
            lines.push(line(FigureName::TravelCents, Some(*month), all.travel_cents.0));
        }
        lines.extend(entered(report));
        lines
    }
}

const fn line(figure: FigureName, month: Option<Month>, value: u64) -> FigureLine {
    FigureLine { figure, month, value }
}

/// The six counts of a month.
fn days_of(month: Month, totals: &attendance::Totals) -> impl Iterator<Item = FigureLine> {
    use FigureName::{
        JustifiedFullDays, JustifiedHalfDays, PresentFullDays, PresentHalfDays, UnjustifiedFullDays,
        UnjustifiedHalfDays,
    };
    let counts: [(FigureName, FigureName, Days); 3] = [
        (PresentFullDays, PresentHalfDays, totals.present),
        (JustifiedFullDays, JustifiedHalfDays, totals.justified_absence),
        (UnjustifiedFullDays, UnjustifiedHalfDays, totals.unjustified_absence),
    ];
    counts.into_iter().flat_map(move |(full, half, days)| {
        [line(full, Some(month), days.full_days.into()), line(half, Some(month), days.half_days.into())]
    })
}

/// What the organiser entered in the report.
fn entered(report: &Report) -> Vec<FigureLine> {
    use FigureName::{
        ClerkIndemnityCents, DoctorTrainingsCents, EducationalSessionsCents, ParentActivitiesCents,
        PremisesIndemnityCents, SocialStaffTravelCents, SuppliesCents,
    };
    let figures = ReportFigures::of(report);
    let mut lines = vec![line(FigureName::SubsidisedPersons, None, figures.subsidised_persons)];
    if let Some(hours) = report.opening_hours {
        lines.push(line(FigureName::OpensAtMinute, None, hours.from.minute_of_day()));
        lines.push(line(FigureName::ClosesAtMinute, None, hours.until.minute_of_day()));
    }
    let children = report.children_on_15_january.map(u64::from);
    lines.extend(children.map(|children| line(FigureName::ChildrenOn15January, None, children)));
    let costs = [
        ClerkIndemnityCents,
        PremisesIndemnityCents,
        SuppliesCents,
        SocialStaffTravelCents,
        EducationalSessionsCents,
        ParentActivitiesCents,
        DoctorTrainingsCents,
    ];
    lines.extend(costs.into_iter().zip(figures.costs()).map(|(name, amount)| line(name, None, amount.0)));
    lines
}

/// A figure of each month of a quarter; `None` where the month has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthlyFigure {
    /// What it counts.
    pub figure: FigureName,
    /// Its value in each month.
    pub values: [Option<u64>; 3],
}

/// The figures that are counted by month, in the order of their names.
pub fn monthly_figures(lines: &[FigureLine], quarter: Quarter) -> Vec<MonthlyFigure> {
    let row = |figure: &FigureName| {
        let of = |month: Month| lines.iter().find(|line| line.figure == *figure && line.month == Some(month));
        let values = quarter.months().map(|month| of(month).map(|line| line.value));
        values.iter().any(Option::is_some).then_some(MonthlyFigure { figure: *figure, values })
    };
    FigureName::ALL.iter().filter_map(row).collect()
}

/// Whether other revisions of what is claimed are current now.
pub fn has_other_revisions(signed: &[ClaimInput], now: &[ClaimInput]) -> bool {
    let claimed = |inputs: &[ClaimInput]| inputs.iter().filter(|input| input.is_claimed()).cloned().collect::<Vec<_>>();
    claimed(signed) != claimed(now)
}

/// A figure that is another one now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureChange {
    /// What it counts.
    pub figure: FigureName,
    /// Of which month.
    pub month: Option<Month>,
    /// What was signed.
    pub signed: u64,
    /// What it is now.
    pub now: u64,
}

/// The figures that differ; one that is in only one of the lists is 0 in the other.
pub fn differences(signed: &[FigureLine], now: &[FigureLine]) -> Vec<FigureChange> {
    let mut both: BTreeMap<(FigureName, Option<Month>), (u64, u64)> = BTreeMap::new();
    for line in signed {
        both.entry((line.figure, line.month)).or_default().0 = line.value;
    }
    for line in now {
        both.entry((line.figure, line.month)).or_default().1 = line.value;
    }
    let changed = both.into_iter().filter(|(_, (signed, now))| signed != now);
    changed.map(|((figure, month), (signed, now))| FigureChange { figure, month, signed, now }).collect()
}
