//! Notifies the readers that wait for events when an organiser's feed was added to, so that they need not poll. Only
//! readers in this process are notified; events that another gateway adds are found by polling.

use tokio::sync::broadcast::{self, error::RecvError};

use crate::ids::OrganiserId;

/// How many notifications a reader may have queued before they are merged into one.
const CAPACITY: usize = 256;

/// Sends a notification with each commit that adds to a feed.
#[derive(Debug, Clone)]
pub(super) struct FeedNotifier(broadcast::Sender<OrganiserId>);

impl Default for FeedNotifier {
    fn default() -> Self {
        Self(broadcast::Sender::new(CAPACITY))
    }
}

impl FeedNotifier {
    pub(super) fn subscribe(&self) -> WakeSignal {
        WakeSignal(self.0.subscribe())
    }

    /// Sends a notification for each organiser; there may be no receiver.
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
    /// Waits for the next notification: the organiser whose feed was added to, or `None` when several were missed and it
    /// may be any.
    pub async fn next(&mut self) -> Option<OrganiserId> {
        match self.0.recv().await {
            Ok(organiser) => Some(organiser),
            Err(RecvError::Lagged(_)) => None,
            // The database was closed: there will be no notification.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
