//! Log lines on standard error, as text or as JSON.

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use crate::config::{Log, LogFormat};

/// Starts logging with the settings of `log`, and makes panics log their location without their message.
///
/// # Errors
/// When a logger is installed already.
pub fn init_logging(log: &Log) -> Result<(), TryInitError> {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // No colours in files.
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => lines.finish().try_init()?,
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init()?,
    }
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

/// The message of a panic may quote data, so only its location is logged.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked");
}
