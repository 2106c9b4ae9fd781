//! `passerelle listen`: the events of a sandbox, forwarded to an address on a developer's machine.

use std::process::ExitCode;

use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::api_client::{Absence, ApiAccess, ApiClient, ReadError, http};
use super::stop_signal::StopSignal;
use super::{CliError, print_line};
use crate::app::webhooks::{self, VerificationKey};
use crate::clock::{Clock as _, System};
use crate::domain::event::EventType;
use crate::domain::key::KeyKind;
use crate::domain::webhook::Signing;
use crate::random;

/// Follow the feed of a sandbox and forward what happens to a local address, signed as webhooks are: nothing on the
/// internet has to reach this machine. The API key, one of a sandbox with the scope events:read, is read from `PASSERELLE_KEY` or
/// from a file.
#[derive(Debug, clap::Args)]
pub(super) struct Listen {
    #[command(flatten)]
    access: ApiAccess,
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

impl Listen {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let api = self.access.client()?;
        if api.kind != KeyKind::Test {
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
        let follower = Follower { api, local: http(&self.to)?, secret, listen: self };
        let after = match follower.listen.after {
            Some(after) => after,
            None => follower.newest().await?,
        };
        print_line(&format!("Forwarding what happens after event {after} to {}", follower.listen.to));
        print_line(&format!("Verify with the secret {verification_secret}"));
        tokio::select! {
            ended = follower.follow(after) => ended.map(|()| ExitCode::SUCCESS),
            () = stop.received() => Ok(ExitCode::SUCCESS),
        }
    }
}

/// Follows the feed and forwards.
struct Follower {
    listen: Listen,
    api: ApiClient,
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
        let mut absence = Absence::default();
        loop {
            match self.page(after, 30).await {
                Ok(page) => {
                    absence.ended();
                    for event in &page.items {
                        self.forward(event).await?;
                    }
                    after = page.up_to;
                }
                Err(ReadError::Reset) => {
                    print_line("The gateway was reset: its events are read from the first.");
                    after = 0;
                }
                Err(ReadError::Away(_)) => absence.wait().await,
                Err(ReadError::Refused(failure)) => return Err(failure),
            }
        }
    }

    /// The events after a number, waited for up to `wait` seconds.
    async fn page(&self, after: u64, wait: u64) -> Result<FeedPage, ReadError> {
        let (after, wait) = (after.to_string(), wait.to_string());
        let mut query = vec![("after", after.as_str()), ("wait", wait.as_str())];
        query.extend(self.listen.types.iter().map(|kind| ("type", kind.code())));
        self.api.get("/events", &query).await
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
