//! Why a log-in is refused.

use std::error::Error;

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{
    ClaimsVerificationError, DiscoveryError, RequestTokenError, SignatureVerificationError as Signature,
    StandardErrorResponse, UserInfoError,
};

use super::http::FetchError;

/// Why a log-in did not succeed. Its text is for the log: it names no person and quotes no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The person was authenticated, but not strongly enough.
    #[error("the authentication is too weak ({})", given.as_deref().unwrap_or("no level given"))]
    Weak {
        /// The level that the provider stated.
        given: Option<String>,
    },
    /// The provider stated no valid SSIN.
    #[error("the provider tells no valid SSIN")]
    NoSsin,
    /// The person cancelled, or the provider refused.
    #[error("the provider refused: {0}")]
    Denied(String),
    /// The provider cannot be reached or fails; a retry may help.
    #[error("the provider cannot be asked: {0}")]
    Unreachable(String),
    /// The answer failed a check.
    #[error("the answer cannot be trusted: {0}")]
    Untrusted(String),
    /// The attempt is too old, or was used already.
    #[error("the attempt is over")]
    Expired,
}

impl LoginError {
    /// An answer that failed a check, for this reason.
    pub(super) fn untrusted(reason: impl Into<String>) -> Self {
        Self::Untrusted(reason.into())
    }

    /// The provider's error code, in an answer to the gateway itself.
    pub(super) fn from_error_code(error: &str) -> Self {
        match error {
            "server_error" | "temporarily_unavailable" => Self::Unreachable(error_code_text(error)),
            "unmet_authentication_requirements" => Self::Weak { given: None },
            "invalid_request" | "invalid_scope" | "unauthorized_client" | "unsupported_response_type" => {
                Self::Untrusted(format!("it does not accept our request ({error})"))
            }
            _ => Self::Denied(error_code_text(error)),
        }
    }
}

/// An error code as the specifications define their form; any other text is not repeated.
fn error_code_text(code: &str) -> String {
    let plain = code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if plain { code.to_owned() } else { "an error of its own".to_owned() }
}

impl From<&FetchError> for LoginError {
    fn from(failure: &FetchError) -> Self {
        let cause = failure.source().map(root_cause).map(|cause| format!(": {cause}")).unwrap_or_default();
        Self::Unreachable(format!("{failure}{cause}"))
    }
}

/// The root cause of an error.
fn root_cause<'e>(mut error: &'e (dyn Error + 'static)) -> &'e (dyn Error + 'static) {
    while let Some(cause) = error.source() {
        error = cause;
    }
    error
}

impl From<DiscoveryError<FetchError>> for LoginError {
    fn from(error: DiscoveryError<FetchError>) -> Self {
        match error {
            DiscoveryError::Request(failure) => Self::from(&failure),
            DiscoveryError::Response(status, ..) if !status.is_success() => {
                Self::Unreachable(format!("it does not describe itself (status {})", status.as_u16()))
            }
            DiscoveryError::Validation(_) => Self::untrusted("it describes another issuer"),
            _ => Self::untrusted("its description or its keys cannot be read"),
        }
    }
}

/// The error of the token endpoint.
pub(super) type TokenEndpointError = RequestTokenError<FetchError, StandardErrorResponse<CoreErrorResponseType>>;

impl From<TokenEndpointError> for LoginError {
    fn from(error: TokenEndpointError) -> Self {
        match error {
            TokenEndpointError::Request(failure) => Self::from(&failure),
            TokenEndpointError::ServerResponse(answer) if *answer.error() == CoreErrorResponseType::InvalidGrant => {
                Self::Expired
            }
            TokenEndpointError::ServerResponse(answer) => {
                Self::Untrusted(format!("it does not exchange the code ({})", error_code_text(answer.error().as_ref())))
            }
            TokenEndpointError::Parse(..) | TokenEndpointError::Other(_) => {
                Self::untrusted("its tokens cannot be read")
            }
        }
    }
}

impl From<UserInfoError<FetchError>> for LoginError {
    fn from(error: UserInfoError<FetchError>) -> Self {
        match error {
            UserInfoError::Request(failure) => Self::from(&failure),
            UserInfoError::ClaimsVerification(ClaimsVerificationError::InvalidSubject(_)) => {
                Self::untrusted("the details are of another person")
            }
            UserInfoError::ClaimsVerification(error) => Self::from(error),
            _ => Self::untrusted("the person's details cannot be read"),
        }
    }
}

impl From<ClaimsVerificationError> for LoginError {
    fn from(error: ClaimsVerificationError) -> Self {
        use ClaimsVerificationError as Claims;
        Self::untrusted(match error {
            Claims::Expired(_) => return Self::Expired,
            Claims::SignatureVerification(error) => return Self::from(error),
            Claims::InvalidAudience(_) => "the token is for somebody else",
            Claims::InvalidIssuer(_) => "the token is of another issuer",
            Claims::InvalidNonce(_) => "the token is of another attempt",
            Claims::InvalidSubject(_) => "the token is about another person",
            _ => "the token is of a kind that is not understood",
        })
    }
}

impl From<Signature> for LoginError {
    fn from(error: Signature) -> Self {
        Self::untrusted(match error {
            Signature::NoSignature => "the token is not signed",
            Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) => {
                "the token is signed in a way that is not accepted"
            }
            Signature::NoMatchingKey | Signature::AmbiguousKeyId(_) | Signature::InvalidKey(_) => {
                "the token is signed with a key that the provider does not publish"
            }
            _ => "the token's signature is false",
        })
    }
}
