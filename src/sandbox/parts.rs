//! The parts that a sandbox adds to a gateway: the webhook inspector, the scenarios and, where the configuration has no
//! log-in provider, the simulated CSAM.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::csam::{self, Client, Csam, Persona};
use super::inspector::local::{InspectingTransport, LocalInspector};
use super::scenarios::{self, ScenarioTransport, Scenarios};
use super::{inspector, seed};
use crate::app::App;
use crate::app::webhook_transport::WebhookTransport;
use crate::cli::CliError;
use crate::config::{Config, Login};
use crate::http::operation_table::Route;
use crate::http::urls::LOGIN_RETURN;
use crate::http::{HttpConfig, Pages};
use crate::outbound::transport::HttpTransport;

/// The client id of the gateway at its simulated provider.
const CLIENT: &str = "passerelle";

/// What stands in front of a sandbox and beside its pages.
pub(crate) trait SandboxExtension: Send + Sync {
    /// Sets what is shared with the gateway: its metrics, and the memory for bodies.
    fn share(&self, around: &HttpConfig);

    /// The routes that are added to the pages of a gateway that is known at `base_url`.
    fn routes(&self, app: &App, base_url: &str) -> Router<App>;

    /// The router with what comes before it.
    fn in_front_of(&self, router: Router) -> Router;

    /// Work in the background, until the sender of `done` is dropped.
    fn run(&self, done: watch::Receiver<()>) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The parts of a sandbox that run inside its gateway. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SandboxParts {
    inspector: LocalInspector,
    /// Who can log in.
    personas: Arc<[Persona]>,
    scenarios: Scenarios,
    extension: Option<Arc<dyn SandboxExtension>>,
}

impl SandboxParts {
    /// The parts with this inspector, the persons who can log in, and these scenarios.
    pub(crate) fn new(inspector: LocalInspector, personas: Vec<seed::Persona>, scenarios: Scenarios) -> Self {
        Self { inspector, personas: personas.into_iter().map(persona).collect(), scenarios, extension: None }
    }

    /// Adds what stands in front.
    pub(crate) fn with_extension(self, extension: Option<Arc<dyn SandboxExtension>>) -> Self {
        Self { extension, ..self }
    }

    /// The transport that delivers webhooks for the inspector to it, and all others over `network`.
    pub(crate) fn wrap_transport(&self, network: HttpTransport) -> Arc<dyn WebhookTransport> {
        self.wrap_shared_transport(Arc::new(network))
    }

    /// The same with any transport.
    pub(crate) fn wrap_shared_transport(&self, network: Arc<dyn WebhookTransport>) -> Arc<dyn WebhookTransport> {
        let inner = Arc::new(InspectingTransport { network, local: self.inspector.clone() });
        Arc::new(ScenarioTransport { inner, scenarios: self.scenarios.clone() })
    }

    /// The operations of the API, which play scenarios.
    pub(crate) fn wrap_operations(&self, app: &App, routes: Vec<Route<App>>) -> Vec<Route<App>> {
        scenarios::with_scenarios(app, &self.scenarios, routes)
    }

    /// Shares the metrics of the gateway, and its memory for bodies, with what stands in front.
    pub(crate) fn share(&self, around: &HttpConfig) {
        if let Some(extension) = &self.extension {
            extension.share(around);
        }
    }

    /// The log-in settings for the simulated CSAM.
    #[expect(clippy::unused_self, reason = "only a sandbox has this provider")]
    pub(crate) fn login_config(&self, base_url: &str) -> Login {
        let claim = str::to_owned;
        Login {
            issuer: issuer(base_url),
            client_id: CLIENT.to_owned(),
            client_secret: None,
            scopes: csam::SCOPES.map(str::to_owned).into(),
            ssin_claim: claim(csam::SSIN_CLAIM),
            given_name_claim: claim("given_name"),
            family_name_claim: claim("family_name"),
            assurance_claim: claim("acr"),
            strong: csam::STRONG.map(str::to_owned).into(),
        }
    }

    /// The pages of the gateway, with those of the sandbox.
    pub(crate) fn mount(
        &self,
        app: &App,
        config: &Config,
        base_url: &str,
        mut pages: Pages<App>,
    ) -> Result<Pages<App>, CliError> {
        self.inspector.is_known_at(base_url);
        pages.router = pages.router.nest_service(inspector::ROOT, self.inspector.inspector.router());
        pages.router = pages.router.merge(scenarios::routes());
        if config.login.is_none() {
            let csam = self.simulated_csam(app, base_url)?;
            pages.router = pages.router.nest_service("/csam", csam::router(csam));
        }
        if let Some(extension) = &self.extension {
            pages.router = pages.router.merge(extension.routes(app, base_url));
        }
        Ok(pages)
    }

    /// The router with what stands in front of it.
    pub(crate) fn in_front_of(&self, router: Router) -> Router {
        match &self.extension {
            Some(extension) => extension.in_front_of(router),
            None => router,
        }
    }

    /// Starts the work of the sandbox in the background.
    pub(crate) fn spawn_tasks(&self, tasks: &mut JoinSet<()>, done: &watch::Receiver<()>) {
        if let Some(extension) = &self.extension {
            tasks.spawn(extension.run(done.clone()));
        }
    }

    fn simulated_csam(&self, app: &App, base_url: &str) -> Result<Csam, CliError> {
        let client = Client {
            id: CLIENT.to_owned(),
            secret: None,
            redirects: vec![format!("{base_url}{LOGIN_RETURN}")],
            logouts: vec![format!("{base_url}/console/login")],
        };
        Ok(Csam::new(&issuer(base_url), client, self.personas.to_vec(), app.clocks.shared_machine())?)
    }
}

fn issuer(base_url: &str) -> String {
    format!("{base_url}/csam")
}

fn persona(seeded: seed::Persona) -> Persona {
    Persona { given_name: seeded.given_name, family_name: seeded.family_name, ssin: seeded.ssin, remark: seeded.remark }
}
