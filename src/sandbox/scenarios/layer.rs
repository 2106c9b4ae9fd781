//! The middleware between the guard and the handler of every operation: it plays what a request or its world asks for.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};

use super::Scenarios;
use super::catalogue::{RequestScenario, Scenario, WebhookScenario};
use super::refusal::{refuse, refuse_credential};
use super::unknown::unknown_scenario;
use crate::app::caller::Caller;
use crate::app::{App, InternalError};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::rules::request::REPEATED_HEADER;
use crate::http::extract::is_dry_run;
use crate::http::operation_table::{Access, Operation, Route};
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::server::ConnectionCut;
use crate::ids::OrganiserId;
use crate::store;

/// The header that asks for a scenario, and names it in the answer that was made by it.
pub(super) const HEADER: HeaderName = HeaderName::from_static("passerelle-scenario");
/// The same as it is shown.
pub(super) const SHOWN: &str = "Passerelle-Scenario";
/// How long a slow answer is held back.
const HOLD: Duration = Duration::from_secs(3);
/// Health checks have no scenarios.
const HEALTH: &str = "/health";
/// An entity tag that no content has.
const NEVER_CURRENT: HeaderValue = HeaderValue::from_static("\"another\"");

/// What the middleware of every operation has.
#[derive(Clone)]
struct ScenarioContext {
    app: App,
    scenarios: Scenarios,
}

impl ScenarioContext {
    /// The scenario of a request: the one that its header names, else the one that is set. None where it has no effect.
    fn choose(&self, request: &Request, operation: &Operation) -> Result<Option<Scenario>> {
        let has_effect = |scenario| has_effect(scenario, request, operation);
        Ok(match asked_for(request.headers())? {
            Some(scenario) => Some(scenario).filter(|scenario| has_effect(*scenario)),
            None => self.scenarios.set.take_for_call(operation.id, is_dry_run(request.uri()), has_effect),
        })
    }
}

/// The operations with the middleware.
pub(crate) fn with_scenarios(app: &App, scenarios: &Scenarios, routes: Vec<Route<App>>) -> Vec<Route<App>> {
    let context = ScenarioContext { app: app.clone(), scenarios: scenarios.clone() };
    let layered = |route: Route<App>| {
        if route.operation.path.starts_with(HEALTH) {
            return route;
        }
        route.behind_guard(|handler| handler.route_layer(from_fn_with_state(context.clone(), play)))
    };
    routes.into_iter().map(layered).collect()
}

/// Plays the scenario of a request, if it has one.
async fn play(State(context): State<ScenarioContext>, request: Request, next: Next) -> Response {
    let Some(operation) = request.extensions().get::<Arc<Operation>>().cloned() else { return next.run(request).await };
    let scenario = match context.choose(&request, &operation) {
        Ok(Some(scenario)) => scenario,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    let app = &context.app;
    let response = match scenario {
        Scenario::Problem(kind) => refuse(app, &request, &operation, kind).into_response(),
        Scenario::Credential(scenario) => refuse_credential(app, &request, scenario).into_response(),
        Scenario::Request(scenario) => play_request(scenario, request, next).await,
        Scenario::Webhook(scenario) => return play_webhook(&context, scenario, request, next).await,
    };
    made_by(scenario, response)
}

/// The scenario that the header names.
fn asked_for(headers: &HeaderMap) -> Result<Option<Scenario>> {
    let mut values = headers.get_all(&HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        let finding = Finding::new(&REPEATED_HEADER, FindingPlace::at(SHOWN)).in_part(RequestPart::Header);
        let finding = finding.with("header", Param::Code(SHOWN.to_owned()));
        return Err(Problem::bad_request(Findings::from_iter([finding])));
    }
    let known = value.to_str().ok().and_then(|code| Scenario::from_code(code.trim()));
    known.map(Some).ok_or_else(|| unknown_scenario(SHOWN, RequestPart::Header))
}

/// Whether a scenario changes anything for a request: a stale entity tag needs one that is sent, only writes cause messages,
/// and no credential is refused where none is needed.
fn has_effect(scenario: Scenario, request: &Request, operation: &Operation) -> bool {
    let needs_credential = |kind: ProblemType| {
        matches!(kind.entry().status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            || kind == ProblemType::TooManyFailedRequests
    };
    match scenario {
        _ if operation.access == Access::Open && scenario.problem().is_some_and(needs_credential) => false,
        Scenario::Request(RequestScenario::StaleEtag) => request.headers().contains_key(header::IF_MATCH),
        Scenario::Webhook(_) => !request.method().is_safe(),
        _ => true,
    }
}

/// Plays a failure that is no refusal.
async fn play_request(scenario: RequestScenario, mut request: Request, next: Next) -> Response {
    match scenario {
        RequestScenario::ConnectionCut => {
            cut(StatusCode::SERVICE_UNAVAILABLE.into_response(), ConnectionCut::BeforeResponse)
        }
        RequestScenario::StaleEtag => {
            request.headers_mut().insert(header::IF_MATCH, NEVER_CURRENT);
            next.run(request).await
        }
        RequestScenario::Slow => {
            let response = next.run(request).await;
            tokio::time::sleep(HOLD).await;
            response
        }
        RequestScenario::AnswerTruncated => cut(next.run(request).await, ConnectionCut::WithinBody),
        RequestScenario::AnswerLost => cut(next.run(request).await, ConnectionCut::BeforeResponse),
    }
}

fn cut(mut response: Response, at: ConnectionCut) -> Response {
    response.extensions_mut().insert(at);
    response
}

/// Carries the request out; the messages of what it causes have the scenario. What the agency does is no organiser's.
async fn play_webhook(context: &ScenarioContext, scenario: WebhookScenario, request: Request, next: Next) -> Response {
    let Some(organiser) = request.extensions().get::<Caller>().map(|caller| caller.organiser) else {
        return next.run(request).await;
    };
    let after = match feed_end(&context.app, organiser).await {
        Ok(after) => after,
        Err(error) => return Problem::from(error).into_response(),
    };
    let causing = context.scenarios.caused.begin(scenario, organiser, after);
    let response = next.run(request).await;
    match feed_end(&context.app, organiser).await {
        Ok(up_to) if context.scenarios.caused.end(causing, up_to) => made_by(Scenario::Webhook(scenario), response),
        Ok(_) => response,
        Err(error) => {
            tracing::warn!(%error, "the messages of a request with a scenario could not be told from later ones");
            response
        }
    }
}

/// The number of the organiser's last event.
async fn feed_end(app: &App, organiser: OrganiserId) -> Result<u64, InternalError> {
    Ok(store::events::last_number(&mut app.db.read_once().await?, organiser).await?)
}

/// Names the scenario in the answer.
fn made_by(scenario: Scenario, mut response: Response) -> Response {
    response.headers_mut().insert(HEADER, HeaderValue::from_static(scenario.code()));
    response
}
