//! The log-in provider: that of the configuration, or that of a sandbox.

use std::sync::Arc;

use super::CliError;
use super::sandbox_parts::SandboxParts;
use crate::app::App;
use crate::clock::{Clock, System};
use crate::config::{Config, Login};
use crate::console::LogIn;
use crate::http::urls::LOGIN_RETURN;
use crate::outbound::client;
use crate::outbound::oidc::LoginProvider;
use crate::words::Language;

/// The provider of the configuration, else that of a sandbox, else `None`: then log-in is not possible.
pub(super) fn from_config(
    app: &App,
    config: &Config,
    sandbox: Option<&SandboxParts>,
    base_url: &str,
) -> Result<LogIn, CliError> {
    let login = config.login.clone().or_else(|| sandbox.map(|sandbox| sandbox.login_config(base_url)));
    Ok(match login {
        Some(login) => LogIn::through(provider(&app.clocks.shared_machine(), login, base_url)?),
        None => LogIn::closed(),
    })
}

/// Whether the provider's metadata can be read.
pub(super) async fn probe_provider(login: Login, base_url: &str) -> Result<(), CliError> {
    let clock: Arc<dyn Clock> = Arc::new(System);
    provider(&clock, login, base_url)?.begin_login(Language::Fr).await?;
    Ok(())
}

fn provider(clock: &Arc<dyn Clock>, login: Login, base_url: &str) -> Result<LoginProvider, CliError> {
    let begun = if login.issuer.starts_with("https:") { client::public_client() } else { client::loopback() };
    Ok(LoginProvider::new(login, &format!("{base_url}{LOGIN_RETURN}"), begun.build()?, Arc::clone(clock))?)
}
