//! The public pages: certified software, and one certificate.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use super::certificate_id::CertificateId;
use super::issued::IssuedCertificate;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::Path;
use crate::http::problem::{Problem, Result};
use crate::sandbox::pages::{answer, page_language};
use crate::sandbox::worlds::Worlds;
use crate::words::{Language, LocalText};

/// The path of a certificate.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CertificatePath {
    certificate_id: String,
}

/// The list of certified software.
#[derive(Template)]
#[template(path = "certificates.html", config = ".config/askama.toml")]
struct CertificatesPage {
    language: Language,
    rows: Vec<CertificateRow>,
}

/// One certificate.
#[derive(Template)]
#[template(path = "certificate.html", config = ".config/askama.toml")]
struct CertificatePage {
    language: Language,
    row: CertificateRow,
    cases: Vec<String>,
    jws: String,
}

/// A certificate in words.
struct CertificateRow {
    id: String,
    product: String,
    version: String,
    vendor: String,
    profile: &'static str,
    issued_on: String,
    rules: String,
    practice: bool,
    outdated: bool,
}

impl CertificateRow {
    fn new(id: &CertificateId, issued: &IssuedCertificate, language: Language) -> Self {
        let certified = &issued.certified;
        Self {
            id: id.to_string(),
            product: certified.product.name.clone(),
            version: certified.product.version.clone(),
            vendor: certified.product.vendor.clone().unwrap_or_default(),
            profile: certified.profile.label().get(language),
            issued_on: crate::clock::to_brussels(certified.issued_at).date().to_string(),
            rules: certified.rules.clone(),
            practice: certified.practice,
            outdated: certified.is_outdated(),
        }
    }
}

impl CertificatesPage {
    fn text(&self, words: &LocalText) -> &'static str {
        words.get(self.language)
    }
}

impl CertificatePage {
    fn text(&self, words: &LocalText) -> &'static str {
        words.get(self.language)
    }
}

/// The routes.
pub(in crate::sandbox::worlds) fn pages() -> Router<Worlds> {
    Router::new()
        .route("/sandbox/certificates", get(list))
        .route("/sandbox/certificates/{certificateId}", get(show))
        .route("/sandbox/certificates/{certificateId}/page", get(page))
}

async fn list(State(worlds): State<Worlds>, headers: HeaderMap) -> Result<Response> {
    let language = page_language(&headers);
    let all = worlds.issued.all().map_err(Problem::internal)?;
    let listed = all.iter().filter(|(_, issued)| issued.is_listed());
    let rows = listed.map(|(id, issued)| CertificateRow::new(id, issued, language)).collect();
    Ok(answer(&CertificatesPage { language, rows }))
}

async fn show(State(worlds): State<Worlds>, Path(path): Path<CertificatePath>) -> Result<Response> {
    let (id, issued) = found(&worlds, path)?;
    let body = json!({
        "id": id,
        "certificate": issued.certified,
        "jws": issued.jws,
        "outdated": issued.certified.is_outdated(),
        "listed": issued.is_listed(),
    });
    Ok(ResponseBuilder::json(&body).into_response())
}

async fn page(State(worlds): State<Worlds>, headers: HeaderMap, Path(path): Path<CertificatePath>) -> Result<Response> {
    let language = page_language(&headers);
    let (id, issued) = found(&worlds, path)?;
    let row = CertificateRow::new(&id, &issued, language);
    Ok(answer(&CertificatePage { language, row, cases: issued.certified.cases, jws: issued.jws }))
}

fn found(worlds: &Worlds, path: CertificatePath) -> Result<(CertificateId, IssuedCertificate)> {
    let unknown = || Problem::not_found("certificateId");
    let id = CertificateId::try_from(path.certificate_id).map_err(|_| unknown())?;
    let issued = worlds.issued.find(&id).map_err(Problem::internal)?.ok_or_else(unknown)?;
    Ok((id, issued))
}
