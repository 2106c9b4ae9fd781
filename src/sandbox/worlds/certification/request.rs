//! The body that begins a run.

use std::sync::LazyLock;

use super::catalogue::{Case, Profile};
use super::run::Product;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{List, Paragraph, record};
use crate::domain::rules::document;
use crate::http::problem::{Problem, Result};
use crate::ingest::json;
use crate::ingest::schema::Schemas;
use crate::words::sandbox_certification as words;

/// The schema of the body.
const CERTIFICATION_REQUEST: &str = "certification-request";
/// The longest name, in characters.
const NAME: usize = 80;
/// The most cases that are named.
const MOST: usize = 100;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    let schema = include_str!("../../../../schemas/sandbox/certification-request.schema.json");
    Schemas::of(&[(CERTIFICATION_REQUEST, schema)])
});

record! {
    /// A request for a run.
    pub struct RawCertificationRequest {
        /// What is to be certified.
        required profile "profile": Profile,
        /// The name of the software.
        required product "product": Paragraph<NAME>,
        /// Its version.
        required version "version": Paragraph<NAME>,
        /// Who makes it.
        optional vendor "vendor": Paragraph<NAME>,
        /// The only cases that are to be played.
        optional cases "cases": List<Paragraph<NAME>, MOST>,
    }
}

/// What is to be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox::worlds) struct CertificationWish {
    pub(super) profile: Profile,
    pub(super) product: Product,
    /// The ids of the only cases to be played; `None` for all. Some cases earn no certificate.
    pub(super) only: Option<Vec<String>>,
}

/// What the body asks for.
///
/// # Errors
/// With every finding on the body.
pub(in crate::sandbox::worlds) fn read(body: &[u8]) -> Result<CertificationWish> {
    let (raw, mut findings) = json::read::<RawCertificationRequest>(body, CERTIFICATION_REQUEST, &SCHEMAS);
    let raw = raw.unwrap_or_default();
    let named = raw.cases.take().map(|List(cases)| cases.into_iter().filter_map(|case| Some(case.take()?.0)).collect());
    let named: Option<Vec<String>> = named;
    let profile = raw.profile.take();
    if let (Some(profile), Some(named)) = (profile, &named) {
        let known: Vec<String> = profile.cases().into_iter().map(Case::id).collect();
        let unknown = named.iter().enumerate().filter(|(_, case)| !known.contains(case));
        findings.extend(unknown.map(|(at, _)| unknown_case(at)).collect::<Findings>());
    }
    match (profile, raw.product.take(), raw.version.take()) {
        (Some(profile), Some(name), Some(version)) if findings.is_empty() => {
            let vendor = raw.vendor.take().map(|vendor| vendor.0);
            Ok(CertificationWish {
                profile,
                product: Product { name: name.0, version: version.0, vendor },
                only: named,
            })
        }
        _ => Err(Problem::bad_request(findings)),
    }
}

fn unknown_case(at: usize) -> Finding {
    let finding = Finding::new(&document::MALFORMED, FindingPlace::at(format!("/cases/{at}")));
    finding.with("field", Param::Text(words::CASE)).with("expected", Param::Text(words::EXPECTED_CASE))
}
