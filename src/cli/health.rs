//! `passerelle health`: whether a gateway serves, for monitors without an HTTP client.

use std::process::ExitCode;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;

use super::{CliError, print_line};
use crate::http::urls::API_ROOT;
use crate::outbound::client;

/// Ask a gateway whether it can serve: ends with 0 when it can, with 1 when it cannot or does not answer.
#[derive(Debug, clap::Args)]
pub(super) struct Health {
    /// Where the gateway is.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: Url,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Deserialize)]
struct HealthAnswer {
    status: String,
}

impl Health {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        match self.ask().await {
            Ok((code, status)) => {
                print_line(&status);
                Ok(code)
            }
            Err(error) => {
                print_line(&format!("no answer from {}: {}", self.url, client_words(&error)));
                Ok(ExitCode::FAILURE)
            }
        }
    }

    async fn ask(&self) -> Result<(ExitCode, String), reqwest::Error> {
        let builder = if self.url.scheme() == "https" { client::public_client() } else { client::loopback() };
        let mut url = self.url.clone();
        url.set_path(&format!("{API_ROOT}/health"));
        let answer = builder.timeout(PATIENCE).build()?.get(url).send().await?;
        let code = if answer.status().is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        Ok((code, answer.json::<HealthAnswer>().await?.status))
    }
}

/// The kind of error, without the address, which is printed already.
fn client_words(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "nobody listens there"
    } else {
        "it is not a gateway"
    }
}
