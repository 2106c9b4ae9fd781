//! The HTTP client for `openidconnect`: one request, one answer of limited size, reduced to the members that are needed.

use std::future::Future;
use std::pin::Pin;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};

use super::needed::NeededMembers;

/// The largest answer that is read, in bytes: far more than any metadata, key set or token.
const LARGEST: usize = 1 << 18;

/// Why there is no answer. Contains no address and no content.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("it did not answer in time")]
    Slow,
    #[error("it cannot be reached")]
    Transport(#[source] reqwest::Error),
    #[error("it is in trouble itself (status {0})")]
    Trouble(u16),
    #[error("its answer is larger than {LARGEST} bytes")]
    TooLarge,
    #[error("it names an address that is not encrypted")]
    NotEncrypted,
    #[error("its answer cannot be held")]
    Answer(#[from] http::Error),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Slow } else { Self::Transport(error.without_url()) }
    }
}

/// Sends requests to one provider.
#[derive(Debug, Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    encrypted: bool,
    answer: NeededMembers,
}

impl Http {
    /// Over `client`; when `encrypted`, to `https` addresses only, whatever the provider's metadata contains.
    pub(super) const fn new(client: reqwest::Client, encrypted: bool) -> Self {
        Self { client, encrypted, answer: NeededMembers::Description }
    }

    /// For requests with another answer than the provider's metadata.
    pub(super) fn expecting(&self, answer: NeededMembers) -> Self {
        Self { answer, ..self.clone() }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        if self.encrypted && request.uri().scheme_str() != Some("https") {
            return Err(FetchError::NotEncrypted);
        }
        let mut answer = self.client.execute(request.try_into()?).await?;
        if answer.status().is_server_error() {
            return Err(FetchError::Trouble(answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > LARGEST {
                return Err(FetchError::TooLarge);
            }
            body.extend(chunk);
        }
        let mut whole = http::Response::builder().status(answer.status()).body(self.answer.reduced(body))?;
        *whole.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(whole)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = FetchError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
