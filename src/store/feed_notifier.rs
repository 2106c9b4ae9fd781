//! Notifies the readers that wait for events when an organiser's feed was added to, so that none has to poll.
//! It is heard in this process only; what another gateway adds is found by looking.

use tokio::sync::broadcast::{self, error::RecvError};

use crate::ids::OrganiserId;

/// How many notifications a busy reader may have waiting before they become one.
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

    /// Notifies for each organiser; there may be no reader.
    pub(super) fn notify(&self, organisers: &[OrganiserId]) {
        for organiser in organisers {
            let _ = self.0.send(*organiser);
        }
    }
}

/// Waits for notifications.
#[derive(Debug)]
pub struct WakeSignal(broadcast::Receiver<OrganiserId>);

impl WakeSignal {
    /// Waits for the next notification: whose feed was added to, or `None` where it may be anybody's because several were
    /// missed.
    pub async fn next(&mut self) -> Option<OrganiserId> {
        match self.0.recv().await {
            Ok(organiser) => Some(organiser),
            Err(RecvError::Lagged(_)) => None,
            // The database is gone, and with it all that could happen.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
