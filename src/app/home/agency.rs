//! What awaits the agents of the agency, in numbers.

use crate::app::error::InternalError;
use crate::app::{App, doctors};
use crate::domain::claim::ClaimState;
use crate::store;

/// How much awaits the agents, of all organisers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgencyTasks {
    /// Signed claims that no agent has taken up.
    pub signed_claims: usize,
    /// Claims that an agent has taken up and not answered.
    pub claims_taken_up: usize,
    /// Claims whose last act is a message of the organiser.
    pub messages: usize,
    /// Doctors on whom nothing is decided.
    pub doctors: usize,
}

/// Counts what awaits the agents. Numbers are not personal: reading them is not recorded.
pub async fn agency(app: &App) -> Result<AgencyTasks, InternalError> {
    let tx = &mut app.db.read().await?;
    let signed_claims = store::claims::count_in_state(tx, ClaimState::Signed).await?;
    let claims_taken_up = store::claims::count_in_state(tx, ClaimState::TakenUp).await?;
    let messages = store::claims::count_with_message_of_organiser(tx).await?;
    Ok(AgencyTasks {
        signed_claims,
        claims_taken_up,
        messages,
        doctors: doctors::count_awaiting_validation(app).await?,
    })
}
