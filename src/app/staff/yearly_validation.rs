//! The yearly confirmation that the register is right for a crèche, with its open warnings (docs/domain.md, Staff
//! register).

use jiff::civil::Date;

use super::read::record_read;
use super::register_view::{RegisterExtent, RegisterView};
use super::{ATTEMPTS, StaffError, StaffVerdict, Verdict, invalid, outcome, recorded};
use crate::app::caller::Caller;
use crate::app::creches;
use crate::app::record::Record;
use crate::app::{App, SubmittedDocument};
use crate::domain::creche::Creche;
use crate::domain::deposit::DepositOutcome;
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, List};
use crate::domain::rules::staff::VALIDATION_YEAR;
use crate::domain::staff::raw::{RawRegister, RawValidation, Year};
use crate::domain::staff::validation;
use crate::ids::CrecheId;
use crate::ingest::schema::STAFF_VALIDATION;
use crate::store::staff::ValidationRecord;
use crate::store::{self, Tx};

/// The validations of a crèche.
#[derive(Debug)]
pub struct YearlyValidations {
    /// The crèche, subsidised or not.
    pub creche: Creche,
    /// The latest year first.
    pub items: Vec<ValidationRecord>,
    /// The deadline for last year.
    pub due: Date,
    /// The warnings on persons of this crèche.
    pub warnings: Findings,
    /// Whether one was written now.
    pub written: bool,
    outcome: DepositOutcome,
}

impl StaffVerdict for YearlyValidations {
    fn outcome(&self) -> DepositOutcome {
        self.outcome
    }
}

/// The validations of a crèche, and the open warnings.
pub async fn yearly_validations(app: &App, caller: &Caller, creche: CrecheId) -> Result<YearlyValidations, StaffError> {
    let register = RegisterView::read(app, caller, RegisterExtent::Everybody).await?;
    let found = answer_validations(&register, &mut app.db.read().await?, creche, DepositOutcome::Unchanged).await?;
    record_read(&register, None).await?;
    Ok(found)
}

/// Validates a year.
pub async fn record_yearly_validation(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    document: SubmittedDocument<'_, RawValidation>,
    dry_run: bool,
) -> Result<YearlyValidations, StaffError> {
    let (channel, is_tried) = (document.channel(), dry_run || caller.is_trial());
    let validated = validated(app, caller, creche, document, is_tried).await;
    recorded(app, caller, channel, is_tried, validated).await
}

async fn validated(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    document: SubmittedDocument<'_, RawValidation>,
    is_tried: bool,
) -> Result<YearlyValidations, StaffError> {
    let channel = document.channel();
    let (raw, findings) = document.read(STAFF_VALIDATION);
    let year = raw.unwrap_or_default().year;
    let Field::Present(Year(year)) = year else { return Err(invalid(findings)) };
    let now = caller.clock.today().year();
    if findings.has_errors() || !(now - 1..=now).contains(&year) {
        let bound = |year: i16| Param::Count(year.unsigned_abs().into());
        let finding = Finding::new(&VALIDATION_YEAR, FindingPlace::default().field("year")).value(year.to_string());
        let finding = finding.with("first", bound(now - 1)).with("last", bound(now));
        return Err(invalid(if findings.has_errors() { findings } else { Findings::from_iter([finding]) }));
    }
    let outcome = outcome(is_tried, true);
    for _ in 0..ATTEMPTS {
        let register = RegisterView::read_to_write(app, caller, RegisterExtent::Everybody).await?;
        let Some(mut work) = register.begin().await? else { continue };
        creches::find_within_reach(&mut work, caller, creche).await?;
        if !is_tried {
            let application = caller.verified_key().map(|shown| shown.application);
            let (at, revision) = (work.at(), register.last.revision);
            let new = ValidationRecord { year, at, user: caller.person(), application, revision };
            store::staff::validate(&mut work, caller.organiser, creche, &new).await?;
            work.record(&Record::of(EventType::StaffValidated).creche(creche).revision(revision));
        }
        let found = answer_validations(&register, &mut work, creche, outcome).await?;
        let end = Verdict { channel, outcome, revision: register.last.revision };
        end.record(&register, &mut work, &found.warnings)?;
        work.commit().await?;
        return Ok(found);
    }
    Err(store::Error::Busy.into())
}

async fn answer_validations(
    register: &RegisterView<'_>,
    tx: &mut Tx,
    creche: CrecheId,
    outcome: DepositOutcome,
) -> Result<YearlyValidations, StaffError> {
    let creche = creches::find_within_reach(tx, register.caller, creche).await?;
    let items = store::staff::validations(tx, register.caller.organiser, creche.id).await?;
    let here = register.visible_persons().iter().filter(|known| known.member.creches().contains(&creche.id));
    let members = here.map(|known| Field::Present(known.member.clone().into_raw())).collect();
    let document = RawRegister { members: Field::Present(List(members)), ..RawRegister::default() };
    let mut context = register.context();
    context.documents = true;
    let warnings = validation::standing_findings(&document, &context).folded();
    let due = Date::constant(2000, 5, 31).with().year(register.today.year()).build();
    Ok(YearlyValidations {
        creche,
        items,
        due: due.unwrap_or(Date::MAX),
        warnings,
        written: outcome == DepositOutcome::Accepted,
        outcome,
    })
}
