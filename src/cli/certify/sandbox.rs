//! The sandbox, as the command calls it: a world of its own, and the certification in it.

use std::path::Path;
use std::time::Duration;

use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

use crate::cli::api_client::{Problem, http};
use crate::cli::{CliError, print_line};

/// How often a call is repeated whose answer did not come, and the pause before.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// The certification in a world.
pub(super) struct CertificationClient {
    http: Client,
    /// The address of the world.
    world: String,
    secret: String,
    /// Whether the world was made for this run.
    is_made: bool,
}

impl CertificationClient {
    /// Makes a world of several crèches.
    pub(super) async fn with_a_new_world(sandbox: &Url) -> Result<Self, CliError> {
        let base = sandbox.as_str().trim_end_matches('/');
        let client = Self { http: http(sandbox)?, world: String::new(), secret: String::new(), is_made: true };
        let world =
            client.call(Method::POST, &format!("{base}/sandbox/worlds"), &json!({ "shape": "fiveCreches" })).await;
        let world: Value = serde_json::from_str(&world.map_err(|error| without_worlds(base, &error))?)?;
        Ok(client.of(&world))
    }

    /// The world that a file describes: the answer that made it.
    pub(super) fn in_world(sandbox: &Url, file: &Path) -> Result<Self, CliError> {
        let told = |why: String| format!("cannot use the world of {}: {why}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| told(error.to_string()))?;
        let world: Value = serde_json::from_str(&text).map_err(|error| told(error.to_string()))?;
        let is_whole = world["href"].is_string() && world["secret"].is_string();
        if !is_whole {
            return Err(told("it has no href and secret; it is the answer to POST /sandbox/worlds".to_owned()).into());
        }
        let client = Self { http: http(sandbox)?, world: String::new(), secret: String::new(), is_made: false };
        Ok(client.of(&world))
    }

    fn of(self, world: &Value) -> Self {
        let text = |name: &str| world[name].as_str().unwrap_or_default().to_owned();
        Self { world: text("href"), secret: text("secret"), ..self }
    }

    /// Deletes the world, where it was made for this run.
    pub(super) async fn discard(&self) {
        if self.is_made
            && let Err(error) = self.call(Method::DELETE, &self.world, &Value::Null).await
        {
            print_line(&format!("the world {} could not be deleted: {error}", self.world));
        }
    }

    /// Says where the calls can be looked at, where the world was made for this run.
    pub(super) fn keep(&self) {
        if self.is_made {
            print_line(&format!("world: {} (secret {}): its log has every call", self.world, self.secret));
        }
    }

    fn address(&self) -> String {
        format!("{}/certification", self.world)
    }

    pub(super) async fn begin(&self, request: &Value) -> Result<Value, CliError> {
        Ok(serde_json::from_str(&self.call(Method::POST, &self.address(), request).await?)?)
    }

    /// Hands a report in, again where the answer does not come: the same report is judged once.
    pub(super) async fn report(&self, report: &Value) -> Result<Value, CliError> {
        let address = format!("{}/reports", self.address());
        for _ in 1..TRIES {
            match self.call(Method::POST, &address, report).await {
                Err(error) if error.is::<reqwest::Error>() => tokio::time::sleep(PAUSE).await,
                answered => return Ok(serde_json::from_str(&answered?)?),
            }
        }
        Ok(serde_json::from_str(&self.call(Method::POST, &address, report).await?)?)
    }

    pub(super) async fn junit(&self) -> Result<String, CliError> {
        self.text(&format!("{}/junit", self.address())).await
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
