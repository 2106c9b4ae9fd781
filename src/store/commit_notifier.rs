//! Notifies the readers that wait for events when an organiser's feed was added to, and the dispatcher of webhooks when
//! deliveries are due, so that they need not poll. Only those in this process are notified; what another gateway adds is
//! found by polling.

use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

use crate::ids::OrganiserId;

/// How many notifications a reader may have queued before they are merged into one.
const CAPACITY: usize = 256;

/// Sends a notification with each commit that adds to a feed or writes deliveries.
#[derive(Debug, Clone)]
pub(super) struct CommitNotifier {
    feeds: broadcast::Sender<OrganiserId>,
    deliveries: watch::Sender<()>,
}

impl Default for CommitNotifier {
    fn default() -> Self {
        Self { feeds: broadcast::Sender::new(CAPACITY), deliveries: watch::Sender::new(()) }
    }
}

impl CommitNotifier {
    pub(super) fn subscribe(&self) -> WakeSignal {
        WakeSignal(self.feeds.subscribe())
    }

    /// Changes with each commit that writes deliveries.
    pub(super) fn subscribe_to_deliveries(&self) -> watch::Receiver<()> {
        self.deliveries.subscribe()
    }

    /// Sends a notification for each organiser; there may be no receiver.
    pub(super) fn notify(&self, organisers: &[OrganiserId]) {
        for organiser in organisers {
            let _ = self.feeds.send(*organiser);
        }
    }

    /// Sends a notification of deliveries.
    pub(super) fn notify_of_deliveries(&self) {
        self.deliveries.send_replace(());
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
