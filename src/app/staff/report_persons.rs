//! The persons of the register as activity reports need them: without their names.

use std::collections::HashMap;

use super::read::record_read;
use super::register_view::{RegisterExtent, RegisterView};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::domain::period::{Period, Quarter};
use crate::domain::report::RegisterPerson;
use crate::domain::staff::StoredPerson;
use crate::ids::{CrecheId, StaffMemberId};

/// Every person visible to the caller, with the functions in a crèche during a quarter.
pub(in crate::app) async fn report_persons(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<Vec<RegisterPerson>, InternalError> {
    let period = Period::Quarter(quarter);
    let (first, last) = (period.first_day(), period.last_day());
    let register = RegisterView::read(app, caller, RegisterExtent::Everybody).await?;
    let person = |person: &StoredPerson| {
        let posts = person.member.posts().into_iter().filter(|post| {
            let (from, until) = post.period;
            post.creche == creche && from <= last && until.is_none_or(|until| until >= first)
        });
        RegisterPerson {
            id: person.id,
            reference: person.member.reference.clone(),
            functions: posts.map(|post| (post.category, post.period)).collect(),
        }
    };
    Ok(register.visible_persons().iter().map(person).collect())
}

/// The names of the persons visible to the caller: given name and family name. The access is recorded.
pub(in crate::app) async fn names(
    app: &App,
    caller: &Caller,
) -> Result<HashMap<StaffMemberId, (String, String)>, InternalError> {
    let register = RegisterView::read(app, caller, RegisterExtent::Everybody).await?;
    record_read(&register, None).await?;
    let name =
        |person: &StoredPerson| (person.id, (person.member.given_name.clone(), person.member.family_name.clone()));
    Ok(register.visible_persons().iter().map(name).collect())
}
