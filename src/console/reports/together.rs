//! Signing the reports of several crèches on one page: what is signed of each, and one form.
//!
//! Each report is signed by an act of its own. Where one of them cannot be signed, the others are.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::app::claims::ClaimDetails;
use crate::app::{claims, creches};
use crate::console::addresses::REPORTS;
use crate::console::claim_changes::{changes, other_changes};
use crate::console::claim_figures::{ChangeRow, FigureTable};
use crate::console::claim_place::ClaimPlace;
use crate::console::form::{Fields, PageForm};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::console::signing_form::{SigningForm, WarningField, refusal_reason, sign_request, signer, signing_form};
use crate::domain::creche::Creche;
use crate::domain::key::{Deployment, Scope};
use crate::domain::notice::Notice;
use crate::domain::period::Quarter;
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::CrecheId;
use crate::words::{self, Language};

/// The quarter of the page.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct SigningQuarter {
    quarter: Quarter,
}

#[derive(Template)]
#[template(path = "reports/together.html", config = ".config/askama.toml")]
struct TogetherPage {
    frame: PageFrame,
    title: String,
    href: String,
    is_sandbox: bool,
    /// Where the person logs in again, and why; before that nothing can be signed.
    log_in: Option<(String, String)>,
    claims: Vec<ClaimSection>,
    /// The reports that cannot be signed now, with the address of each.
    others: Vec<OtherReport>,
}

/// A report that can be signed.
struct ClaimSection {
    creche: CrecheId,
    name: String,
    href: String,
    is_chosen: bool,
    /// Why it was not signed.
    refusal: Option<&'static str>,
    /// Why the agency returned it.
    returned: Option<String>,
    /// What has changed since the last signature: all that is signed now where there was one.
    changes: Vec<ChangeRow>,
    other_changes: Vec<&'static str>,
    table: FigureTable,
    details: Option<ClaimDetails>,
    token: String,
    warnings: Vec<WarningField>,
}

struct OtherReport {
    name: String,
    href: String,
    why: &'static str,
}

pub(super) async fn page(visit: PageContext, Path(at): Path<SigningQuarter>) -> Result<Response> {
    render_claims(&visit, at.quarter, &Fields::default(), None).await
}

/// The crèches that a form chose, and why those that were not signed were not.
struct SigningResult {
    chosen: Vec<CrecheId>,
    refused: Vec<(CrecheId, &'static str)>,
}

pub(super) async fn sign(
    Path(SigningQuarter { quarter }): Path<SigningQuarter>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let caller = visit.caller(Scope::ReportsSign)?;
    let chosen: Vec<CrecheId> = fields.all("creche").filter_map(|id| id.parse().ok()).collect();
    let mut refused = Vec::new();
    for creche in &chosen {
        let request = sign_request(&prefix(*creche), &fields);
        if let Err(refusal) =
            claims::sign(&visit.app, &signer(&visit, &caller), (*creche, quarter.into()), request).await
        {
            refused.push((*creche, refusal_reason(refusal, visit.language)?));
        }
    }
    if refused.is_empty() && !chosen.is_empty() {
        return Ok(visit.done(REPORTS, Notice::ReportsSigned).await);
    }
    render_claims(&visit, quarter, &fields, Some(SigningResult { chosen, refused })).await
}

/// The prefix of the names of a crèche's fields.
fn prefix(creche: CrecheId) -> String {
    format!("{creche}.")
}

async fn render_claims(
    visit: &PageContext,
    quarter: Quarter,
    fields: &Fields,
    result: Option<SigningResult>,
) -> Result<Response> {
    let caller = visit.caller(Scope::ReportsSign)?;
    let mut page = TogetherPage {
        frame: PageFrame::at(REPORTS, visit),
        title: quarter.in_words(visit.language),
        href: format!("{REPORTS}/{quarter}/sign"),
        is_sandbox: visit.app.deployment == Deployment::Sandbox,
        log_in: None,
        claims: Vec::new(),
        others: Vec::new(),
    };
    for creche in creches::list(&visit.app, &caller).await?.into_iter().filter(|creche| creche.subsidised) {
        page.add(visit, (creche, quarter), fields, result.as_ref()).await?;
    }
    page.frame = page.frame.refused_if(result.is_some());
    if result.is_some_and(|result| result.chosen.is_empty()) {
        let none = words::reports_together::CHOOSE_ONE.get(visit.language).to_owned();
        page.frame.errors.push(crate::console::page_frame::FormError { words: none, field: None });
    }
    let status = if page.frame.refused { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(render_with_status(status, &page))
}

impl TogetherPage {
    /// Adds the report of a crèche, as one that can be signed or as one that cannot.
    async fn add(
        &mut self,
        visit: &PageContext,
        (creche, quarter): (Creche, Quarter),
        fields: &Fields,
        result: Option<&SigningResult>,
    ) -> Result<()> {
        let (caller, at) =
            (visit.caller(Scope::ReportsSign)?, ClaimPlace { creche: creche.id, period: quarter.into() });
        let view = claims::view(&visit.app, &caller, (at.creche, at.period)).await?;
        let prefix = prefix(creche.id);
        let refusal = result.and_then(|result| result.refused.iter().find(|(id, _)| *id == creche.id));
        let (name, href) = (creche.name, at.href());
        match signing_form(visit, at, &view, (&prefix, fields, refusal.is_some())).await? {
            SigningForm::Sign { table, details, token, warnings, .. } => self.claims.push(ClaimSection {
                creche: creche.id,
                name,
                href,
                is_chosen: result.is_none_or(|result| result.chosen.contains(&creche.id)),
                refusal: refusal.map(|(_, why)| *why),
                returned: view.return_reason().map(str::to_owned),
                changes: changes(&view, visit.language),
                other_changes: other_changes(&view, at, visit.language),
                table,
                details,
                token,
                warnings,
            }),
            SigningForm::LogIn { why, .. } => {
                let to = format!("/console/login/begin?again=1&to={}", self.href);
                self.log_in = Some((to, why));
                self.others.push(OtherReport { name, href, why: waiting(visit.language) });
            }
            SigningForm::Nothing => {
                let why = view.standing.state.label().get(visit.language);
                self.others.push(OtherReport { name, href, why });
            }
            SigningForm::Incomplete(_) => {
                let why = words::reports_together::INCOMPLETE.get(visit.language);
                self.others.push(OtherReport { name, href, why });
            }
            SigningForm::NoRight => {}
        }
        Ok(())
    }
}

/// A report that can be signed after another log-in.
fn waiting(language: Language) -> &'static str {
    words::reports_together::READY.get(language)
}
