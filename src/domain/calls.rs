//! Calls of software, as the log of requests has them, and which of them a caller may see.

use std::str::FromStr;

use jiff::Timestamp;

use super::key::KeyId;
use crate::ids::{ApplicationId, CrecheId, OrganiserId, RequestId, VerdictId};

/// One call of software, as the log has it. Nothing in it is personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// The identifier of its answer, the `BelGov-Trace-Id`.
    pub id: RequestId,
    /// The organiser of the key.
    pub organiser: OrganiserId,
    /// When it was answered, in the business time of the organiser.
    pub at: Timestamp,
    /// The application.
    pub application: ApplicationId,
    /// The key.
    pub key: KeyId,
    /// The crèche that its address names, which may be unknown.
    pub creche: Option<CrecheId>,
    /// The operation; `None` where the path has no such method.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path below the root of the API, with the query; values that may be personal are left out.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// The type of the problem; `None` where it was carried out.
    pub problem: Option<String>,
    /// The verdict on its deposit.
    pub verdict: Option<VerdictId>,
    /// How long the answer took, in milliseconds.
    pub millis: u32,
    /// The media type of its body, one that the gateway reads.
    pub media: Option<String>,
    /// The announced size of its body, in bytes.
    pub body_bytes: Option<u64>,
    /// Its body, where bodies are logged and it was JSON.
    pub body: Option<MaskedBody>,
}

/// The beginning of a body as it was sent: what is logged of it is made of no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentBody {
    /// The first bytes.
    pub beginning: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

impl SentBody {
    /// The most bytes of a body that are held until the answer.
    const MOST: usize = 64 << 10;

    /// The beginning of a body.
    pub fn of(body: &[u8]) -> Self {
        let beginning = &body[..body.len().min(Self::MOST)];
        Self { beginning: beginning.to_vec(), is_whole: beginning.len() == body.len() }
    }
}

/// A body in which pseudonyms stand for what may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedBody {
    /// The body: JSON where JSON was sent and it is whole.
    pub text: String,
    /// Whether the rest of it is left out.
    pub is_cut: bool,
}

/// The class of a status: `2xx` to `5xx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusClass(u16);

impl StatusClass {
    /// The least status of the class.
    pub const fn least(self) -> u16 {
        self.0 * 100
    }
}

impl std::fmt::Display for StatusClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}xx", self.0)
    }
}

/// The text is no class of statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a class of statuses: 2xx, 3xx, 4xx or 5xx")]
pub struct ParseStatusClassError;

impl FromStr for StatusClass {
    type Err = ParseStatusClassError;

    fn from_str(text: &str) -> Result<Self, ParseStatusClassError> {
        let digit = text.strip_suffix("xx").filter(|digit| digit.len() == 1).and_then(|digit| digit.parse().ok());
        digit.filter(|digit| (2..=5).contains(digit)).map(Self).ok_or(ParseStatusClassError)
    }
}

/// What may be the `operationId` of an operation: letters only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationName(String);

impl OperationName {
    /// The longest, in letters.
    const LONGEST: usize = 60;

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for OperationName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is no `operationId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an operationId has 1 to 60 letters")]
pub struct ParseOperationNameError;

impl FromStr for OperationName {
    type Err = ParseOperationNameError;

    fn from_str(text: &str) -> Result<Self, ParseOperationNameError> {
        let is_name = (1..=Self::LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_name { Ok(Self(text.to_owned())) } else { Err(ParseOperationNameError) }
    }
}

/// A filter of logged requests; `None` matches all.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// Those that the caller may see.
    pub reach: CallReach,
    /// Those with a status of this class.
    pub status: Option<StatusClass>,
    /// Those of this operation.
    pub operation: Option<OperationName>,
    /// Those of this instant or later.
    pub from: Option<Timestamp>,
    /// Those of this instant or earlier.
    pub until: Option<Timestamp>,
}

/// Where a page of logged requests begins, and its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestPlace {
    /// The latest first, those before this number where there is one.
    Before(Option<u64>),
    /// The oldest first, those after this number.
    After(u64),
}

/// The calls that a caller may see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CallReach {
    /// Every call for the organiser, and what people did themselves.
    #[default]
    Organiser,
    /// The calls of this application, with any of its keys.
    Application(ApplicationId),
    /// The calls with one key, and those with other keys of its application that are about one of these crèches.
    Key {
        /// The application.
        application: ApplicationId,
        /// The key.
        key: KeyId,
        /// The crèches.
        creches: Vec<CrecheId>,
    },
}

impl CallReach {
    /// Whether a call with these properties is among them; `None` of what a call does not have.
    pub fn includes(&self, of: Option<ApplicationId>, with: Option<KeyId>, about: Option<CrecheId>) -> bool {
        match self {
            Self::Organiser => true,
            Self::Application(application) => of == Some(*application),
            Self::Key { application, key, creches } => {
                let is_about_one = about.is_some_and(|creche| creches.contains(&creche));
                of == Some(*application) && (with == Some(*key) || is_about_one)
            }
        }
    }
}
