//! What the commands share that call a gateway's API.

use std::time::Duration;

use reqwest::{Client, Url};
use serde::Deserialize;

use super::CliError;
use crate::outbound::client;

/// How long a call may take: longer than the longest wait for something new.
const WHOLE: Duration = Duration::from_secs(45);

/// The members of a problem that are read.
#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) r#type: String,
    pub(super) detail: Option<String>,
}

/// The HTTP client for an address.
pub(super) fn http(url: &Url) -> Result<Client, CliError> {
    let builder = if url.scheme() == "https" { client::public_client() } else { client::loopback() };
    Ok(builder.timeout(WHOLE).build()?)
}
