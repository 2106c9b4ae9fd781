//! That the register is right for a crèche: said once a year, with what is still open (docs/domain.md, Staff register).

use jiff::civil::Date;

use super::desk::{RegisterExtent, RegisterTransaction};
use super::{StaffError, StaffVerdict, invalid, outcome, recorded};
use crate::app::caller::Caller;
use crate::app::creches;
use crate::app::{App, SubmittedDocument};
use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, List};
use crate::domain::rules::staff::VALIDATION_YEAR;
use crate::domain::staff::judge;
use crate::domain::staff::raw::{RawRegister, RawValidation, Year};
use crate::ids::CrecheId;
use crate::ingest::schema::STAFF_VALIDATION;
use crate::store::staff::ValidationRecord;
use crate::store::verdicts::Outcome;
use crate::store::{self, WritePurpose};

/// The validations of a crèche.
#[derive(Debug)]
pub struct StaffValidations {
    /// The crèche, subsidised or not.
    pub creche: Creche,
    /// The latest year first.
    pub items: Vec<ValidationRecord>,
    /// Until when last year is to be validated.
    pub due: Date,
    /// What is still to be looked at, of the persons of this crèche.
    pub warnings: Findings,
    /// Whether one was written now.
    pub written: bool,
    outcome: Outcome,
}

impl StaffVerdict for StaffValidations {
    fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// The validations of a crèche, and what is open.
pub async fn validations(app: &App, caller: &Caller, creche: CrecheId) -> Result<StaffValidations, StaffError> {
    let mut desk = RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::RecordOnly).await?;
    desk.record("staff.read", None).await?;
    let found = told(&mut desk, creche, Outcome::Unchanged).await?;
    Ok(desk.close(found).await?)
}

/// Validates a year.
pub async fn validate(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    document: SubmittedDocument<'_, RawValidation>,
    dry_run: bool,
) -> Result<StaffValidations, StaffError> {
    let (door, is_tried) = (document.door(), dry_run || caller.only_tries());
    let validated = validated(app, caller, creche, document, is_tried).await;
    recorded(app, caller, door, is_tried, validated).await
}

async fn validated(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    document: SubmittedDocument<'_, RawValidation>,
    is_tried: bool,
) -> Result<StaffValidations, StaffError> {
    let door = document.door();
    let (raw, findings) = document.read(STAFF_VALIDATION);
    let year = raw.unwrap_or_default().year;
    let Field::Present(Year(year)) = year else { return Err(invalid(findings)) };
    let now = app.clock.today().year();
    if findings.refuse() || !(now - 1..=now).contains(&year) {
        let bound = |year: i16| Param::Count(year.unsigned_abs().into());
        let finding = Finding::new(&VALIDATION_YEAR, FindingPlace::default().field("year")).value(year.to_string());
        let finding = finding.with("first", bound(now - 1)).with("last", bound(now));
        return Err(invalid(if findings.refuse() { findings } else { Findings::from_iter([finding]) }));
    }
    let mut desk = RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::Content).await?;
    creches::reach(&mut desk.tx, caller, creche).await?;
    let outcome = outcome(is_tried, true);
    if !is_tried {
        let shown = caller.shown().map(|shown| shown.application);
        let revision = desk.revision().await?;
        let new = ValidationRecord { year, at: app.clock.now(), user: caller.person(), application: shown, revision };
        store::staff::validate(&mut desk.tx, caller.organiser, creche, &new).await?;
        desk.validated(creche).await?;
    }
    let revision = desk.revision().await?;
    let found = told(&mut desk, creche, outcome).await?;
    desk.judged_good(door, outcome, &found.warnings, revision).await?;
    Ok(desk.close(found).await?)
}

async fn told(
    desk: &mut RegisterTransaction<'_>,
    creche: CrecheId,
    outcome: Outcome,
) -> Result<StaffValidations, StaffError> {
    let creche = creches::reach(&mut desk.tx, desk.caller, creche).await?;
    let items = store::staff::validations(&mut desk.tx, desk.caller.organiser, creche.id).await?;
    let here = desk.seen().iter().filter(|known| known.member.creches().contains(&creche.id));
    let members = here.map(|known| Field::Present(known.member.clone().into_raw())).collect();
    let document = RawRegister { members: Field::Present(List(members)), ..RawRegister::default() };
    let mut context = desk.context();
    context.documents = true;
    let warnings = judge::standing(&document, &context).folded();
    let due = Date::constant(2000, 5, 31).with().year(desk.app.clock.today().year()).build();
    Ok(StaffValidations {
        creche,
        items,
        due: due.unwrap_or(Date::MAX),
        warnings,
        written: outcome == Outcome::Accepted,
        outcome,
    })
}
