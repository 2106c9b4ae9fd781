//! The simulated agency while nobody moves the clock.

use std::sync::Arc;
use std::time::Duration;

use super::agency::SimulatedAgency;
use super::time::Advances;

/// How often it is looked whether there is something to answer.
const LOOK: Duration = Duration::from_millis(500);

/// Acts for ever, but not while the clock is being moved: the agency acts on its way then.
pub(super) async fn run(agency: Arc<SimulatedAgency>, advances: Arc<Advances>) {
    let mut interval = tokio::time::interval(LOOK);
    loop {
        interval.tick().await;
        if advances.state().is_running() {
            continue;
        }
        if let Err(error) = agency.act().await {
            tracing::warn!(%error, "the simulated agency of a world could not act; it is tried again");
        }
    }
}
