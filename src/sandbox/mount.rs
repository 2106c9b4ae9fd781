//! The parts that a sandbox adds to a gateway, mounted in one place: the webhook inspector and, where the configuration has
//! no log-in provider, the simulated CSAM.

use std::sync::Arc;

use super::csam::{self, Client, Csam, Persona};
use super::inspector::local::{InspectingTransport, LocalInspector};
use super::{inspector, seed};
use crate::app::App;
use crate::app::webhook_transport::WebhookTransport;
use crate::cli::CliError;
use crate::cli::webhook_transport::may_call_own_machine;
use crate::clock::Clock;
use crate::config::{Config, Login};
use crate::domain::key::Deployment;
use crate::http::Pages;
use crate::http::urls::LOGIN_RETURN;
use crate::outbound::transport::HttpTransport;

/// The client id of the gateway at its simulated provider.
const CLIENT: &str = "passerelle";

/// The parts of a sandbox that run inside its gateway.
pub(crate) struct SandboxParts(LocalInspector);

impl SandboxParts {
    /// The parts of this deployment; none in production.
    #[expect(clippy::unnecessary_wraps, reason = "a build without the sandbox refuses one")]
    pub(crate) fn new(config: &Config, clock: &Arc<dyn Clock>) -> Result<Option<Self>, CliError> {
        let hosted = !may_call_own_machine(config);
        let is_sandbox = config.deployment == Deployment::Sandbox;
        Ok(is_sandbox.then(|| Self(LocalInspector::new(Arc::clone(clock), hosted))))
    }

    /// The transport that delivers webhooks for the inspector to it, and all others over `network`.
    pub(crate) fn wrap_transport(&self, network: HttpTransport) -> Arc<dyn WebhookTransport> {
        Arc::new(InspectingTransport { network, local: self.0.clone() })
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
        self,
        app: &App,
        config: &Config,
        base_url: &str,
        mut pages: Pages<App>,
    ) -> Result<Pages<App>, CliError> {
        self.0.is_known_at(base_url);
        pages.router = pages.router.nest_service(inspector::ROOT, self.0.inspector.router());
        if config.login.is_none() {
            let csam = simulated_csam(app, base_url)?;
            pages.router = pages.router.nest_service("/csam", csam::router(csam));
        }
        Ok(pages)
    }
}

fn issuer(base_url: &str) -> String {
    format!("{base_url}/csam")
}

fn simulated_csam(app: &App, base_url: &str) -> Result<Csam, CliError> {
    let client = Client {
        id: CLIENT.to_owned(),
        secret: None,
        redirects: vec![format!("{base_url}{LOGIN_RETURN}")],
        logouts: vec![format!("{base_url}/console/login")],
    };
    let personas = seed::personas().into_iter().map(persona).collect();
    Ok(Csam::new(&issuer(base_url), client, personas, app.clocks.shared_machine())?)
}

fn persona(seeded: seed::Persona) -> Persona {
    Persona { given_name: seeded.given_name, family_name: seeded.family_name, ssin: seeded.ssin, remark: seeded.remark }
}
