//! Reading the whole register, as JSON or as a workbook.

use super::StaffError;
use super::read::record_read;
use super::register_view::{RegisterExtent, RegisterView, current_revision};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::{App, WorkSize, run_blocking};
use crate::domain::finding::Findings;
use crate::domain::key::Scope;
use crate::domain::raw::{Field, Label, List};
use crate::domain::staff::raw::{RawMember, RawRegister};
use crate::domain::staff::{CrecheIdentifiers, kept_sections, validation};
use crate::ingest::staff as workbook;
use crate::store;
pub use crate::store::staff::RegisterRevision;

/// The register as it is.
#[derive(Debug)]
pub struct StaffRegister {
    /// Its revision; 0 before the first person was entered.
    pub revision: u64,
    /// The persons, without the digits of their numbers, limited to the caller's reach.
    pub document: RawRegister,
    /// The warnings of today.
    pub warnings: Findings,
}

/// The register, with the warnings of today.
pub async fn read(app: &App, caller: &Caller) -> Result<StaffRegister, StaffError> {
    let (register, document) = opened_whole(app, caller).await?;
    let warnings = warnings_of(&register, &document);
    Ok(StaffRegister { revision: register.last.revision, document, warnings })
}

/// A revision of the register; `None` where it is not recorded.
pub async fn read_revision(app: &App, caller: &Caller, number: u64) -> Result<Option<StaffRegister>, StaffError> {
    let Some(register) = RegisterView::read_revision(app, caller, number).await? else { return Ok(None) };
    register.require_whole_reach()?;
    let document = recorded_document(&register).await?;
    let warnings = warnings_of(&register, &document);
    Ok(Some(StaffRegister { revision: number, document, warnings }))
}

/// The revisions of the register.
#[derive(Debug)]
pub struct RevisionPage {
    /// The latest first.
    pub items: Vec<RegisterRevision>,
    /// The number before which the next page begins; `None` on the last.
    pub next: Option<u64>,
}

/// At most `limit` revisions of the register before number `before`, for those who may replace the whole of it.
pub async fn revisions(
    app: &App,
    caller: &Caller,
    before: Option<u64>,
    limit: u32,
) -> Result<RevisionPage, StaffError> {
    revision(app, caller).await?;
    let tx = &mut app.db.read().await?;
    let mut items = store::staff::revisions(tx, caller.organiser, before, limit.saturating_add(1)).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| last.revision);
    Ok(RevisionPage { items, next })
}

/// The register as a workbook, in which crèches are named by the agency's number.
pub async fn as_workbook(app: &App, caller: &Caller) -> Result<(u64, Vec<u8>), StaffError> {
    let (register, mut document) = opened_whole(app, caller).await?;
    number_creches(&mut document, &register.creches);
    Ok((register.last.revision, write(app, caller, document, 0).await?))
}

/// The register as visible to the caller. The access is recorded.
async fn opened_whole<'a>(app: &'a App, caller: &'a Caller) -> Result<(RegisterView<'a>, RawRegister), StaffError> {
    let register = RegisterView::read(app, caller, RegisterExtent::Everybody).await?;
    register.require_whole_reach()?;
    let document = recorded_document(&register).await?;
    Ok((register, document))
}

/// The persons as visible to the caller. The access is recorded.
async fn recorded_document(register: &RegisterView<'_>) -> Result<RawRegister, StaffError> {
    record_read(register, None).await?;
    let documents = register.caller.may(Scope::StaffDocumentsRead);
    let members = register.stored.iter().map(|person| kept_sections(person.member.clone().into_raw(), documents));
    let members = members.map(Field::Present).collect();
    Ok(RawRegister { members: Field::Present(List(members)), ..RawRegister::default() })
}

/// The warnings of today.
fn warnings_of(register: &RegisterView<'_>, document: &RawRegister) -> Findings {
    let mut context = register.context();
    context.documents = true;
    validation::standing_findings(document, &context).folded()
}

/// The revision of the register, for callers who may replace the whole of it; no person is unsealed.
pub async fn revision(app: &App, caller: &Caller) -> Result<u64, StaffError> {
    let tx = &mut app.db.read().await?;
    let creches = store::creches::list(tx, caller.organiser).await?;
    if !creches.iter().all(|creche| caller.reaches(creche.id)) {
        return Err(StaffError::NotWhole);
    }
    Ok(current_revision(tx, caller.organiser).await?)
}

/// An empty register to fill in.
pub async fn template(app: &App, caller: &Caller, rows: usize) -> Result<Vec<u8>, StaffError> {
    write(app, caller, RawRegister::default(), rows).await
}

async fn write(app: &App, caller: &Caller, document: RawRegister, rows: usize) -> Result<Vec<u8>, StaffError> {
    let organiser = crate::app::organisers::of_caller(app, caller).await?.legal_name;
    let id = caller.organiser;
    let (today, documents) = (caller.clock.today(), caller.may(Scope::StaffDocumentsRead));
    let written =
        run_blocking(id, WorkSize::Heavy, move || workbook::write(&document, &organiser, today, rows, documents))
            .await?;
    Ok(written.map_err(InternalError::from)?)
}

/// Replaces ids by the agency's numbers.
fn number_creches(document: &mut RawRegister, creches: &[CrecheIdentifiers]) {
    let Field::Present(List(members)) = &mut document.members else { return };
    for member in members {
        let Field::Present(RawMember { contracts: Field::Present(List(contracts)), .. }) = member else { continue };
        for contract in contracts {
            let Field::Present(contract) = contract else { continue };
            let Field::Present(List(functions)) = &mut contract.functions else { continue };
            for function in functions {
                let Field::Present(function) = function else { continue };
                let id = function.creche.get().and_then(|text| text.0.parse().ok());
                if let Some(place) = creches.iter().find(|place| Some(place.id) == id) {
                    function.creche = Field::Present(Label(place.one_number.clone()));
                }
            }
        }
    }
}
