//! `passerelle logs`: the calls of a vendor's software, a line each.

mod line;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;

use self::line::LoggedCall;
use super::api_client::{Problem, http};
use super::stop_signal::StopSignal;
use super::{CliError, print_line};
use crate::domain::calls::StatusClass;
use crate::domain::key::KeyText;
use crate::ids::RequestId;

/// Show the calls of your software as the gateway logged them, the latest last: when, method and address, status, how long it
/// took, what became of a deposit. The API key is read from `PASSERELLE_KEY` or from a file.
#[derive(Debug, clap::Args)]
pub(super) struct Logs {
    /// A file with the API key, in place of `PASSERELLE_KEY`.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The root of the API: the `apiUrl` of a sandbox or of a world.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/creche/v1")]
    api: Url,
    /// Go on with calls as they are made.
    #[arg(long)]
    follow: bool,
    /// How many calls that were made already.
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u64).range(0..=100))]
    last: u64,
    /// Calls with such a status only: 2xx, 3xx, 4xx or 5xx.
    #[arg(long, value_name = "CLASS")]
    status: Option<StatusClass>,
    /// Calls of this operation only, by the contract's `operationId`.
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,
    /// Print the call with this id, the `BelGov-Trace-Id` of its answer, as a command for curl.
    #[arg(long, value_name = "ID", conflicts_with_all = ["follow", "last", "status", "operation"])]
    as_curl: Option<RequestId>,
}

/// The variable with the key.
const KEY: &str = "PASSERELLE_KEY";
/// The pause before a gateway that cannot be reached is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(2);
/// How many seconds one request waits for calls.
const WAIT: u64 = 30;
/// The gateway has fewer calls than were read already: it was reset.
const AFTER_FEED_END: &str = "urn:problem-type:passerelle:afterFeedEnd";

/// A page of the log.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogPage {
    items: Vec<LoggedCall>,
    up_to: u64,
}

/// Why a page could not be read.
enum ReadError {
    /// The gateway was reset: its calls are numbered anew.
    Reset,
    /// It cannot be reached or is overloaded: it may be tried again.
    Away(CliError),
    /// It refuses.
    Refused(CliError),
}

impl Logs {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let key = self.key()?;
        let stop = StopSignal::register()?;
        let reader = LogReader { http: http(&self.api)?, key, logs: self };
        tokio::select! {
            ended = reader.show() => ended.map(|()| ExitCode::SUCCESS),
            () = stop.received() => Ok(ExitCode::SUCCESS),
        }
    }

    /// The key, from the file or the environment.
    fn key(&self) -> Result<String, CliError> {
        let text = match &self.key_file {
            Some(file) => {
                std::fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?
            }
            None => std::env::var(KEY).map_err(|_| format!("no API key: set {KEY}, or name a file with --key-file"))?,
        };
        let key = text.trim();
        KeyText::parse(key).map_err(|_| "the key is not a whole API key: it begins with crk_")?;
        Ok(key.to_owned())
    }
}

/// Reads the log and prints it.
struct LogReader {
    logs: Logs,
    http: Client,
    key: String,
}

impl LogReader {
    async fn show(&self) -> Result<(), CliError> {
        if let Some(id) = self.logs.as_curl {
            let answer = self.get(&format!("/requests/{id}"), &[]).await.map_err(into_failure)?;
            let call: LoggedCall = serde_json::from_slice(&answer)?;
            print_line(&call.as_curl(self.logs.api.as_str().trim_end_matches('/')));
            return Ok(());
        }
        if self.logs.follow {
            print_line(&format!("Following the calls at {}", self.logs.api));
        }
        let most = self.logs.last.max(1).to_string();
        let page = self.page(&[("pageSize", &most)]).await.map_err(into_failure)?;
        let asked = usize::try_from(self.logs.last).unwrap_or(usize::MAX);
        page.items.iter().take(asked).rev().for_each(|call| print_line(&call.to_string()));
        if self.logs.follow { self.follow(page.up_to).await } else { Ok(()) }
    }

    /// Prints calls as they are made, until the key is refused.
    async fn follow(&self, mut after: u64) -> Result<(), CliError> {
        let mut unreachable = false;
        loop {
            let (number, wait) = (after.to_string(), WAIT.to_string());
            match self.page(&[("after", &number), ("wait", &wait)]).await {
                Ok(page) => {
                    unreachable = false;
                    page.items.iter().for_each(|call| print_line(&call.to_string()));
                    after = page.up_to;
                }
                Err(ReadError::Reset) => {
                    print_line("The gateway was reset: its calls are read from the first.");
                    after = 0;
                }
                Err(ReadError::Away(_)) => {
                    if !unreachable {
                        print_line("The gateway is away: it is asked again until it is back.");
                    }
                    unreachable = true;
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
                Err(ReadError::Refused(failure)) => return Err(failure),
            }
        }
    }

    /// A page of the calls that were asked for.
    async fn page(&self, query: &[(&str, &str)]) -> Result<LogPage, ReadError> {
        let status = self.logs.status.map(|class| class.to_string());
        let filters = [("status", status.as_deref()), ("operation", self.logs.operation.as_deref())];
        let filters = filters.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let query: Vec<_> = query.iter().copied().chain(filters).collect();
        let answer = self.get("/requests", &query).await?;
        serde_json::from_slice(&answer).map_err(|error| ReadError::Refused(error.into()))
    }

    /// The body of an answer of the API.
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<u8>, ReadError> {
        let mut url = self.logs.api.clone();
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let away = |error: reqwest::Error| ReadError::Away(explained(error, &self.logs.api));
        let answer = self.http.get(url).bearer_auth(&self.key).send().await.map_err(away)?;
        let (status, body) = (answer.status(), answer.bytes().await.map_err(away)?);
        if status == StatusCode::OK {
            return Ok(body.into());
        }
        let problem = serde_json::from_slice::<Problem>(&body).ok();
        if problem.as_ref().is_some_and(|problem| problem.r#type == AFTER_FEED_END) {
            return Err(ReadError::Reset);
        }
        let told = problem.and_then(|problem| problem.detail);
        let failure = told.unwrap_or_else(|| format!("the gateway answered {status}")).into();
        let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        Err(if passes { ReadError::Away(failure) } else { ReadError::Refused(failure) })
    }
}

/// The failure, as a sentence where nothing listens at the address.
fn explained(error: reqwest::Error, api: &Url) -> CliError {
    if error.is_connect() {
        return format!("no gateway at {}; give the root of its API with --api", api.authority()).into();
    }
    error.into()
}

fn into_failure(error: ReadError) -> CliError {
    match error {
        ReadError::Away(failure) | ReadError::Refused(failure) => failure,
        ReadError::Reset => "the gateway was reset".into(),
    }
}
