//! `passerelle logs`: the calls of a vendor's software, a line each.

mod line;

use std::process::ExitCode;

use serde::Deserialize;

use self::line::LoggedCall;
use super::api_client::{Absence, ApiAccess, ApiClient, ReadError};
use super::stop_signal::StopSignal;
use super::{CliError, print_line};
use crate::domain::calls::StatusClass;
use crate::ids::RequestId;

/// Show the calls of your software as the gateway logged them, the latest last: when, method and address, status, how long it
/// took, what became of a deposit. The API key is read from `PASSERELLE_KEY` or from a file.
#[derive(Debug, clap::Args)]
pub(super) struct Logs {
    #[command(flatten)]
    access: ApiAccess,
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

/// How many seconds one request waits for calls.
const WAIT: u64 = 30;

/// A page of the log.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogPage {
    items: Vec<LoggedCall>,
    up_to: u64,
}

impl Logs {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let api = self.access.client()?;
        let stop = StopSignal::register()?;
        let reader = LogReader { api, logs: self };
        tokio::select! {
            ended = reader.show() => ended.map(|()| ExitCode::SUCCESS),
            () = stop.received() => Ok(ExitCode::SUCCESS),
        }
    }
}

/// Reads the log and prints it.
struct LogReader {
    logs: Logs,
    api: ApiClient,
}

impl LogReader {
    async fn show(&self) -> Result<(), CliError> {
        if let Some(id) = self.logs.as_curl {
            let call: LoggedCall = self.api.get(&format!("/requests/{id}"), &[]).await?;
            print_line(&call.as_curl(self.api.root.as_str()));
            return Ok(());
        }
        if self.logs.follow {
            print_line(&format!("Following the calls at {}", self.api.root));
        }
        let most = self.logs.last.max(1).to_string();
        let page = self.page(&[("pageSize", &most)]).await?;
        let asked = usize::try_from(self.logs.last).unwrap_or(usize::MAX);
        page.items.iter().take(asked).rev().for_each(|call| print_line(&call.to_string()));
        if self.logs.follow { self.follow(page.up_to).await } else { Ok(()) }
    }

    /// Prints calls as they are made, until the key is refused.
    async fn follow(&self, mut after: u64) -> Result<(), CliError> {
        let mut absence = Absence::default();
        loop {
            let (number, wait) = (after.to_string(), WAIT.to_string());
            match self.page(&[("after", &number), ("wait", &wait)]).await {
                Ok(page) => {
                    absence.ended();
                    page.items.iter().for_each(|call| print_line(&call.to_string()));
                    after = page.up_to;
                }
                Err(ReadError::Reset) => {
                    print_line("The gateway was reset: its calls are read from the first.");
                    after = 0;
                }
                Err(ReadError::Away(_)) => absence.wait().await,
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
        self.api.get("/requests", &query).await
    }
}
