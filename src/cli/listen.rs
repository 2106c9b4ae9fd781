//! `passerelle listen`: the events of a sandbox, forwarded to an address on a developer's machine.

use std::process::ExitCode;
use std::time::Duration;

use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::api_client::{Problem, http};
use super::stop_signal::StopSignal;
use super::{CliError, print_line};
use crate::app::webhooks::{self, VerificationKey};
use crate::clock::{Clock as _, System};
use crate::domain::event::EventType;
use crate::domain::key::{KeyKind, KeyText};
use crate::domain::webhook::Signing;
use crate::random;

/// Follow the feed of a sandbox and forward what happens to a local address, signed as webhooks are: nothing on the
/// internet has to reach this machine.
#[derive(Debug, clap::Args)]
pub(super) struct Listen {
    /// The API key, one of a sandbox, with the scope events:read.
    #[arg(long, value_name = "KEY", env = "PASSERELLE_API_KEY", hide_env_values = true)]
    key: String,
    /// Where the sandbox is.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: Url,
    /// What to sign with (`whsec_…`); without it, one is made and shown.
    #[arg(long, value_name = "SECRET")]
    secret: Option<String>,
    /// Begin after this event; without it, with what happens next.
    #[arg(long, value_name = "NUMBER")]
    after: Option<u64>,
    /// Forward events of this type only; may be repeated.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<EventType>,
    /// Where to forward to.
    #[arg(value_name = "FORWARD_URL")]
    to: Url,
}

/// The pause before a gateway that cannot be reached is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(2);

/// A page of the feed; each event as it was received.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeedPage {
    items: Vec<Box<RawValue>>,
    up_to: u64,
    next: Option<String>,
}

/// The members of an event that are read.
#[derive(Deserialize)]
struct Event {
    id: String,
    number: u64,
    r#type: String,
}

/// The gateway has fewer events than were read already: it was reset.
const AFTER_FEED_END: &str = "urn:problem-type:passerelle:afterFeedEnd";

impl Listen {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let kind =
            KeyText::parse(&self.key).map_err(|_| "the key is not a whole API key: it begins with crk_test_")?.kind();
        if kind != KeyKind::Test {
            return Err("this is a key of production: listen follows sandboxes only, with a crk_test_ key".into());
        }
        let stop = StopSignal::register()?;
        let secret = match &self.secret {
            Some(text) => webhooks::read_secret(text).ok_or("the secret is not whsec_ and 32 bytes in base64")?,
            None => random::bytes(),
        };
        let VerificationKey::Secret(verification_secret) = webhooks::verification_key(Signing::Hmac, &secret) else {
            return Err("no secret".into());
        };
        let follower = Follower { http: http(&self.url)?, local: http(&self.to)?, secret, listen: self };
        let after = match follower.listen.after {
            Some(after) => after,
            None => follower.newest().await.map_err(|failure| explain_connect_error(failure, &follower.listen.url))?,
        };
        print_line(&format!("Forwarding what happens after event {after} to {}", follower.listen.to));
        print_line(&format!("Verify with the secret {verification_secret}"));
        tokio::select! {
            ended = follower.follow(after) => ended.map(|()| ExitCode::SUCCESS),
            () = stop.received() => Ok(ExitCode::SUCCESS),
        }
    }
}

/// The failure, as a sentence where nothing listens at the address of the sandbox.
fn explain_connect_error(failure: CliError, url: &Url) -> CliError {
    if failure.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect) {
        return format!(
            "no sandbox at {}; start one (passerelle sandbox), or give its address with --url",
            url.authority()
        )
        .into();
    }
    failure
}

/// Follows the feed and forwards.
struct Follower {
    listen: Listen,
    http: Client,
    local: Client,
    secret: webhooks::SigningSecret,
}

impl Follower {
    /// The number of the newest event.
    async fn newest(&self) -> Result<u64, CliError> {
        let mut after = 0;
        loop {
            let page = self.page(after, 0).await?;
            after = page.up_to;
            if page.next.is_none() {
                return Ok(after);
            }
        }
    }

    /// Follows until the key is refused.
    async fn follow(&self, mut after: u64) -> Result<(), CliError> {
        let mut unreachable = false;
        loop {
            match self.page(after, 30).await {
                Ok(page) => {
                    unreachable = false;
                    for event in &page.items {
                        self.forward(event).await?;
                    }
                    after = page.up_to;
                }
                Err(failure) if failure.is::<reqwest::Error>() => {
                    if !unreachable {
                        print_line("The gateway is away: it is asked again until it is back.");
                    }
                    unreachable = true;
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// The events after a number, waited for up to `wait` seconds.
    async fn page(&self, after: u64, wait: u64) -> Result<FeedPage, CliError> {
        let mut url = self.listen.url.join("/creche/v1/events")?;
        url.query_pairs_mut().append_pair("after", &after.to_string()).append_pair("wait", &wait.to_string());
        for kind in &self.listen.types {
            url.query_pairs_mut().append_pair("type", kind.code());
        }
        let answer = self.http.get(url).bearer_auth(&self.listen.key).send().await?;
        let status = answer.status();
        if status == StatusCode::OK {
            return Ok(serde_json::from_slice(&answer.bytes().await?)?);
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(answer.error_for_status().map_or_else(Into::into, |_| "the gateway failed".into()));
        }
        let problem = serde_json::from_slice::<Problem>(&answer.bytes().await?).ok();
        if problem.as_ref().is_some_and(|problem| problem.r#type == AFTER_FEED_END) {
            print_line("The gateway was reset: its events are read from the first.");
            return Ok(FeedPage { items: Vec::new(), up_to: 0, next: None });
        }
        Err(problem
            .and_then(|problem| problem.detail)
            .unwrap_or_else(|| format!("the gateway answered {status}"))
            .into())
    }

    /// Forwards one event, once, and prints the result.
    async fn forward(&self, event: &RawValue) -> Result<(), CliError> {
        let Event { id, number, r#type } = serde_json::from_str(event.get())?;
        let second = System.now().as_second();
        let signature = webhooks::sign(Signing::Hmac, &[self.secret], &id, second, event.get().as_bytes());
        let request = self
            .local
            .post(self.listen.to.clone())
            .header("content-type", "application/cloudevents+json; charset=utf-8")
            .header("webhook-id", id)
            .header("webhook-timestamp", second)
            .header("webhook-signature", signature)
            .body(event.get().to_owned());
        let begun = Instant::now();
        let outcome = match request.send().await {
            Ok(answer) => answer.status().as_u16().to_string(),
            Err(error) if error.is_timeout() => "no answer in time".to_owned(),
            Err(_) => "nobody listens there".to_owned(),
        };
        print_line(&format!("{number} {type} → {outcome} ({} ms)", begun.elapsed().as_millis()));
        Ok(())
    }
}
