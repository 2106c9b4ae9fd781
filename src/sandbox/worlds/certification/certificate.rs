//! A certificate: what was passed, by which version of which software, signed by the gateway (JWS, RFC 7515).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::catalogue::Profile;
use super::run::{CertificationRun, Product};
use crate::app::compact_jws;
use crate::app::{App, claims};
use crate::cli::CliError;
use crate::cli::verify_certificate::CERTIFICATE;
use crate::domain::rule_catalogue;
use crate::sandbox::worlds::shared::SharedParts;

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Certified {
    pub(super) product: Product,
    pub(super) profile: Profile,
    /// The ids of the cases, all of which were passed.
    pub(super) cases: Vec<String>,
    /// The version of the rules.
    pub(super) rules: String,
    /// The version of the gateway.
    pub(super) gateway: String,
    /// The public address of the gateway.
    pub(super) issuer: String,
    pub(super) issued_at: Timestamp,
    /// Whether it was made for practice, on a gateway that does not certify.
    pub(super) practice: bool,
}

impl Certified {
    /// What is certified of a run in which every case was passed.
    pub(super) fn new(run: &CertificationRun, shared: &SharedParts) -> Self {
        Self {
            product: run.product.clone(),
            profile: run.profile,
            cases: run.results.iter().map(|result| result.case.clone()).collect(),
            rules: rule_catalogue::VERSION.to_owned(),
            gateway: env!("CARGO_PKG_VERSION").to_owned(),
            issuer: shared.base_url().to_owned(),
            issued_at: shared.clock.now(),
            practice: !shared.config.worlds.issues_certificates,
        }
    }

    /// Whether it was made by rules that are not those of today.
    pub(super) fn is_outdated(&self) -> bool {
        self.rules != rule_catalogue::VERSION
    }
}

/// Signs certificates, with the key of the gateway that has the worlds.
#[derive(Clone)]
pub(in crate::sandbox::worlds) struct Issuer(App);

impl Issuer {
    pub(in crate::sandbox::worlds) const fn of(gateway: App) -> Self {
        Self(gateway)
    }

    /// The signed text: header, content and signature in base64, with dots between them.
    pub(super) async fn sign(&self, certified: &Certified) -> Result<String, CliError> {
        let key = claims::signing_key(&self.0).await?;
        Ok(compact_jws::sign(CERTIFICATE, &serde_json::to_vec(certified)?, &key))
    }
}
