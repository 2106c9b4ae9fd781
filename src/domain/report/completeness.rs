//! What a report lacks, step by step: its findings of today, and what is not entered or not deposited yet.

use super::raw::RawReport;
use super::validation::present;
use super::{MonthDeposit, ReportContext, rules, validate};
use crate::domain::codes::codes;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::period::Month;
use crate::domain::raw::Flag;
use crate::domain::rule::{Rule, Severity};

codes! {
    /// The steps of a report, in its order (docs/domain.md, Activity report).
    pub enum ReportStep with codes_report {
        /// The quarter and the crèche.
        Quarter "quarter";
        /// The paid staff and its salaries.
        Staff "staff";
        /// Opening hours and, in the first quarter, the children of 15 January.
        Information "information";
        /// The costs of consultations.
        Costs "costs";
        /// The attendance of the three months.
        Attendance "attendance";
        /// The consultations of the three months.
        Medical "medical";
        /// Documents that prove what is declared; none is required.
        Attachments "attachments";
    }
}

codes! {
    /// The state of a step.
    pub enum StepState with codes_report {
        /// Nothing is lacking.
        Complete "complete";
        /// Nothing is lacking, but something should be checked.
        ToCheck "toCheck";
        /// Something is lacking or wrong.
        Incomplete "incomplete";
    }
}

/// A step and what was found on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFindings {
    /// The step.
    pub step: ReportStep,
    /// Errors keep the report from being complete; of the warnings only that the quarter is not over does.
    pub findings: Findings,
}

impl StepFindings {
    /// The state that follows from the findings.
    pub fn state(&self) -> StepState {
        match (self.findings.has_errors(), self.findings.is_empty()) {
            (true, _) => StepState::Incomplete,
            (false, false) => StepState::ToCheck,
            (false, true) => StepState::Complete,
        }
    }
}

/// Every step with its findings. `draft` is the stored draft, if there is one; `months` are those of the quarter.
pub fn assess(draft: Option<&RawReport>, context: &ReportContext<'_>, months: &[MonthDeposit]) -> Vec<StepFindings> {
    let empty = RawReport::default();
    let raw = draft.unwrap_or(&empty);
    let mut all: Findings = validate(raw, context).iter().cloned().collect();
    if draft.is_none() {
        all.push(in_path(&rules::DRAFT_MISSING));
    }
    all.extend(not_entered(raw, context));
    let steps = ReportStep::ALL.iter().map(|step| {
        let mut findings: Findings = all.iter().filter(|finding| step_of(finding) == *step).cloned().collect();
        findings.extend(deposits(*step, months));
        StepFindings { step: *step, findings: findings.folded() }
    });
    steps.collect()
}

/// What the organiser has not entered.
fn not_entered(raw: &RawReport, context: &ReportContext<'_>) -> Findings {
    let mut findings = Findings::default();
    let mut is_claimed = false;
    for (at, person) in present(&raw.staff).filter(|(_, person)| person.subsidised.get() == Some(&Flag(true))) {
        is_claimed = true;
        let entered: Vec<Month> = present(&person.salaries).filter_map(|(_, one)| one.month.get().copied()).collect();
        for month in context.quarter.months().into_iter().filter(|month| !entered.contains(month)) {
            let place = FindingPlace::default().item("staff", at).field("grossSalaries");
            findings.push(Finding::new(&rules::SALARY_MISSING, place).with("month", Param::Month(month)));
        }
    }
    findings.extend(incomplete_entries(raw));
    let mut lacks = |is_lacking, rule: &'static Rule, place| {
        if is_lacking {
            findings.push(Finding::new(rule, FindingPlace::at(place)));
        }
    };
    lacks(!is_claimed, &rules::NOBODY_CLAIMED, "/staff");
    lacks(raw.opening_hours.is_absent(), &rules::HOURS_MISSING, "/openingHours");
    let is_asked = context.is_first_quarter() && raw.children_on_15_january.is_absent();
    lacks(is_asked, &rules::CHILDREN_MISSING, "/childrenOn15January");
    findings
}

/// What lacks in hours, indemnities and expenses that were begun.
fn incomplete_entries(raw: &RawReport) -> Findings {
    let mut findings = Findings::default();
    let mut require = |place: &FindingPlace, parts: &[(&str, bool)]| {
        for (name, _) in parts.iter().filter(|(_, is_absent)| *is_absent) {
            findings.push(Finding::new(&rules::FIELD_MISSING, place.clone().field(name)));
        }
    };
    if let Some(hours) = raw.opening_hours.get() {
        let parts = [("from", hours.from.is_absent()), ("until", hours.until.is_absent())];
        require(&FindingPlace::at("/openingHours"), &parts);
    }
    let Some(costs) = raw.costs.get() else { return findings };
    let place = FindingPlace::at("/costs");
    for (name, indemnity) in
        [("clerkIndemnity", &costs.clerk_indemnity), ("premisesIndemnity", &costs.premises_indemnity)]
    {
        if let Some(one) = indemnity.get() {
            let parts = [("quantity", one.quantity.is_absent()), ("unitCents", one.unit.is_absent())];
            require(&place.clone().field(name), &parts);
        }
    }
    for (name, list) in costs.lists() {
        for (at, one) in present(list) {
            let parts = [
                ("date", one.date.is_absent()),
                ("description", one.description.is_absent()),
                ("amountCents", one.amount.is_absent()),
            ];
            require(&place.clone().item(name, at), &parts);
        }
    }
    findings
}

/// What was not deposited for a step.
fn deposits(step: ReportStep, months: &[MonthDeposit]) -> Findings {
    let lacks = |rule: &'static Rule, is_lacking: fn(&MonthDeposit) -> bool| {
        let found = move |month: &MonthDeposit| in_path(rule).with("month", Param::Month(month.month));
        months.iter().filter(move |month| is_lacking(month)).map(found)
    };
    match step {
        ReportStep::Attendance => lacks(&rules::ATTENDANCE_MISSING, |month| !month.attendance).collect(),
        ReportStep::Medical => {
            let missing = lacks(&rules::MEDICAL_MISSING, |month| !month.medical);
            let doctors = lacks(&rules::DOCTORS_INCOMPLETE, |month| month.lacks_doctors);
            let doctors = doctors.chain(lacks(&rules::DOCTORS_NOT_VALIDATED, |month| month.awaits_doctors));
            missing.chain(doctors).collect()
        }
        _ => Findings::default(),
    }
}

/// The step that a finding on the document belongs to.
fn step_of(finding: &Finding) -> ReportStep {
    let pointer = finding.places.first().map(|place| place.pointer.as_str()).unwrap_or_default();
    match pointer.split('/').nth(1) {
        Some("staff") => ReportStep::Staff,
        Some("openingHours" | "childrenOn15January") => ReportStep::Information,
        Some("costs") => ReportStep::Costs,
        _ => ReportStep::Quarter,
    }
}

/// A finding on the quarter in the address.
fn in_path(rule: &'static Rule) -> Finding {
    Finding::new(rule, FindingPlace::at("quarter")).in_part(RequestPart::Path)
}

/// Whether the report is complete: no step has an error, and the quarter is over.
pub fn is_complete(steps: &[StepFindings]) -> bool {
    let waits = |finding: &Finding| finding.rule == &rules::QUARTER_NOT_ENDED;
    let blocks = |finding: &Finding| finding.severity == Severity::Error || waits(finding);
    !steps.iter().flat_map(|step| &step.findings).any(blocks)
}
