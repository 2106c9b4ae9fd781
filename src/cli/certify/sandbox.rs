//! The sandbox, as the command calls it: a world of its own, and the certification in it.

use std::time::Duration;

use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

use crate::cli::CliError;
use crate::cli::api_client::{Problem, http};

/// How often a call is repeated whose answer did not come, and the pause before.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// The certification in a world.
pub(super) struct CertificationClient {
    http: Client,
    address: String,
    secret: String,
}

impl CertificationClient {
    /// Makes a world of several crèches.
    pub(super) async fn with_a_new_world(sandbox: &Url) -> Result<Self, CliError> {
        let base = sandbox.as_str().trim_end_matches('/');
        let client = Self { http: http(sandbox)?, address: String::new(), secret: String::new() };
        let world =
            client.call(Method::POST, &format!("{base}/sandbox/worlds"), &json!({ "shape": "fiveCreches" })).await;
        let world: Value = serde_json::from_str(&world.map_err(|error| without_worlds(base, &error))?)?;
        let text = |name: &str| world[name].as_str().unwrap_or_default().to_owned();
        Ok(Self { address: format!("{}/certification", text("href")), secret: text("secret"), ..client })
    }

    pub(super) async fn begin(&self, request: &Value) -> Result<Value, CliError> {
        Ok(serde_json::from_str(&self.call(Method::POST, &self.address, request).await?)?)
    }

    /// Hands a report in, again where the answer does not come: the same report is judged once.
    pub(super) async fn report(&self, report: &Value) -> Result<Value, CliError> {
        let address = format!("{}/reports", self.address);
        for _ in 1..TRIES {
            match self.call(Method::POST, &address, report).await {
                Err(error) if error.is::<reqwest::Error>() => tokio::time::sleep(PAUSE).await,
                answered => return Ok(serde_json::from_str(&answered?)?),
            }
        }
        Ok(serde_json::from_str(&self.call(Method::POST, &address, report).await?)?)
    }

    pub(super) async fn junit(&self) -> Result<String, CliError> {
        self.text(&format!("{}/junit", self.address)).await
    }

    pub(super) async fn text(&self, address: &str) -> Result<String, CliError> {
        self.call(Method::GET, address, &Value::Null).await
    }

    async fn call(&self, method: Method, address: &str, body: &Value) -> Result<String, CliError> {
        let mut request = self.http.request(method, address);
        if !self.secret.is_empty() {
            request = request.bearer_auth(&self.secret);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if status.is_success() {
            return Ok(text);
        }
        Err(told(&text).unwrap_or_else(|| format!("{address} answered {status}")).into())
    }
}

/// What a refusal says: its detail and each finding.
fn told(text: &str) -> Option<String> {
    let detail = serde_json::from_str::<Problem>(text).ok()?.detail?;
    let refusal: Value = serde_json::from_str(text).ok()?;
    let findings = refusal["issues"].as_array().into_iter().flatten();
    let lines = findings
        .filter_map(|finding| Some(format!("  {}: {}", finding["name"].as_str()?, finding["detail"].as_str()?)));
    Some(std::iter::once(detail.clone()).chain(lines).collect::<Vec<_>>().join("\n"))
}

fn without_worlds(base: &str, error: &CliError) -> CliError {
    format!("no world could be made at {base}: {error}\nGive the address of a sandbox with --api; `passerelle sandbox` starts one.").into()
}
