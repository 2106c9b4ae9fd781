//! What the provider tells about itself: asked when it is first needed, kept for an hour, and asked again when a token
//! is signed with a key that is not among those it told.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use openidconnect::url::Url;
use openidconnect::{EndSessionUrl, IssuerUrl};
use tokio::sync::Mutex;

use super::http::Http;
use super::refusal::LoginError;
use super::types::Metadata;
use crate::clock::Clock;

/// How long a description is good.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// The least time between two questions, whatever anybody does.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// What is known, and when it was asked.
#[derive(Default)]
struct CachedMetadata {
    known: Option<(Arc<Metadata>, Timestamp)>,
    asked: Option<Timestamp>,
}

/// The description of one provider. While it is being asked, everybody waits for the one answer.
pub(super) struct ProviderCache {
    issuer: IssuerUrl,
    encrypted: bool,
    clock: Arc<dyn Clock>,
    held: Mutex<CachedMetadata>,
}

impl ProviderCache {
    /// Of an issuer, whose addresses must all be encrypted or need not.
    pub(super) fn new(issuer: IssuerUrl, encrypted: bool, clock: Arc<dyn Clock>) -> Self {
        Self { issuer, encrypted, clock, held: Mutex::default() }
    }

    /// The description. One that is past its time still serves when there is no newer to be had.
    pub(super) async fn metadata(&self, http: &Http) -> Result<Arc<Metadata>, LoginError> {
        let mut held = self.held.lock().await;
        match held.known.clone() {
            Some((known, read)) if !self.has_elapsed(read, FRESH) => Ok(known),
            Some((known, _)) if held.asked.is_some_and(|asked| !self.has_elapsed(asked, PAUSE)) => Ok(known),
            Some((known, _)) => Ok(self.ask(&mut held, http).await.unwrap_or_else(|refusal| {
                tracing::warn!(%refusal, "the log-in provider was not asked anew; what it told before still serves");
                known
            })),
            None if held.asked.is_some_and(|asked| !self.has_elapsed(asked, PAUSE)) => {
                Err(LoginError::Unreachable("it failed a moment ago".to_owned()))
            }
            None => self.ask(&mut held, http).await,
        }
    }

    /// A newer description than this one, or the same when it was asked for only a moment ago.
    pub(super) async fn newer(&self, than: Arc<Metadata>, http: &Http) -> Result<Arc<Metadata>, LoginError> {
        let mut held = self.held.lock().await;
        match &held.known {
            Some((known, _)) if !Arc::ptr_eq(known, &than) => Ok(Arc::clone(known)),
            _ if held.asked.is_some_and(|asked| !self.has_elapsed(asked, PAUSE)) => Ok(than),
            _ => self.ask(&mut held, http).await,
        }
    }

    async fn ask(&self, held: &mut CachedMetadata, http: &Http) -> Result<Arc<Metadata>, LoginError> {
        let now = self.clock.now();
        held.asked = Some(now);
        let told = Arc::new(Metadata::discover_async(self.issuer.clone(), http).await?);
        self.check_endpoints(&told)?;
        held.known = Some((Arc::clone(&told), now));
        Ok(told)
    }

    /// Where browsers are sent; where we ask ourselves is held to the same by `Http`.
    fn check_endpoints(&self, told: &Metadata) -> Result<(), LoginError> {
        let logout = told.additional_metadata().end_session_endpoint.as_ref();
        let mut addresses =
            [Some(told.authorization_endpoint().url()), logout.map(EndSessionUrl::url)].into_iter().flatten();
        let safe = |address: &Url| address.scheme() == "https" || (!self.encrypted && address.scheme() == "http");
        if addresses.all(safe) {
            Ok(())
        } else {
            Err(LoginError::untrusted("it sends people to an address that is not encrypted"))
        }
    }

    /// Whether `span` has gone by since; a clock that was moved back counts as that.
    fn has_elapsed(&self, since: Timestamp, span: SignedDuration) -> bool {
        let gone = self.clock.now().duration_since(since);
        gone >= span || gone.is_negative()
    }
}
