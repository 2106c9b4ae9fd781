//! HTTP: the table of operations, its middleware, and the texts of every failure.
//!
//! A handler takes extractors of [`extract`], calls `app`, and responds; it fails with a [`problem::Problem`] and nothing
//! else. Its middleware, from the outside in: trace and log line (`observe`), compression (`compress`), allowance headers
//! ([`limits`]), problem documents (`localise`), well-formedness and address (`limits::address_gate`), then per operation
//! its `guard`.

pub(crate) mod address;
pub mod answer;
mod arrival_rate;
pub(crate) mod authenticate;
mod body_budget;
mod body_limits;
mod compress;
pub(crate) mod counted_caller;
mod docs;
mod drain;
pub mod extract;
pub mod finding;
mod gateway;
pub(crate) mod health;
pub mod limits;
mod localise;
mod log_sampler;
mod logged_address;
mod logged_call;
pub(crate) mod long_polls;
mod media_type;
pub mod metrics;
pub(crate) mod observe;
pub(crate) mod operation;
mod operation_end;
mod operation_guard;
pub mod operation_table;
pub(crate) mod origin;
pub(crate) mod pages;
pub(crate) mod path_parameters;
pub mod problem;
mod request_headers;
mod response_safety;
mod sampled;
pub mod server;
pub(crate) mod session;
mod strict_transport;
pub mod urls;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Extensions;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

pub use self::body_budget::BodyBudget;
use self::extract::BodyLimits;
pub use self::gateway::Gateway;
pub use self::health::Health;
use self::health::HealthCache;
use self::limits::Limits;
pub use self::localise::{ErrorPage, ErrorPageContext};
use self::metrics::Metrics;
use self::observe::Observer;
use self::operation_table::Route;
use self::urls::Urls;
use crate::config::Config;
use crate::domain::caps::Caps;
use crate::domain::key::Deployment;

/// The settings of the router.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// The public addresses of the gateway.
    pub urls: Urls,
    /// The limits of bodies.
    pub bodies: BodyLimits,
    /// How long a response may take.
    pub patience: Duration,
    /// The rate limits.
    pub limits: Arc<Limits>,
    /// The gateway's metrics.
    pub metrics: Arc<Metrics>,
    /// The memory for bodies; without it, the router gets one of its own.
    pub budget: Option<BodyBudget>,
    /// Whether the gateway is one of production: the documentation says what is there.
    pub deployment: Deployment,
    /// How much of each thing an organiser may store, for the documentation.
    pub caps: Caps,
    /// Whether a visitor can make a world of the sandbox.
    pub has_worlds: bool,
}

impl HttpConfig {
    /// The settings of `config`, for a gateway at the public address `base_url`.
    pub fn new(config: &Config, base_url: &str) -> Self {
        let limits = &config.limits;
        let seconds = Duration::from_secs;
        Self {
            urls: Urls::new(base_url),
            bodies: BodyLimits {
                accepted: limits.body_bytes,
                anonymous: limits.anonymous_body_bytes,
                drained: limits.drain_bytes,
                duration: seconds(limits.body_seconds),
                least_rate: limits.body_bytes_per_second,
                rate_window: seconds(limits.body_rate_seconds),
                memory: limits.body_memory_bytes,
            },
            patience: seconds(limits.request_seconds),
            limits: Arc::new(Limits::of(config)),
            metrics: Arc::new(Metrics::default()),
            budget: None,
            deployment: config.deployment,
            caps: config.caps,
            has_worlds: config.deployment == Deployment::Sandbox && config.worlds.directory.is_some(),
        }
    }

    /// The same with one budget of memory for bodies, which several routers may share.
    pub fn with_shared_budget(self) -> Self {
        let budget = BodyBudget::new(self.bodies.memory, self.metrics.bodies());
        Self { budget: Some(budget), ..self }
    }
}

/// The whole service of a gateway, as [`router`] makes it.
pub type GatewayRouter = Router;

/// The pages outside the API.
pub struct Pages<G> {
    /// Their routes.
    pub router: Router<G>,
    /// Renders the page of a problem.
    pub error_page: ErrorPage,
}

/// The whole service: `routes` below the API root, each behind its guard, `pages` beside them, and problems for every other
/// path.
pub fn router<G: Gateway>(gateway: G, routes: Vec<Route<G>>, pages: Pages<G>, around: HttpConfig) -> Router {
    let HttpConfig { urls, bodies, patience, limits, metrics, budget, deployment, caps, has_worlds } = around;
    let budget = budget.unwrap_or_else(|| BodyBudget::new(bodies.memory, metrics.bodies()));
    let documented = docs::GatewayLimits::new(&limits, bodies, patience.as_secs(), caps);
    let context = operation_guard::GuardContext { gateway: gateway.clone(), limits: Arc::clone(&limits) };
    let mut shared = Extensions::new();
    shared.insert(limits.polls());
    shared.insert(HealthCache::default());
    shared.insert(limits.per_key());
    shared.insert(Arc::clone(&limits));
    shared.insert(urls.clone());
    shared.insert(bodies);
    shared.insert(budget);
    shared.insert(Arc::clone(&metrics));
    let observer = Observer { gateway: gateway.clone(), metrics, sampler: limits.sampler() };
    // One layer, the outermost first: a layer of a router of its own is boxed, and cloned with each request.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(observer, observe::observe))
        .layer(compress::compression_layer())
        .layer(from_fn(compress::mark_public_text))
        .layer(from_fn_with_state((Arc::clone(&limits), Arc::new(shared)), origin::attach_origin))
        .layer(from_fn_with_state(urls.clone(), strict_transport::add_header))
        .layer(from_fn(response_safety::security_headers))
        .layer(from_fn(limits::rate_limit_headers))
        .layer(from_fn_with_state((gateway.clone(), urls, pages.error_page), localise::localise))
        .layer(from_fn_with_state(bodies, drain::drain))
        .layer(CatchPanicLayer::custom(response_safety::on_panic))
        .layer(from_fn_with_state((patience, bodies), response_safety::with_timeout))
        .layer(from_fn_with_state(limits, limits::address_gate));
    operation_table::build_router(routes, &context)
        .merge(self::pages::router(has_worlds))
        .merge(docs::router(deployment, documented))
        .merge(pages.router)
        .fallback(operation_table::not_found)
        .with_state(gateway)
        .layer(layers)
}
