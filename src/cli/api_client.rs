//! What the commands share that call a gateway's API.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;

use super::CliError;
use crate::domain::key::{KeyKind, KeyText};
use crate::outbound::client;

/// How long a call may take: longer than the longest wait for something new.
const WHOLE: Duration = Duration::from_secs(45);
/// The pause before a gateway that cannot be reached is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(2);
/// The variables with the key: the second is the one of the file that the console gives.
const KEYS: [&str; 2] = ["PASSERELLE_KEY", "PASSERELLE_API_KEY"];
/// The end of the root of every API.
const ROOT: &str = "/creche/v1";
/// The gateway has fewer entries than were read already: it was reset.
const AFTER_FEED_END: &str = "urn:problem-type:passerelle:afterFeedEnd";

/// Where the API is, and the key for it.
#[derive(Debug, clap::Args)]
pub(super) struct ApiAccess {
    /// A file with the API key, in place of `PASSERELLE_KEY`.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The API: the `apiUrl` of a sandbox or of a world.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/creche/v1", env = "PASSERELLE_URL")]
    api: Url,
}

impl ApiAccess {
    /// The client with the key, from the file or the environment.
    pub(super) fn client(&self) -> Result<ApiClient, CliError> {
        let text = match &self.key_file {
            Some(file) => {
                std::fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?
            }
            None => KEYS
                .iter()
                .find_map(|name| std::env::var(name).ok())
                .ok_or_else(|| format!("no API key: set {}, or name a file with --key-file", KEYS[0]))?,
        };
        let key = text.trim().to_owned();
        let kind = KeyText::parse(&key).map_err(|_| "the key is not a whole API key: it begins with crk_")?.kind();
        Ok(ApiClient { http: http(&self.api)?, root: root(&self.api), key, kind })
    }
}

/// The root of the API at an address: of a sandbox or of a world, its public address is enough.
fn root(address: &Url) -> Url {
    let mut root = address.clone();
    let path = address.path().trim_end_matches('/');
    root.set_path(&if path.ends_with(ROOT) { path.to_owned() } else { format!("{path}{ROOT}") });
    root
}

/// Reads of an API with a key.
pub(super) struct ApiClient {
    http: Client,
    /// The root of the API.
    pub(super) root: Url,
    key: String,
    /// The kind of the key.
    pub(super) kind: KeyKind,
}

/// Why something could not be read.
pub(super) enum ReadError {
    /// The gateway was reset: its entries are numbered anew.
    Reset,
    /// It cannot be reached or is overloaded: it may be tried again.
    Away(CliError),
    /// It refuses.
    Refused(CliError),
}

impl From<ReadError> for CliError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Away(failure) | ReadError::Refused(failure) => failure,
            ReadError::Reset => "the gateway was reset".into(),
        }
    }
}

impl ApiClient {
    /// The body of an answer, as JSON.
    pub(super) async fn get<T: for<'d> Deserialize<'d>>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ReadError> {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{path}", url.path()));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let away = |error: reqwest::Error| ReadError::Away(explained(error, &self.root));
        let answer = self.http.get(url).bearer_auth(&self.key).send().await.map_err(away)?;
        let (status, body) = (answer.status(), answer.bytes().await.map_err(away)?);
        if status == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(|error| ReadError::Refused(error.into()));
        }
        Err(refusal(status, &body))
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> ReadError {
    let problem = serde_json::from_slice::<Problem>(body).ok();
    if problem.as_ref().is_some_and(|problem| problem.r#type == AFTER_FEED_END) {
        return ReadError::Reset;
    }
    let told = problem.and_then(|problem| problem.detail);
    let failure = told.unwrap_or_else(|| format!("the gateway answered {status}")).into();
    let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    if passes { ReadError::Away(failure) } else { ReadError::Refused(failure) }
}

/// The failure, as a sentence where nothing listens at the address.
fn explained(error: reqwest::Error, api: &Url) -> CliError {
    if error.is_connect() {
        let authority = api.authority();
        return format!(
            "no gateway at {authority}; start a sandbox (passerelle sandbox), or give the address with --api"
        )
        .into();
    }
    error.into()
}

/// Says once that the gateway is away, and waits before it is asked again.
#[derive(Default)]
pub(super) struct Absence {
    is_told: bool,
}

impl Absence {
    /// The gateway answered.
    pub(super) const fn ended(&mut self) {
        self.is_told = false;
    }

    /// The gateway did not answer.
    pub(super) async fn wait(&mut self) {
        if !self.is_told {
            super::print_line("The gateway is away: it is asked again until it is back.");
        }
        self.is_told = true;
        tokio::time::sleep(RETRY_PAUSE).await;
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_the_api_is_found_from_every_address_that_is_shown() {
        for (given, expected) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/creche/v1"),
            ("http://127.0.0.1:8080/creche/v1/", "http://127.0.0.1:8080/creche/v1"),
            ("https://sandbox.example/worlds/a-1/", "https://sandbox.example/worlds/a-1/creche/v1"),
        ] {
            assert_eq!(root(&given.parse().unwrap()).as_str(), expected);
        }
    }
}
