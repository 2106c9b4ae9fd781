//! The metadata of the provider: fetched when first needed, cached for an hour, and fetched again when a token is signed
//! with a key that it does not contain.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use openidconnect::url::Url;
use openidconnect::{EndSessionUrl, IssuerUrl};
use tokio::sync::Mutex;

use super::http::Http;
use super::login_error::LoginError;
use super::types::Metadata;
use crate::clock::Clock;

/// How long metadata is used without fetching it again.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// The least time between two fetches.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// The cached metadata with its time, and the time of the last fetch.
#[derive(Default)]
struct CachedMetadata {
    metadata: Option<(Arc<Metadata>, Timestamp)>,
    fetched_at: Option<Timestamp>,
}

/// The metadata of one provider. Concurrent callers wait for the same fetch.
pub(super) struct ProviderCache {
    issuer: IssuerUrl,
    encrypted: bool,
    clock: Arc<dyn Clock>,
    cached: Mutex<CachedMetadata>,
}

impl ProviderCache {
    /// The cache of an issuer; `encrypted` when all its addresses must be.
    pub(super) fn new(issuer: IssuerUrl, encrypted: bool, clock: Arc<dyn Clock>) -> Self {
        Self { issuer, encrypted, clock, cached: Mutex::default() }
    }

    /// The metadata. Outdated metadata is returned when it cannot be fetched again.
    pub(super) async fn metadata(&self, http: &Http) -> Result<Arc<Metadata>, LoginError> {
        let mut cached = self.cached.lock().await;
        match cached.metadata.clone() {
            Some((metadata, fetched_at)) if !self.has_elapsed(fetched_at, FRESH) => Ok(metadata),
            Some((metadata, _)) if cached.fetched_at.is_some_and(|at| !self.has_elapsed(at, PAUSE)) => Ok(metadata),
            Some((metadata, _)) => Ok(self.fetch(&mut cached, http).await.unwrap_or_else(|refusal| {
                tracing::warn!(%refusal, "the log-in provider was not asked anew; what it told before still serves");
                metadata
            })),
            None if cached.fetched_at.is_some_and(|at| !self.has_elapsed(at, PAUSE)) => {
                Err(LoginError::Unreachable("it failed a moment ago".to_owned()))
            }
            None => self.fetch(&mut cached, http).await,
        }
    }

    /// Newer metadata than `than`, or the same when it was fetched only a moment ago.
    pub(super) async fn newer(&self, than: Arc<Metadata>, http: &Http) -> Result<Arc<Metadata>, LoginError> {
        let mut cached = self.cached.lock().await;
        match &cached.metadata {
            Some((metadata, _)) if !Arc::ptr_eq(metadata, &than) => Ok(Arc::clone(metadata)),
            _ if cached.fetched_at.is_some_and(|at| !self.has_elapsed(at, PAUSE)) => Ok(than),
            _ => self.fetch(&mut cached, http).await,
        }
    }

    async fn fetch(&self, cached: &mut CachedMetadata, http: &Http) -> Result<Arc<Metadata>, LoginError> {
        let now = self.clock.now();
        cached.fetched_at = Some(now);
        let metadata = Arc::new(Metadata::discover_async(self.issuer.clone(), http).await?);
        self.check_endpoints(&metadata)?;
        cached.metadata = Some((Arc::clone(&metadata), now));
        Ok(metadata)
    }

    /// Checks the addresses that browsers are sent to; those that the gateway calls are checked by `Http`.
    fn check_endpoints(&self, metadata: &Metadata) -> Result<(), LoginError> {
        let logout = metadata.additional_metadata().end_session_endpoint.as_ref();
        let mut addresses =
            [Some(metadata.authorization_endpoint().url()), logout.map(EndSessionUrl::url)].into_iter().flatten();
        let safe = |address: &Url| address.scheme() == "https" || (!self.encrypted && address.scheme() == "http");
        if addresses.all(safe) {
            Ok(())
        } else {
            Err(LoginError::untrusted("it sends people to an address that is not encrypted"))
        }
    }

    /// Whether `span` has passed since; also when the clock was set back.
    fn has_elapsed(&self, since: Timestamp, span: SignedDuration) -> bool {
        let elapsed = self.clock.now().duration_since(since);
        elapsed >= span || elapsed.is_negative()
    }
}
