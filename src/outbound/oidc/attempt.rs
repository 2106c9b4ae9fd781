//! A log-in attempt, and the callback that answers it.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::login_error::LoginError;
use crate::random;

/// The longest code that is exchanged, in bytes.
const MAX_CODE: usize = 4_096;

/// How long a person may take to log in.
pub const ATTEMPT_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// How far the clock of the provider may be behind.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(1);

/// The state of a log-in between its two halves, to be stored bound to one browser and unreadable by it: with it the
/// attempt can be finished.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginAttempt {
    /// Binds the provider's callback to this browser.
    pub(super) state: String,
    /// Binds the ID token to this attempt.
    pub(super) nonce: String,
    /// Binds the code to the client that requested it (PKCE).
    pub(super) verifier: String,
    /// When it began.
    pub(super) begun: Timestamp,
    /// Whether the person has to be authenticated anew.
    #[serde(default)]
    pub(super) again: bool,
}

impl LoginAttempt {
    /// A new one.
    pub(super) fn new(begun: Timestamp, again: bool) -> Self {
        let secret = || BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>());
        Self { state: secret(), nonce: secret(), verifier: secret(), begun, again }
    }

    /// The id under which a finished attempt is recorded: the attempt cannot be derived from it.
    pub fn state_digest(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, self.state.as_bytes()))
    }

    /// Refuses a person who was to be authenticated anew and was not (OpenID Connect Core §3.1.3.7, 12 and 13).
    pub(super) fn require_fresh(&self, authenticated_at: Option<Timestamp>) -> Result<(), LoginError> {
        let is_fresh = authenticated_at.is_some_and(|at| self.begun.duration_since(at) <= CLOCK_SKEW);
        if self.again && !is_fresh {
            return Err(LoginError::untrusted("it did not authenticate the person anew"));
        }
        Ok(())
    }

    /// Whether the callback belongs to this attempt.
    pub fn is_answered_by(&self, callback: &Callback) -> bool {
        // Digests, so that the time of the comparison does not depend on how much of a guess is right.
        let digest = |text: &str| digest(&SHA256, text.as_bytes());
        digest(callback.state.as_deref().unwrap_or_default()).as_ref() == digest(&self.state).as_ref()
    }

    /// The code in a callback that belongs to this attempt and is not an error.
    pub(super) fn verify_callback<'c>(
        &self,
        callback: &'c Callback,
        issuer: &str,
        now: Timestamp,
    ) -> Result<&'c str, LoginError> {
        if !self.is_answered_by(callback) {
            return Err(LoginError::untrusted("it belongs to another attempt"));
        }
        if callback.iss.as_deref().is_some_and(|given| given != issuer) {
            return Err(LoginError::untrusted("it comes from another issuer"));
        }
        if now.duration_since(self.begun) > ATTEMPT_LIFETIME {
            return Err(LoginError::Expired);
        }
        if let Some(error) = &callback.error {
            return Err(LoginError::from_error_code(error));
        }
        let code = callback.code.as_deref();
        let code = code.ok_or_else(|| LoginError::untrusted("it has neither a code nor an error"))?;
        if code.len() > MAX_CODE { Err(LoginError::untrusted("its code is larger than any code")) } else { Ok(code) }
    }
}

impl fmt::Debug for LoginAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attempt({})", self.begun)
    }
}

/// The parameters with which the provider redirects the browser to the gateway; others are ignored.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Callback {
    /// The state that the attempt began with.
    pub state: Option<String>,
    /// The code to exchange.
    pub code: Option<String>,
    /// The error.
    pub error: Option<String>,
    /// The issuer (RFC 9207).
    pub iss: Option<String>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback(…)")
    }
}
