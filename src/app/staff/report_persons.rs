//! The persons of the register as activity reports need them.

use super::register_view::{RegisterExtent, RegisterView};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::domain::period::{Period, Quarter};
use crate::domain::report::{ContractPeriod, RegisterPerson};
use crate::domain::staff::{Category, Member, StoredPerson, overlaps};
use crate::ids::{CrecheId, StaffMemberId};

/// A person with given and family name, where the caller may know it.
pub(in crate::app) struct NamedPerson {
    pub(in crate::app) person: RegisterPerson,
    pub(in crate::app) name: Option<(String, String)>,
}

/// Every person visible to the caller, and those of `named` who are not, with the functions in a crèche during a quarter.
pub(in crate::app) async fn report_persons(
    app: &App,
    caller: &Caller,
    (creche, quarter): (CrecheId, Quarter),
    named: &[StaffMemberId],
) -> Result<Vec<NamedPerson>, InternalError> {
    let register = RegisterView::read(app, caller, RegisterExtent::Everybody).await?;
    let is_visible = |member: &Member| member.is_visible_within(caller.reach());
    let is_shown = |person: &&StoredPerson| is_visible(&person.member) || named.contains(&person.id);
    let person = |StoredPerson { id, member }: &StoredPerson| NamedPerson {
        person: RegisterPerson {
            id: *id,
            reference: member.reference.clone(),
            functions: functions(member, creche, quarter),
        },
        name: is_visible(member).then(|| (member.given_name.clone(), member.family_name.clone())),
    };
    Ok(register.stored.iter().filter(is_shown).map(person).collect())
}

/// The functions of a person in a crèche during a quarter.
fn functions(member: &Member, creche: CrecheId, quarter: Quarter) -> Vec<(Category, ContractPeriod)> {
    let period = Period::Quarter(quarter);
    let days = (period.first_day(), period.last_day());
    let posts = member.posts().into_iter().filter(|post| post.creche == creche && overlaps(post.period, days));
    posts.map(|post| (post.category, post.period)).collect()
}
