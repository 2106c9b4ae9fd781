//! What a claim consists of: its figures, and the revisions that they were made of. The sum of the salaries is apart: it is
//! in no receipt.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{SignedAttachment, SignedDoctor};
use crate::domain::codes::codes;
use crate::domain::days::Days;
use crate::domain::kinds::{attendance, medical};
use crate::domain::money::Cents;
use crate::domain::period::{Month, Period};
use crate::domain::report::{ClaimedPerson, OpeningHours, Report, ReportFigures, gross_salaries};
use crate::domain::statement::StatementKind;
use crate::words::Language;

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

    /// The kind of statement that it is counted in; `None` for what the report itself says.
    pub const fn kind(self) -> Option<StatementKind> {
        match self {
            Self::PresentFullDays
            | Self::PresentHalfDays
            | Self::JustifiedFullDays
            | Self::JustifiedHalfDays
            | Self::UnjustifiedFullDays
            | Self::UnjustifiedHalfDays => Some(attendance::KIND),
            Self::Consultations | Self::FeeCents | Self::TravelCents => Some(medical::KIND),
            _ => None,
        }
    }

    /// A value of this figure as people read it; a dash where there is none.
    pub fn written_or_dash(self, value: Option<u64>, language: Language) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.written(value, language))
    }

    /// A value of this figure as people read it.
    pub fn written(self, value: u64, language: Language) -> String {
        match self {
            Self::OpensAtMinute | Self::ClosesAtMinute => format!("{:02}:{:02}", value / 60, value % 60),
            figure if figure.is_amount() => Cents(value).with_currency(language),
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
    /// The staff with the salaries; `None` of a month, which has none.
    pub staff: Option<Vec<ClaimedPerson>>,
    /// Its attachments, without their names.
    pub attachments: Vec<SignedAttachment>,
    /// The doctors of a month's consultations.
    pub doctors: Vec<SignedDoctor>,
    /// Its warnings, each rule once.
    pub warnings: Vec<ClaimWarning>,
}

impl ClaimContent {
    /// The sum of the gross salaries; `None` of a month.
    pub fn gross_salary_cents(&self) -> Option<Cents> {
        self.staff.as_deref().map(gross_salaries)
    }

    /// The figures of a month's consultations.
    pub fn figures_of_month(month: Month, medical: &medical::Totals) -> Vec<FigureLine> {
        let all = &medical.all;
        vec![
            line(FigureName::Consultations, Some(month), all.consultations),
            line(FigureName::FeeCents, Some(month), all.fee_cents.0),
            line(FigureName::TravelCents, Some(month), all.travel_cents.0),
        ]
    }

    /// The figures of a report and of what was deposited for its months.
    pub fn figures_of(
        report: &Report,
        attendance: &BTreeMap<Month, attendance::Totals>,
        medical: &BTreeMap<Month, medical::Totals>,
    ) -> Vec<FigureLine> {
        let mut lines = month_lines(attendance, medical);
        lines.extend(entered(report));
        lines
    }
}

/// The figures of what was deposited for months.
pub fn month_lines(
    attendance: &BTreeMap<Month, attendance::Totals>,
    medical: &BTreeMap<Month, medical::Totals>,
) -> Vec<FigureLine> {
    let mut lines = Vec::new();
    for (month, totals) in attendance {
        lines.extend(days_of(*month, totals));
    }
    for (month, totals) in medical {
        lines.extend(ClaimContent::figures_of_month(*month, totals));
    }
    lines
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
    if let Some(OpeningHours { from, until }) = report.opening_hours {
        let times = [(FigureName::OpensAtMinute, from), (FigureName::ClosesAtMinute, until)];
        lines.extend(times.into_iter().filter_map(|(name, time)| Some(line(name, None, time?.minute_of_day()))));
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

/// A figure of each month of a period; `None` where the month has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthlyFigure {
    /// What it counts.
    pub figure: FigureName,
    /// Its value in each month.
    pub values: Vec<Option<u64>>,
}

/// The figures that are counted by month, in the order of their names.
pub fn monthly_figures(lines: &[FigureLine], period: Period) -> Vec<MonthlyFigure> {
    let row = |figure: &FigureName| {
        let of = |month: Month| lines.iter().find(|line| line.figure == *figure && line.month == Some(month));
        let values: Vec<_> = period.months().into_iter().map(|month| of(month).map(|line| line.value)).collect();
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
