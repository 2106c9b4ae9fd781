//! The refusal of a name that is in no catalogue.

use super::catalogue::Scenario;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::rules::document;
use crate::http::problem::Problem;
use crate::words::{OwnedLocalText, sandbox_scenarios as words};

/// The place `name` in `part` of the request names no scenario; the problem lists those that there are.
pub(crate) fn unknown_scenario(name: &'static str, part: RequestPart) -> Problem {
    let codes: Vec<_> = Scenario::all().map(Scenario::code).collect();
    let listed = codes.join(", ");
    let with_list = |text: &str| format!("{text} {listed}");
    let expected = OwnedLocalText {
        fr: with_list(words::ONE_OF.fr),
        nl: with_list(words::ONE_OF.nl),
        en: with_list(words::ONE_OF.en),
    };
    let finding = Finding::new(&document::MALFORMED, FindingPlace::at(name)).in_part(part);
    let finding = finding.with("field", Param::Text(words::FIELD)).with("expected", Param::Words(Box::new(expected)));
    Problem::bad_request(Findings::from_iter([finding])).member("scenarios", codes)
}
