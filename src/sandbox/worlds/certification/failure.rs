//! Why a case was not passed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::codes::codes;

codes! {
    /// Why a case was not passed; its words say what is to be done.
    pub enum FailureReason with sandbox_certification {
        /// No call came.
        NotCalled "notCalled";
        /// The content is not stored.
        NotStored "notStored";
        /// Other content is stored.
        StoredDiffers "storedDiffers";
        /// Something was written although it should not have been.
        Written "written";
        /// More than one revision was made.
        RevisionsTooMany "revisionsTooMany";
        /// What others deposited was overwritten.
        OthersOverwritten "othersOverwritten";
        /// The software tells another outcome.
        OutcomeDiffers "outcomeDiffers";
        /// Findings were not shown.
        FindingsNotShown "findingsNotShown";
        /// Calls that could not succeed were repeated.
        RepeatedInVain "repeatedInVain";
        /// A call was repeated before its time.
        RepeatedTooSoon "repeatedTooSoon";
        /// The page on which a person signs was not shown.
        PageNotShown "pageNotShown";
        /// There is no active endpoint.
        NoEndpoint "noEndpoint";
        /// More than one endpoint was made.
        EndpointsTooMany "endpointsTooMany";
        /// A message with a wrong signature was accepted.
        ForgedAccepted "forgedAccepted";
        /// An event was not handled.
        EventMissing "eventMissing";
        /// An event was handled twice.
        EventTwice "eventTwice";
        /// Events were handled in another order.
        EventsOutOfOrder "eventsOutOfOrder";
        /// The feed was read from its beginning.
        FeedFromBeginning "feedFromBeginning";
        /// The feed was not read.
        FeedNotRead "feedNotRead";
        /// The software did not carry out the instruction.
        NotCarriedOut "notCarriedOut";
    }
}

/// Why a case was not passed, and where that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failure {
    pub(super) reason: FailureReason,
    /// The place in the document, as a JSON Pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<String>,
    /// What was right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expected: Option<Box<Value>>,
    /// What was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) found: Option<Box<Value>>,
}

impl Failure {
    pub(super) const fn of(reason: FailureReason) -> Self {
        Self { reason, place: None, expected: None, found: None }
    }

    /// Adds what was right and what was seen.
    pub(super) fn with(self, expected: impl Into<Value>, found: impl Into<Value>) -> Self {
        Self { expected: Some(Box::new(expected.into())), found: Some(Box::new(found.into())), ..self }
    }

    /// As it is published: in words.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "code": self.reason.code(), "text": self.reason.label() });
        let places = [("place", self.place.clone().map(Value::from)), ("expected", self.expected.as_deref().cloned())];
        for (name, value) in places.into_iter().chain([("found", self.found.as_deref().cloned())]) {
            if let Some(value) = value {
                body[name] = value;
            }
        }
        body
    }
}
