//! Races: two administrators never deactivate each other at once.

use passerelle::app::users::{UserAdministrator, UserDocument, UserError, change, delete};
use passerelle::app::{Precondition, agents, sessions};
use passerelle::domain::actor::Actor;
use passerelle::domain::raw::Field;
use passerelle::domain::raw::Flag;
use passerelle::domain::ssin::Ssin;
use passerelle::domain::user::raw::RawChange;
use passerelle::ids::UserId;

use crate::harness::app::{TestApp, each_app, organiser};
use crate::harness::people::ssin;

const ANNE: &str = "019a5c00-0000-7000-8000-000000000031";
const LUC: &str = "019a5c00-0000-7000-8000-000000000032";

fn user(id: &str) -> UserId {
    id.parse().unwrap()
}

async fn deactivate(app: &TestApp, by: &str, whom: &str) -> Result<(), UserError> {
    let document = UserDocument::Fields(RawChange { active: Field::Present(Flag(false)), ..RawChange::default() });
    let author = UserAdministrator::person(organiser(), user(by));
    change(&app.app, &author, user(whom), &Precondition::Any, document).await.map(drop)
}

#[tokio::test]
async fn of_two_administrators_who_deactivate_each_other_one_stays_active() {
    each_app(async |app| {
        let both = tokio::join!(deactivate(app, ANNE, LUC), deactivate(app, LUC, ANNE));
        let refused = [both.0, both.1].into_iter().filter(|end| matches!(end, Err(UserError::NotAllowed))).count();
        assert_eq!(refused, 1);
    })
    .await;
}

#[tokio::test]
async fn a_right_lost_during_the_request_is_not_used() {
    each_app(async |app| {
        deactivate(app, ANNE, LUC).await.unwrap();
        let gone = UserAdministrator::person(organiser(), user(LUC));
        let end = delete(&app.app, &gone, user("019a5c00-0000-7000-8000-000000000034"), &Precondition::Any).await;
        assert!(matches!(end, Err(UserError::NotAllowed)), "{end:?}");
    })
    .await;
}

#[tokio::test]
async fn of_two_changes_on_one_version_one_is_refused() {
    each_app(async |app| {
        let name = |name: &str| {
            let raw = RawChange { given_name: Field::from_text(name), ..RawChange::default() };
            let author = UserAdministrator::person(organiser(), user(ANNE));
            async move {
                change(&app.app, &author, user(LUC), &Precondition::Known(vec![1]), UserDocument::Fields(raw)).await
            }
        };
        let both = tokio::join!(name("Lucas"), name("Lucien"));
        let stale = [both.0, both.1].into_iter().filter(|end| matches!(end, Err(UserError::Blocked(_)))).count();
        assert_eq!(stale, 1);
    })
    .await;
}

#[tokio::test]
async fn a_removed_agent_is_logged_out() {
    each_app(async |app| {
        let (actor, number) = (Actor::operator("tests"), ssin(40));
        let agent = Ssin::parse(&number).unwrap();
        agents::add(app.app.acting_as(&actor), &agent, "ONE-1").await.unwrap();
        let (secret, visitor) = app.log_in(&number).await;
        assert_eq!(visitor.agent.as_deref(), Some("ONE-1"));
        agents::remove(app.app.acting_as(&actor), "ONE-1").await.unwrap();
        assert!(sessions::resume(&app.app, &secret).await.unwrap().is_none());
    })
    .await;
}
