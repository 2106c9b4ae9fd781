//! The HTTP layer of the gateway, tried with a handful of operations made for the purpose.

mod access;
mod bodies;
mod connections;
mod documentation;
mod flood;
mod lines;
mod open;
mod problems;
mod requests;
mod sockets;
mod table;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use passerelle::api;
use passerelle::app::agency_keys::{AgencyKeyRefusal, VerifiedAgencyKey};
use passerelle::app::caller::{CallOutcome, Caller, Principal, VerifiedKey};
use passerelle::app::keys::KeyRefusal;
use passerelle::app::sessions::LoggedIn;
use passerelle::app::{Clocks, InternalError};
use passerelle::clock::{Clock, Fixed};
use passerelle::domain::calls::{LoggedRequest, SentBody};
use passerelle::domain::caps::Caps;
use passerelle::domain::finding::{Finding, FindingPlace, Findings};
use passerelle::domain::key::{Deployment, KeyId, KeyKind, Scope};
use passerelle::domain::kinds::attendance;
use passerelle::domain::kinds::attendance::Status;
use passerelle::domain::period::Month;
use passerelle::domain::rules::document;
use passerelle::http::answer::ResponseBuilder;
use passerelle::http::extract::{
    Accept, BodyDocument, BodyLimits, IfMatch, IfNoneMatch, Media, Parameters, Path, Query, QueryReader,
};
use passerelle::http::limits::{LimitSettings, Limits, RateAllowance};
use passerelle::http::metrics::Metrics;
use passerelle::http::operation_table::{Access, OperationEnd, Route};
use passerelle::http::problem::{Problem, Result};
use passerelle::http::urls::Urls;
use passerelle::http::{self, Gateway, Health, HttpConfig, Pages};
use passerelle::ids::{ApplicationId, CrecheId, OrganiserId};
use passerelle::words::{Language, LocalText};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt as _;

use crate::harness::call::with_default_host;

/// An application whose keys are words.
#[derive(Clone)]
struct Shop;

const NOON: jiff::Timestamp = jiff::Timestamp::constant(1_782_000_000, 0);

impl Gateway for Shop {
    async fn authenticate(&self, key: &str) -> Result<Caller, KeyRefusal> {
        let scopes = match key {
            "good" | "other" | "otherToo" => Scope::ALL.iter().copied().collect(),
            "reader" => [Scope::StatementsRead(attendance::KIND)].into_iter().collect(),
            "expired" => return Err(KeyRefusal::Expired(NOON)),
            "revoked" => return Err(KeyRefusal::Revoked(NOON)),
            "trial" => return Err(KeyRefusal::WrongKind(KeyKind::Trial)),
            "mistyped" => return Err(KeyRefusal::Malformed),
            _ => return Err(KeyRefusal::Unknown),
        };
        let clock = Fixed::at(NOON);
        let of_key = key.len().try_into().unwrap_or(0) ^ key.as_bytes()[0];
        // Keys that begin alike are of one organiser.
        let organiser = format!("019a5c00-0000-7000-8000-0000000000{:02x}", key.as_bytes()[0]);
        let verified = VerifiedKey {
            application: ApplicationId::new(&clock),
            key: KeyId::from_random([of_key; 12]),
            kind: KeyKind::Test,
            scopes,
            expires_at: None,
            notice: None,
            logs_bodies: false,
        };
        let organiser: OrganiserId = organiser.parse().expect("an id");
        Ok(Caller {
            organiser,
            creches: None,
            scopes,
            who: Principal::Application(verified),
            clock: Clocks::same_for_all(Arc::new(clock)).business_clock(organiser),
            outcome: CallOutcome::default(),
        })
    }

    async fn authenticate_agency(&self, _: &str, _: IpAddr) -> Result<VerifiedAgencyKey, AgencyKeyRefusal> {
        Err(AgencyKeyRefusal::Unknown)
    }

    async fn resume(&self, _: &str) -> Result<Option<LoggedIn>, InternalError> {
        Ok(None)
    }

    async fn clear_notice(&self, _: &LoggedIn) -> Result<(), InternalError> {
        Ok(())
    }

    fn log_request(&self, _: LoggedRequest, _: Option<SentBody>) {}

    fn logs_bodies_of(&self, _: &Caller) -> bool {
        false
    }

    async fn health(&self) -> Health {
        Health::Degraded
    }

    fn machine_clock(&self) -> &dyn Clock {
        static AT_NOON: Fixed = Fixed::at(NOON);
        &AT_NOON
    }
}

struct Listing {
    from: Option<Month>,
    lines: Option<u64>,
    statuses: Vec<Status2>,
    dry_run: bool,
}

struct Status2(Status);

impl std::str::FromStr for Status2 {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Status::from_code(text).map(Self).ok_or(())
    }
}

const MONTH: LocalText =
    LocalText { fr: "un mois comme 2026-07", nl: "een maand zoals 2026-07", en: "a month such as 2026-07" };
const STATUS: LocalText = LocalText { fr: "un statut", nl: "een status", en: "a status" };

impl Parameters for Listing {
    fn read(query: &mut QueryReader) -> Self {
        Self {
            from: query.optional("from", MONTH),
            lines: query.number("lines", 1..=500),
            statuses: query.many("status", STATUS),
            dry_run: query.flag("dryRun"),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThingPath {
    creche_id: CrecheId,
    month: Month,
}

async fn list(Query(listing): Query<Listing>) -> ResponseBuilder {
    let statuses: Vec<_> = listing.statuses.iter().map(|status| status.0.code()).collect();
    let from = listing.from.map(|month| month.to_string());
    ResponseBuilder::json(
        &json!({"from": from, "lines": listing.lines, "statuses": statuses, "dryRun": listing.dry_run}),
    )
}

async fn get(
    Path(path): Path<ThingPath>,
    Accept(media): Accept,
    known: IfNoneMatch,
    language: Language,
) -> ResponseBuilder {
    if known.has("3") {
        return ResponseBuilder::not_modified("3");
    }
    let body = json!({"month": path.month.to_string(), "creche": path.creche_id.to_string(), "as": media.mime()});
    ResponseBuilder::json(&body).etag("3").language(language)
}

async fn put(if_match: IfMatch, caller: Caller, document: BodyDocument) -> Result<ResponseBuilder> {
    if !if_match.allows(Some("3")) {
        return Err(Problem::precondition_failed(Some("\"3\"")));
    }
    let body = json!({"key": caller.verified_key().map(|verified| verified.key.to_string()), "bytes": document.bytes.len(), "media": document.media.mime()});
    Ok(ResponseBuilder::json(&body))
}

async fn refuse() -> Result<ResponseBuilder> {
    let places = [FindingPlace::line(0).field("birthDate"), FindingPlace::line(4).field("birthDate")];
    let findings: Findings = places.into_iter().map(|place| Finding::new(&document::REQUIRED, place)).collect();
    Err(Problem::bad_request(findings.folded()))
}

async fn panics() -> ResponseBuilder {
    panic!("Noémie Dupont, 85031497721")
}

async fn breaks() -> Result<ResponseBuilder> {
    let inner = std::io::Error::other("password=hunter2 refused by db.internal");
    Err(Problem::internal(inner))
}

/// Signals that the request to `/waits` has begun, and releases it.
static BEGUN: Notify = Notify::const_new();
static RELEASED: Notify = Notify::const_new();

async fn waits() -> ResponseBuilder {
    BEGUN.notify_one();
    RELEASED.notified().await;
    ResponseBuilder::json(&json!({"waited": true}))
}

async fn never_ends() -> ResponseBuilder {
    std::future::pending().await
}

/// Works on a document for as long as it may.
async fn holds(_document: BodyDocument) -> ResponseBuilder {
    std::future::pending().await
}

fn routes() -> Vec<Route<Shop>> {
    const THINGS: &str = "/creches/{crecheId}/things/{month}";
    let mut routes = api::open_routes();
    routes.extend([
        Route::get("/things", "listThings", Access::KeyOrUser, list).query(&["from", "lines", "status", "dryRun"]),
        Route::get(THINGS, "getThing", Access::Scope(Scope::StatementsRead(attendance::KIND)), get)
            .produces(&[Media::Json, Media::Xlsx]),
        Route::put(THINGS, "replaceThing", Access::Scope(Scope::StatementsWrite(attendance::KIND)), put).consumes(&[
            Media::Json,
            Media::Xlsx,
            Media::Xls,
        ]),
        Route::get("/refused", "getRefused", Access::Open, refuse),
        Route::get("/ends", "getEnds", Access::Open, refuse)
            .ends(OperationEnd { deprecated: jiff::civil::date(2027, 1, 1), sunset: jiff::civil::date(2027, 7, 1) }),
        Route::get("/panics", "getPanics", Access::Open, panics),
        Route::get("/breaks", "getBreaks", Access::Open, breaks),
        Route::get("/waits", "getWaits", Access::Open, waits),
        Route::get("/neverEnds", "getNeverEnds", Access::Open, never_ends),
        Route::put("/holds", "replaceHolds", Access::KeyOrUser, holds),
    ]);
    routes
}

const LIMIT: usize = 100_000;

fn surroundings(burst: u32) -> HttpConfig {
    let of = |burst| RateAllowance { per_minute: NonZeroU32::new(60).unwrap(), burst: NonZeroU32::new(burst).unwrap() };
    with_limits(LimitSettings { callers: of(burst), failures: of(2), ..LimitSettings::uniform(of(1000)) })
}

/// A configuration with these limits; what is in 10.0.0.0/8 is a trusted proxy. Bodies and responses have more time than
/// any test takes: a test of a time limit sets a short one.
fn with_limits(mut settings: LimitSettings) -> HttpConfig {
    settings.trust.proxies = vec!["10.0.0.0/8".parse().unwrap()];
    HttpConfig {
        urls: Urls::new("https://passerelle.example"),
        bodies: BodyLimits {
            accepted: LIMIT,
            drained: 2_000_000,
            duration: Duration::from_mins(10),
            rate_window: Duration::from_mins(10),
            ..BodyLimits::default()
        },
        patience: Duration::from_mins(10),
        limits: Arc::new(Limits::new(settings)),
        metrics: Arc::new(Metrics::default()),
        budget: None,
        deployment: Deployment::Sandbox,
        caps: Caps::default(),
        has_worlds: false,
    }
}

/// The shop for requests that come over a connection.
fn served_shop(around: HttpConfig) -> Router {
    let router = Router::new().route("/console", axum::routing::get(async || "the console"));
    let pages = Pages { router, error_page: passerelle::console::error_page };
    http::router(Shop, routes(), pages, around)
}

/// The same for requests that are made here and name no host.
fn shop(around: HttpConfig) -> Router {
    with_default_host(served_shop(around))
}

/// A response.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default()
    }
}

/// A request to the API, made of its method, its path below the root, and headers.
fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(format!("/creche/v1{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

async fn send(router: &Router, request: Request<Body>) -> Reply {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = axum::body::to_bytes(body, 10_000_000).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into());
    Reply { status: parts.status, headers: parts.headers, body }
}

async fn get_with(path: &str, headers: &[(&str, &str)]) -> Reply {
    send(&shop(surroundings(50)), request(Method::GET, path, headers)).await
}

const KEY: (&str, &str) = ("authorization", "Bearer good");
const THING: &str = "/creches/0198c5a0-3b7e-7c41-9d2a-5f0e6b1c8d34/things/2026-07";

/// A request outside the API.
async fn plain(router: &Router, path: &str) -> Reply {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}
