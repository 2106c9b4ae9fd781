//! Reading persons: every access is recorded before the response.

use super::register_view::{RegisterExtent, RegisterView};
use super::{StaffError, StaffPerson};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{ContractStatus, may_be_same};
use crate::domain::text::folded;
use crate::ids::{CrecheId, StaffMemberId};
use crate::store;

/// A filter of persons (docs/domain.md, Staff register).
#[derive(Debug, Clone, Default)]
pub struct StaffFilter {
    /// The state of the contracts today; all persons with a contract by default.
    pub standing: Vec<ContractStatus>,
    /// Only those who work in several crèches at once.
    pub several: bool,
    /// Only those of this crèche.
    pub creche: Option<CrecheId>,
}

/// The persons within the caller's reach, by name.
pub async fn list(app: &App, caller: &Caller, wanted: &StaffFilter) -> Result<Vec<StaffPerson>, InternalError> {
    let register = RegisterView::read(app, caller, RegisterExtent::Everybody).await?;
    record_read(&register, None).await?;
    let today = register.today;
    let shown = if wanted.standing.is_empty() { &ContractStatus::SHOWN[..] } else { &wanted.standing };
    let fits = |person: &StaffPerson| {
        let member = &person.member;
        shown.contains(&member.standing(today))
            && (!wanted.several || member.works_in_several(today))
            && wanted.creche.is_none_or(|creche| member.creches().contains(&creche))
    };
    let within = |at: &usize| register.stored[*at].member.is_visible_within(caller.reach());
    let mut found: Vec<_> =
        (0..register.stored.len()).filter(within).map(|at| register.person(at)).filter(fits).collect();
    found.sort_by_cached_key(|one| (folded(&one.member.family_name), folded(&one.member.given_name), one.id));
    Ok(found)
}

/// A possible duplicate within the caller's reach: the same names and birth date, and no different numbers.
pub async fn find_possible_duplicate(
    app: &App,
    caller: &Caller,
    new: &RawMember,
) -> Result<Option<StaffPerson>, InternalError> {
    let everybody = StaffFilter { standing: ContractStatus::ALL.to_vec(), ..StaffFilter::default() };
    let today = caller.clock.today();
    let stored = list(app, caller, &everybody).await?;
    Ok(stored.into_iter().find(|person| may_be_same(new, &person.member, today)))
}

/// One person.
pub async fn find(app: &App, caller: &Caller, id: StaffMemberId) -> Result<StaffPerson, StaffError> {
    let register = RegisterView::read(app, caller, RegisterExtent::One(id)).await?;
    let at = register.position_of(id)?;
    record_read(&register, Some(id)).await?;
    Ok(register.person(at))
}

/// Records that persons are read, or one; they are returned only once that is committed.
pub(super) async fn record_read(
    register: &RegisterView<'_>,
    person: Option<StaffMemberId>,
) -> Result<(), store::Error> {
    let (caller, record) = (register.caller, Record::of(RecordedAction::StaffRead));
    let record = person.into_iter().fold(record, Record::about);
    register.app.record_access(caller.organiser, &caller.actor(), &record).await
}
