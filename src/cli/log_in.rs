//! How people log in: through the provider of the configuration; in a sandbox without one, through a simulated CSAM.

use std::sync::Arc;

use super::CliError;
use crate::app::{App, seed};
use crate::clock::{Clock, System};
use crate::config::{Config, Login};
use crate::csam::{self, Client, Csam, Persona};
use crate::domain::key::Deployment;
use crate::domain::text::Language;
use crate::http::console::{LogIn, RETURN};
use crate::outbound::client;
use crate::outbound::oidc::Provider;

/// What the gateway and its simulated provider know each other by.
const CLIENT: &str = "passerelle";

/// The way in, and the simulated provider where there is one.
pub(super) fn of(app: &App, config: &Config, base_url: &str) -> Result<(LogIn, Option<Csam>), CliError> {
    match (&config.login, config.deployment) {
        (Some(login), _) => Ok((LogIn::through(provider(&app.clock, login.clone(), base_url)?), None)),
        (None, Deployment::Production) => Ok((LogIn::closed(), None)),
        (None, Deployment::Sandbox) => {
            let issuer = format!("{base_url}/csam");
            let client = Client {
                id: CLIENT.to_owned(),
                secret: None,
                redirects: vec![format!("{base_url}{RETURN}")],
                logouts: vec![format!("{base_url}/console/login")],
            };
            let personas = seed::personas().into_iter().map(persona).collect();
            let csam = Csam::new(&issuer, client, personas, Arc::clone(&app.clock))?;
            Ok((LogIn::through(provider(&app.clock, simulated(&issuer), base_url)?), Some(csam)))
        }
    }
}

/// Whether the provider tells how it is to be spoken to.
pub(super) async fn probe(login: Login, base_url: &str) -> Result<(), CliError> {
    let clock: Arc<dyn Clock> = Arc::new(System);
    provider(&clock, login, base_url)?.begin(Language::Fr).await?;
    Ok(())
}

fn provider(clock: &Arc<dyn Clock>, login: Login, base_url: &str) -> Result<Provider, CliError> {
    let begun = if login.issuer.starts_with("https:") { client::public_client() } else { client::loopback() };
    Ok(Provider::new(login, &format!("{base_url}{RETURN}"), begun.build()?, Arc::clone(clock))?)
}

/// How the simulated CSAM is spoken to.
fn simulated(issuer: &str) -> Login {
    let claim = str::to_owned;
    Login {
        issuer: issuer.to_owned(),
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

fn persona(known: seed::Persona) -> Persona {
    Persona { given_name: known.given_name, family_name: known.family_name, ssin: known.ssin, remark: known.remark }
}
