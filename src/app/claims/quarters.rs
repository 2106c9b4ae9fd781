//! The claim of a quarter: the report, with attendance and consultations of its months.

use super::assembled::{AssembledClaim, counted_warnings};
use super::details::ClaimDetails;
use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::reports::DepositedMonths;
use crate::app::reports::attachments::signed_attachments;
use crate::app::reports::completeness::steps;
use crate::app::reports::view::ReportView;
use crate::domain::claim::{ClaimContent, ClaimInput};
use crate::domain::finding::Finding;
use crate::domain::kinds::{attendance, medical};
use crate::domain::period::{Period, Quarter};
use crate::domain::report;
use crate::domain::report::completeness::is_complete;
use crate::domain::statement::{StatementFilter, StatementKind};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::statements::CurrentStatement;
use crate::store::{self, Tx};

/// Reads everything that the claim of a quarter consists of.
///
/// # Errors
/// `Incomplete` where no draft is stored.
pub(super) async fn assemble(
    app: &App,
    caller: &Caller,
    (creche, quarter): (CrecheId, Quarter),
) -> Result<AssembledClaim, ClaimError> {
    let view = ReportView::read(app, caller, (creche, quarter), None).await?;
    let at = (caller.organiser, creche, quarter);
    let mut tx = app.db.read().await?;
    let deposited = DepositedMonths::read(&mut tx, at).await?;
    let inputs = inputs(&mut tx, at, &deposited).await?;
    let attachments = signed_attachments(&mut tx, claim_key(caller.organiser, (creche, quarter.into()))).await?;
    drop(tx);
    let steps = steps(app, caller, &view, &deposited).await?;
    let (attendance, medical) = deposited.totals()?;
    let (_, report) = view.stored.ok_or(ClaimError::Incomplete)?;
    let report = report.canonical();
    let names = view.inputs.shown_names();
    let details = Some(ClaimDetails::of(&report, quarter, &names));
    let is_complete = is_complete(&steps);
    let findings: Vec<Finding> = steps.into_iter().flat_map(|step| step.findings).collect();
    let content = ClaimContent {
        inputs,
        figures: ClaimContent::figures_of(&report, &attendance, &medical),
        staff: Some(report.staff),
        attachments,
        doctors: Vec::new(),
        warnings: counted_warnings(&findings),
    };
    let period = Period::Quarter(quarter);
    Ok(AssembledClaim { creche: view.creche, period, content, details, names, is_complete, findings })
}

/// Whether everything that it was made of is as it was.
pub(super) async fn is_current(
    tx: &mut Tx,
    caller: &Caller,
    (creche, quarter): (CrecheId, Quarter),
    content: &ClaimContent,
) -> Result<bool, store::Error> {
    let at = (caller.organiser, creche, quarter);
    let deposited = DepositedMonths::read(tx, at).await?;
    let key = claim_key(caller.organiser, (creche, quarter.into()));
    Ok(inputs(tx, at, &deposited).await? == content.inputs && signed_attachments(tx, key).await? == content.attachments)
}

/// The current revisions of the report and of the statements of its months.
pub(super) async fn deposited_inputs(
    tx: &mut Tx,
    at: (OrganiserId, CrecheId, Quarter),
) -> Result<Vec<ClaimInput>, store::Error> {
    let deposited = DepositedMonths::read(tx, at).await?;
    document_inputs(tx, at, &deposited).await
}

async fn document_inputs(
    tx: &mut Tx,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
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
    let filter = StatementFilter::of_creche_in(report::KIND, creche, Period::Quarter(quarter));
    let mut inputs = of(report::KIND, &store::statements::list(tx, organiser, filter).await?);
    inputs.extend(of(attendance::KIND, &deposited.attendance));
    inputs.extend(of(medical::KIND, &deposited.medical));
    Ok(inputs)
}

/// The revisions that figures are made of: those of the documents, of the closures and of the staff register.
async fn inputs(
    tx: &mut Tx,
    at: (OrganiserId, CrecheId, Quarter),
    deposited: &DepositedMonths,
) -> Result<Vec<ClaimInput>, store::Error> {
    let mut inputs = document_inputs(tx, at, deposited).await?;
    let (organiser, creche, _) = at;
    let register = store::staff::register(tx, organiser).await?.revision;
    let closures = store::creches::find(tx, organiser, creche).await?.map_or(0, |creche| creche.closures_version);
    let whole = |resource: &str, revision| ClaimInput { resource: resource.to_owned(), month: None, revision };
    inputs.push(whole("closures", closures));
    inputs.push(whole("staffRegister", register));
    Ok(inputs)
}
