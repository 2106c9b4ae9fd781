//! `Idempotency-Key`: a creation that is sent again, because its response was lost, gets the first response again.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest as _, FromRequestParts as _, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::app::caller::Caller;
use crate::app::idempotency::{self, IdempotencyClaim, RequestKey, RequestSender, StoredAnswer};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::rule::Rule;
use crate::domain::rules::request as rules;
use crate::http::extract::{BodyDocument, Path, is_dry_run};
use crate::http::operation::Operation;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtOrganiser;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::runtime;

/// The header's displayed name.
const SHOWN: &str = "Idempotency-Key";
const NAME: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key, in characters.
const LONGEST: usize = 255;
/// The largest response that is stored, in bytes: creations return what they have created.
const LARGEST: usize = 1 << 20;
/// The headers that are stored with a response; those that depend on the exchange are written anew.
const KEPT: [HeaderName; 4] = [header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::ETAG, header::LOCATION];
/// `Retry-After`, in seconds, while another request with the key is in progress.
const AGAIN: &str = "1";

/// A future that is sent between threads.
type AnswerFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Runs a creation: once for each `Idempotency-Key`.
pub(super) fn create<H: Handler<T, App>, T: 'static>(
    path: &'static str,
    id: &'static str,
    access: Access,
    handler: H,
) -> Route<App> {
    let once = move |State(app): State<App>, request: Request| answer(app, request, handler.clone());
    Route::post(path, id, access, once).idempotent()
}

fn answer<H: Handler<T, App>, T: 'static>(app: App, request: Request, handler: H) -> AnswerFuture {
    Box::pin(async move {
        match key(request.headers()) {
            Ok(None) => handler.call(request, app).await,
            // A dry run writes nothing: sent again it is the same dry run, and its key is still free for the creation.
            Ok(Some(_)) if is_dry_run(request.uri()) => handler.call(request, app).await,
            Ok(Some(key)) => with_key(app, request, &key, handler).await.unwrap_or_else(IntoResponse::into_response),
            Err(problem) => problem.into_response(),
        }
    })
}

/// The key in the header; quotes around it, as the draft standard has them, are not part of the key.
fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let mut values = headers.get_all(&NAME).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(refused(&rules::REPEATED_HEADER));
    }
    let text = value.to_str().map_err(|_| refused(&rules::MALFORMED_IDEMPOTENCY_KEY))?.trim();
    let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if key.is_empty() || key.len() > LONGEST {
        return Err(refused(&rules::MALFORMED_IDEMPOTENCY_KEY));
    }
    Ok(Some(key.to_owned()))
}

fn refused(rule: &'static Rule) -> Problem {
    let finding = Finding::new(rule, FindingPlace::at(SHOWN))
        .in_part(RequestPart::Header)
        .with("header", Param::Code(SHOWN.to_owned()));
    Problem::bad_request(Findings::from_iter([finding]))
}

/// Another request with the key is in progress, or was interrupted.
pub(crate) fn idempotency_key_in_use() -> Problem {
    Problem::new(ProblemType::IdempotencyKeyInUse).header(header::RETRY_AFTER, AGAIN)
}

/// Who sends the request: for its own organiser or, of the agency, for the one that the path names, or for all.
async fn sender(app: &App, operation: &Operation, parts: &mut Parts) -> Result<RequestSender> {
    if let Some(caller) = parts.extensions.get::<Caller>() {
        return Ok(RequestSender::of(caller));
    }
    let caller = AgencyCaller::from_request_parts(parts, app).await?;
    if !operation.path.contains("{organiserId}") {
        return Ok(RequestSender::of_agency(&caller));
    }
    let Path(AtOrganiser { organiser }) = Path::from_request_parts(parts, app).await?;
    let sender = RequestSender::of_agency_for(app, &caller, organiser).await?;
    sender.ok_or_else(|| Problem::not_found("organiserId"))
}

async fn with_key<H: Handler<T, App>, T: 'static>(
    app: App,
    request: Request,
    key: &str,
    handler: H,
) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let operation = parts.extensions.get::<Arc<Operation>>().cloned();
    let operation = operation.ok_or_else(|| Problem::internal("a creation outside the operations table"))?;
    let sender = sender(&app, &operation, &mut parts).await?;
    let document = BodyDocument::from_request(Request::from_parts(parts.clone(), body), &app).await?;
    let address = parts.uri.to_string();
    let told = [operation.id.as_bytes(), address.as_bytes(), document.media.mime().as_bytes(), &document.bytes];
    let again = match idempotency::begin(&app, sender, key, &told).await? {
        IdempotencyClaim::First(key) => {
            let request = Request::from_parts(parts, Body::from(document.bytes.clone()));
            drop(document);
            // Spawned, so that it completes although the connection is closed, and its response is stored.
            let done =
                runtime::spawn(async move { run_once(&app, &key, handler.call(request, app.clone()).await).await });
            return done.await.map_err(Problem::internal)?;
        }
        IdempotencyClaim::Answered(answer) => answer,
        IdempotencyClaim::Unanswered => return Err(idempotency_key_in_use()),
        IdempotencyClaim::OtherRequest => return Err(Problem::new(ProblemType::IdempotencyKeyReused)),
    };
    response(again)
}

/// Stores a successful response; what was refused or failed may be sent again with the same key.
async fn run_once(app: &App, key: &RequestKey, response: Response) -> Result<Response> {
    if !response.status().is_success() {
        idempotency::release(app, key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST).await.map_err(Problem::internal)?;
    let text = |name: &HeaderName| Some((name.to_string(), parts.headers.get(name)?.to_str().ok()?.to_owned()));
    let stored = StoredAnswer {
        status: parts.status.as_u16(),
        headers: KEPT.iter().filter_map(text).collect(),
        body: String::from_utf8(bytes.to_vec()).map_err(Problem::internal)?,
    };
    idempotency::store_answer(app, key, &stored).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// Repeats the stored response.
fn response(stored: StoredAnswer) -> Result<Response> {
    let mut response = Response::new(Body::from(stored.body));
    *response.status_mut() = StatusCode::from_u16(stored.status).map_err(Problem::internal)?;
    for (name, value) in stored.headers {
        let name = HeaderName::try_from(name).map_err(Problem::internal)?;
        response.headers_mut().insert(name, HeaderValue::try_from(value).map_err(Problem::internal)?);
    }
    Ok(response)
}
