//! The signals that end the program in order.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::CliError;

/// SIGINT and SIGTERM, taken over from the system's default, which would end the process at once.
///
/// A command takes them over before it creates anything that is to be removed or closed at its end.
pub(crate) struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignal {
    /// Takes the signals over. Fails where the system refuses that.
    pub(crate) fn register() -> Result<Self, CliError> {
        let register =
            |kind| signal(kind).map_err(|error| format!("cannot take over the signals that stop it: {error}"));
        Ok(Self { interrupt: register(SignalKind::interrupt())?, terminate: register(SignalKind::terminate())? })
    }

    /// Resolves at the first of them since `register`.
    pub(crate) async fn received(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
