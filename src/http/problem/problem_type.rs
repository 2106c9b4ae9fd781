//! The closed catalogue of problem types: name, status, title, meaning. `/refData/problemTypes` publishes it.

use axum::http::StatusCode;

use crate::words::{LocalText, problems};

/// Who defines a problem type: the second part of its URN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemOrigin {
    /// One of the types that the Belgian government's APIs share.
    Belgif,
    /// Defined by this project.
    Passerelle,
}

/// The catalogue's entry of one type.
#[derive(Debug, Clone, Copy)]
pub struct ProblemEntry {
    /// Stable name, lowerCamelCase.
    pub name: &'static str,
    /// Who defines it.
    pub origin: ProblemOrigin,
    /// The HTTP status it always comes with.
    pub status: StatusCode,
    /// A fixed English title, for engineers.
    pub title: &'static str,
    /// What happened and what to do, when the occurrence has no more precise text.
    pub meaning: LocalText,
}

impl ProblemEntry {
    /// The problem's `type`.
    pub fn urn(&self) -> String {
        let origin = match self.origin {
            ProblemOrigin::Belgif => "belgif",
            ProblemOrigin::Passerelle => "passerelle",
        };
        format!("urn:problem-type:{origin}:{}", self.name)
    }
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $kind:ident = $origin:ident $name:literal $status:ident $title:literal;)+) => {
        /// A type of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemType { $($(#[$doc])* $kind),+ }

        impl ProblemType {
            /// Every type, in the order of statuses.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Its entry of the catalogue.
            pub const fn entry(self) -> ProblemEntry {
                match self {
                    $(Self::$kind => ProblemEntry {
                        name: $name,
                        origin: ProblemOrigin::$origin,
                        status: StatusCode::$status,
                        title: $title,
                        meaning: problems::ProblemType::$kind,
                    }),+
                }
            }
        }
    };
}

catalogue! {
    /// Something in the request is not valid; `issues` lists all of it.
    BadRequest = Belgif "badRequest" BAD_REQUEST "Bad Request";
    /// No API key was sent.
    NoAccessToken = Belgif "noAccessToken" UNAUTHORIZED "No Access Token";
    /// The API key does not exist.
    InvalidAccessToken = Belgif "invalidAccessToken" UNAUTHORIZED "Invalid Access Token";
    /// The API key has ended.
    ExpiredAccessToken = Belgif "expiredAccessToken" UNAUTHORIZED "Expired Access Token";
    /// A key for another deployment.
    WrongKeyKind = Passerelle "wrongKeyKind" UNAUTHORIZED "Wrong Key Kind";
    /// The key lacks the right to this operation.
    MissingScope = Belgif "missingScope" FORBIDDEN "Missing Scope";
    /// The scope is sufficient, but not for this data.
    MissingPermission = Belgif "missingPermission" FORBIDDEN "Missing Permission";
    /// Only a person can sign, on the page that the problem names.
    SignatureNeedsPerson = Passerelle "signatureNeedsPerson" FORBIDDEN "Signature Needs A Person";
    /// The resource does not exist, or the caller may not read it.
    ResourceNotFound = Belgif "resourceNotFound" NOT_FOUND "Resource Not Found";
    /// The path does not support this method.
    MethodNotAllowed = Passerelle "methodNotAllowed" METHOD_NOT_ALLOWED "Method Not Allowed";
    /// None of the requested media types can be produced.
    NotAcceptable = Passerelle "notAcceptable" NOT_ACCEPTABLE "Not Acceptable";
    /// The body took too long to arrive.
    RequestTimeout = Passerelle "requestTimeout" REQUEST_TIMEOUT "Request Timeout";
    /// The month is in a signed claim: it can be corrected, with a reason.
    StatementLocked = Passerelle "statementLocked" CONFLICT "Statement Locked";
    /// The act does not follow the state of the claim.
    ClaimActNotPossible = Passerelle "claimActNotPossible" CONFLICT "Claim Act Not Possible";
    /// The payment is cancelled already.
    SubsidyPaymentCancelled = Passerelle "subsidyPaymentCancelled" CONFLICT "Subsidy Payment Cancelled";
    /// The number that the caller sent is beyond the end of the feed.
    AfterFeedEnd = Passerelle "afterFeedEnd" CONFLICT "After The End Of The Feed";
    /// The same request is in progress, or was interrupted before it was answered.
    IdempotencyKeyInUse = Passerelle "idempotencyKeyInUse" CONFLICT "Idempotency Key In Use";
    /// The stored revision is not one of the caller's precondition.
    PreconditionFailed = Passerelle "preconditionFailed" PRECONDITION_FAILED "Precondition Failed";
    /// The body is larger than accepted.
    PayloadTooLarge = Belgif "payloadTooLarge" PAYLOAD_TOO_LARGE "Payload Too Large";
    /// The body is not in a media type that is accepted here.
    UnsupportedMediaType = Passerelle "unsupportedMediaType" UNSUPPORTED_MEDIA_TYPE "Unsupported Media Type";
    /// The key was used before, with another request.
    IdempotencyKeyReused = Passerelle "idempotencyKeyReused" UNPROCESSABLE_ENTITY "Idempotency Key Reused";
    /// The write lacks a precondition.
    PreconditionRequired = Passerelle "preconditionRequired" PRECONDITION_REQUIRED "Precondition Required";
    /// The key has exceeded its allowance.
    TooManyRequests = Belgif "tooManyRequests" TOO_MANY_REQUESTS "Too Many Requests";
    /// Too many requests without a valid key came from one address.
    TooManyFailedRequests = Belgif "tooManyFailedRequests" TOO_MANY_REQUESTS "Too Many Failed Requests";
    /// An internal error.
    InternalServerError = Belgif "internalServerError" INTERNAL_SERVER_ERROR "Internal Server Error";
    /// A temporary failure.
    ServiceUnavailable = Belgif "serviceUnavailable" SERVICE_UNAVAILABLE "Service is unavailable";
    /// There is too little space to store the content.
    InsufficientStorage = Passerelle "insufficientStorage" INSUFFICIENT_STORAGE "Insufficient Storage";
}
