//! Logging the masked bodies of an application's calls for a time, so that its vendor can find a fault.

use jiff::Timestamp;

use crate::app::App;
use crate::app::operator::OperatorError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::application::{ApplicationBounds, BodyLoggingTime};
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::rules::application::REVOKED;
use crate::ids::{ApplicationId, OrganiserId};
use crate::store::applications::ApplicationRecord;
use crate::store::{self, WritePurpose};

/// Has the bodies of an application's calls logged for this time from now on, or no longer. It takes effect here at once, at
/// other gateways within seconds, and ends by itself.
pub async fn change_body_logging(
    app: &App,
    actor: &Actor,
    organiser: OrganiserId,
    id: ApplicationId,
    time: Option<BodyLoggingTime>,
) -> Result<(), OperatorError> {
    let mut work = app.acting_as(actor).begin(organiser, WritePurpose::RecordOnly).await?;
    let stored = store::applications::find(&mut work, organiser, id).await?.ok_or(OperatorError::NoApplication(id))?;
    let now = work.at();
    let until = time.map(|time| time.end(now));
    if until.is_none() && stored.bounds.body_logging(now).is_none() {
        return Ok(());
    }
    let bounds = ApplicationBounds { logs_bodies_until: until, ..stored.bounds };
    if !store::applications::update(&mut work, organiser, &ApplicationRecord { bounds, ..stored }).await? {
        let revoked = Finding::new(&REVOKED, FindingPlace::default());
        return Err(OperatorError::Invalid(Findings::from_iter([revoked])));
    }
    work.record(&record(id, until));
    work.commit().await?;
    app.keys.invalidate();
    Ok(())
}

fn record(id: ApplicationId, until: Option<Timestamp>) -> Record {
    match until {
        Some(until) => Record::of(RecordedAction::BodyLoggingAllowed).about(id).detail(until.to_string()),
        None => Record::of(RecordedAction::BodyLoggingEnded).about(id),
    }
}
