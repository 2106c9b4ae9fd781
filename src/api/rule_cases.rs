//! The published cases of the rules: documents with their findings, for vendors to test their software with.

use serde::Deserialize;

use super::published;
use super::statements::StatementOperations;
use crate::domain::kinds::for_each_kind;
use crate::domain::report;
use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Media, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::problem::{Problem, Result};

macro_rules! cases_of_kinds {
    ($($kind:ident)*) => {
        [
            $((
                crate::domain::kinds::$kind::KIND.name(),
                <crate::domain::kinds::$kind::Statement as StatementOperations>::RULE_CASES,
            ),)*
            (report::KIND.name(), include_str!("../../sandbox/corpus/report.json")),
            ("staff", include_str!("../../sandbox/corpus/staff.json")),
        ]
    };
}

/// The cases by the kind of their documents.
pub const CASES: &[(&str, &str)] = &for_each_kind!(cases_of_kinds);

pub(super) fn routes<G: Gateway>() -> Vec<Route<G>> {
    vec![Route::get("/ruleCases/{kind}", "getRuleCases", Access::Open, get_rule_cases)]
}

#[derive(Deserialize)]
struct CasesPath {
    kind: String,
}

async fn get_rule_cases(Path(path): Path<CasesPath>, known: IfNoneMatch) -> Result<ResponseBuilder> {
    let found = CASES.iter().find(|(kind, _)| *kind == path.kind);
    let (_, cases) = found.ok_or_else(|| Problem::not_found("kind"))?;
    Ok(published(Media::Json, cases.as_bytes().to_vec(), &known))
}
