//! The words of an error page: those of the API name headers, parameters and `issues`, which no page has.

use crate::domain::finding::{Finding, RequestPart};
use crate::domain::rules::request::UNKNOWN_RESOURCE;
use crate::http::problem::{Problem, ProblemType};
use crate::words::{self, LocalText};

/// The words of a page, without those of its findings.
pub(super) struct ErrorPageText {
    pub(super) title: LocalText,
    pub(super) sentence: LocalText,
    /// The replacement of `{thing}` in the sentence.
    pub(super) thing: Option<LocalText>,
}

impl ErrorPageText {
    const fn new(title: LocalText, sentence: LocalText) -> Self {
        Self { title, sentence, thing: None }
    }

    /// The words for a problem on its page.
    pub(super) fn of(problem: &Problem) -> Self {
        let in_path = problem.all_findings().iter().find(|finding| finding.part == RequestPart::Path);
        match in_path {
            Some(finding) if finding.rule.code == UNKNOWN_RESOURCE.code => Self::unknown(finding),
            Some(_) => Self::new(ADDRESS_TITLE, ADDRESS),
            None => Self::of_kind(problem),
        }
    }

    fn unknown(finding: &Finding) -> Self {
        Self { title: NOT_FOUND_TITLE, sentence: UNKNOWN, thing: Some(parameter_words(&finding.place().pointer)) }
    }

    fn of_kind(problem: &Problem) -> Self {
        let (title, sentence) = match problem.kind() {
            // The text of an address that no operation has is for software.
            ProblemType::ResourceNotFound => return Self::new(NOT_FOUND_TITLE, NOT_FOUND),
            ProblemType::MissingPermission => (REFUSED_TITLE, REFUSED),
            ProblemType::BadRequest if problem.all_findings().is_empty() => (INCORRECT_TITLE, UNREADABLE),
            ProblemType::BadRequest => return Self::new(INCORRECT_TITLE, INCORRECT),
            ProblemType::MethodNotAllowed | ProblemType::NotAcceptable | ProblemType::UnsupportedMediaType => {
                (IMPOSSIBLE_TITLE, UNREADABLE)
            }
            ProblemType::RequestTimeout => (IMPOSSIBLE_TITLE, SLOW),
            ProblemType::PayloadTooLarge => (IMPOSSIBLE_TITLE, TOO_LARGE),
            ProblemType::PreconditionFailed | ProblemType::PreconditionRequired if problem.own_detail().is_none() => {
                (CHANGED_TITLE, CHANGED)
            }
            ProblemType::TooManyRequests | ProblemType::TooManyFailedRequests => (TOO_MANY_TITLE, TOO_MANY),
            ProblemType::InternalServerError => (BROKEN_TITLE, BROKEN),
            kind if kind.entry().status.is_server_error() => (BROKEN_TITLE, kind.entry().meaning),
            kind => (IMPOSSIBLE_TITLE, kind.entry().meaning),
        };
        Self::new(title, problem.own_detail().unwrap_or(sentence))
    }
}

/// The meaning of a part of an address.
fn parameter_words(parameter: &str) -> LocalText {
    match parameter {
        "agreement" => words::error_page::THIS_AGREEMENT,
        "applicationId" => words::error_page::THIS_APPLICATION,
        "crecheId" => words::error_page::THIS_CRECHE,
        "deliveryId" => words::error_page::THIS_DELIVERY,
        "doctorId" => words::error_page::THIS_DOCTOR,
        "form" => words::error_page::WHAT_YOU_TYPED,
        "keyId" => words::error_page::THIS_KEY,
        "month" => words::error_page::THIS_STATEMENT,
        "organiser" | "organiserId" => words::error_page::THIS_ORGANISER,
        "record" => words::error_page::THIS_ENTRY_OF_THE_SHEET,
        "revision" | "comparedTo" => words::error_page::THIS_VERSION,
        "session" => words::common::THIS_SESSION,
        "staffMemberId" => words::error_page::THIS_MEMBER_OF_THE_STAFF,
        "userId" => words::error_page::THIS_USER,
        "webhookEndpointId" => words::error_page::THIS_WEBHOOK_ADDRESS,
        _ => words::error_page::WHAT_YOU_LOOK_FOR,
    }
}

const NOT_FOUND_TITLE: LocalText = words::error_page::NOT_FOUND_TITLE;
const NOT_FOUND: LocalText = words::error_page::NOT_FOUND;
const UNKNOWN: LocalText = words::error_page::UNKNOWN;
const ADDRESS_TITLE: LocalText = words::error_page::ADDRESS_TITLE;
const ADDRESS: LocalText = words::error_page::ADDRESS;
const REFUSED_TITLE: LocalText = words::error_page::REFUSED_TITLE;
const REFUSED: LocalText = words::error_page::REFUSED;
const INCORRECT_TITLE: LocalText = words::error_page::INCORRECT_TITLE;
const INCORRECT: LocalText = words::error_page::INCORRECT;
const UNREADABLE: LocalText = words::error_page::UNREADABLE;
const IMPOSSIBLE_TITLE: LocalText = words::error_page::IMPOSSIBLE_TITLE;
const SLOW: LocalText = words::error_page::SLOW;
const TOO_LARGE: LocalText = words::error_page::TOO_LARGE;
const CHANGED_TITLE: LocalText = words::error_page::CHANGED_TITLE;
const CHANGED: LocalText = words::error_page::CHANGED;
const TOO_MANY_TITLE: LocalText = words::error_page::TOO_MANY_TITLE;
const TOO_MANY: LocalText = words::error_page::TOO_MANY;
const BROKEN_TITLE: LocalText = words::error_page::BROKEN_TITLE;
const BROKEN: LocalText = words::error_page::BROKEN;
