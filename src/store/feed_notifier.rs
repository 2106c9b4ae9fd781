//! The bell that rings when an organiser's feed was added to: whoever waits for events is woken, and nobody polls.
//! It is heard in this process only; what another gateway adds is found by looking.

use tokio::sync::broadcast::{self, error::RecvError};

use crate::ids::OrganiserId;

/// How many rings somebody who is busy may leave unheard before they run into one.
const UNHEARD: usize = 256;

/// Rung with each commit that adds to a feed.
#[derive(Debug, Clone)]
pub(super) struct FeedNotifier(broadcast::Sender<OrganiserId>);

impl Default for FeedNotifier {
    fn default() -> Self {
        Self(broadcast::Sender::new(UNHEARD))
    }
}

impl FeedNotifier {
    pub(super) fn listen(&self) -> WakeSignal {
        WakeSignal(self.0.subscribe())
    }

    /// Rings for each organiser; nobody may be listening.
    pub(super) fn notify(&self, organisers: &[OrganiserId]) {
        for organiser in organisers {
            let _ = self.0.send(*organiser);
        }
    }
}

/// Hears the bell.
#[derive(Debug)]
pub struct WakeSignal(broadcast::Receiver<OrganiserId>);

impl WakeSignal {
    /// Waits for the next ring: whose feed was added to, or `None` where it may be anybody's because several rings went
    /// unheard.
    pub async fn next(&mut self) -> Option<OrganiserId> {
        match self.0.recv().await {
            Ok(organiser) => Some(organiser),
            Err(RecvError::Lagged(_)) => None,
            // The database is gone, and with it all that could happen.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
