//! A claim as it would be signed now: figures and revisions, read anew.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::reports::attachments::signed_attachments;
use crate::app::reports::completeness::steps;
use crate::app::reports::view::ReportView;
use crate::domain::claim::{ClaimContent, ClaimInput, ClaimWarning};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::kinds::{attendance, medical};
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::report::completeness::{StepFindings, is_complete};
use crate::domain::report::{self, ReportFigures};
use crate::domain::rule::Severity;
use crate::domain::statement::{StatementFilter, StatementKind};
use crate::ids::CrecheId;
use crate::ingest::canonical::canonical_json;
use crate::store::statements::CurrentStatement;
use crate::store::{self, Tx};
use crate::words::Language;

/// A claim as it would be signed now.
pub struct AssembledClaim {
    /// The crèche.
    pub creche: Creche,
    /// The quarter.
    pub quarter: Quarter,
    /// What it consists of.
    pub content: ClaimContent,
    /// Whether the report is complete.
    pub is_complete: bool,
    /// What was found, step by step.
    pub steps: Vec<StepFindings>,
}

impl AssembledClaim {
    /// A keyed hash of the content: a signer confirms with it what was shown.
    pub fn token(&self, app: &App) -> Result<String, InternalError> {
        let ClaimContent { inputs, figures, staff, gross_salary_cents, attachments, warnings } = &self.content;
        let warnings: Vec<_> = warnings.iter().map(|warning| (warning.rule, warning.count)).collect();
        let found = self.steps.iter().flat_map(|step| &step.findings);
        let sentences: Vec<_> = found.map(|finding| finding.detail(Language::Fr)).collect();
        let creche = (&self.creche.name, &self.creche.one_number);
        let text =
            canonical_json(&(inputs, figures, staff, gross_salary_cents, attachments, warnings, sentences, creche))?;
        Ok(app.vault.index_key().hash("claim content", &[&text]))
    }

    /// The warnings of its report, as they were found.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        let found = self.steps.iter().flat_map(|step| &step.findings);
        found.filter(|finding| finding.rule.severity == Severity::Warning)
    }
}

/// Reads everything that a claim consists of.
///
/// # Errors
/// `Incomplete` where no draft is stored.
pub async fn assemble(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<AssembledClaim, ClaimError> {
    let view = ReportView::read(app, caller, (creche, quarter), None).await?;
    let steps = steps(app, caller, &view).await?;
    let mut tx = app.db.read().await?;
    let deposited = DepositedMonths::read(&mut tx, caller, creche, quarter).await?;
    let inputs = inputs(&mut tx, caller, creche, &deposited).await?;
    let attachments = signed_attachments(&mut tx, claim_key(caller.organiser, (creche, quarter))).await?;
    drop(tx);
    let (_, report) = view.stored.ok_or(ClaimError::Incomplete)?;
    let report = report.canonical();
    let content = ClaimContent {
        inputs,
        figures: ClaimContent::figures_of(
            &report,
            &totals::<attendance::Totals>(&deposited.attendance)?,
            &totals::<medical::Totals>(&deposited.medical)?,
        ),
        gross_salary_cents: ReportFigures::of(&report).gross_salary_cents,
        staff: report.staff,
        attachments,
        warnings: warnings(&steps),
    };
    Ok(AssembledClaim { creche: view.creche, quarter, content, is_complete: is_complete(&steps), steps })
}

/// The statements of a quarter.
pub(super) struct DepositedMonths {
    report: Vec<CurrentStatement>,
    attendance: Vec<CurrentStatement>,
    medical: Vec<CurrentStatement>,
}

impl DepositedMonths {
    /// Reads them.
    pub(super) async fn read(
        tx: &mut Tx,
        caller: &Caller,
        creche: CrecheId,
        quarter: Quarter,
    ) -> Result<Self, store::Error> {
        let of = |kind| StatementFilter::of_creche_in(kind, creche, Period::Quarter(quarter));
        Ok(Self {
            report: store::statements::list(tx, caller.organiser, of(report::KIND)).await?,
            attendance: store::statements::list(tx, caller.organiser, of(attendance::KIND)).await?,
            medical: store::statements::list(tx, caller.organiser, of(medical::KIND)).await?,
        })
    }
}

/// The revisions that figures are made of: those of the statements, of the closures and of the staff register.
pub(super) async fn inputs(
    tx: &mut Tx,
    caller: &Caller,
    creche: CrecheId,
    deposited: &DepositedMonths,
) -> Result<Vec<ClaimInput>, store::Error> {
    let of = |kind: StatementKind, statements: &[CurrentStatement]| {
        let input = move |current: &CurrentStatement| ClaimInput {
            resource: kind.collection().to_owned(),
            month: (kind != report::KIND).then_some(current.revision.month),
            revision: current.revision.revision.into(),
        };
        statements.iter().map(input).collect::<Vec<_>>()
    };
    let mut inputs = of(report::KIND, &deposited.report);
    inputs.extend(of(attendance::KIND, &deposited.attendance));
    inputs.extend(of(medical::KIND, &deposited.medical));
    let register = store::staff::register(tx, caller.organiser).await?.map_or(0, |register| register.revision);
    let closures = store::creches::find(tx, caller.organiser, creche).await?;
    let closures = closures.map_or(0, |creche| creche.closures_version);
    let whole = |resource: &str, revision| ClaimInput { resource: resource.to_owned(), month: None, revision };
    inputs.push(whole("closures", closures));
    inputs.push(whole("staffRegister", register));
    Ok(inputs)
}

/// The sums of statements by month.
fn totals<T: DeserializeOwned>(statements: &[CurrentStatement]) -> Result<BTreeMap<Month, T>, InternalError> {
    let read =
        |current: &CurrentStatement| Ok((current.revision.month, serde_json::from_str(&current.revision.totals)?));
    statements.iter().map(read).collect()
}

/// The warnings, each rule once.
fn warnings(steps: &[StepFindings]) -> Vec<ClaimWarning> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let found = steps.iter().flat_map(|step| &step.findings);
    for finding in found.filter(|finding| finding.rule.severity == Severity::Warning) {
        *counts.entry(finding.rule.code).or_default() += finding.count;
    }
    counts.into_iter().map(|(rule, count)| ClaimWarning { rule, count }).collect()
}
