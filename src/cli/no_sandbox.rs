//! Replaces the sandbox's parts in a build without them: a deployment that needs them does not start.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::CliError;
use crate::app::webhook_transport::WebhookTransport;
use crate::app::{App, Clocks};
use crate::config::{Config, Login};
use crate::domain::key::Deployment;
use crate::http::operation_table::Route;
use crate::http::{GatewayRouter, HttpConfig, Pages};
use crate::outbound::transport::HttpTransport;

/// No value of this type exists.
pub(crate) enum SandboxParts {}

/// None in production, and an error where the configuration asks for a sandbox.
pub(crate) fn of_gateway(config: &Config, _: &Clocks) -> Result<Option<SandboxParts>, CliError> {
    if config.deployment == Deployment::Sandbox {
        return Err(
            "this program was built without the sandbox: set deployment to \"production\", or use the sandbox \
                    variant of the release"
                .into(),
        );
    }
    Ok(None)
}

impl SandboxParts {
    pub(crate) fn wrap_transport(&self, _: HttpTransport) -> Arc<dyn WebhookTransport> {
        match *self {}
    }

    pub(crate) fn wrap_operations(&self, _: &App, _: Vec<Route<App>>) -> Vec<Route<App>> {
        match *self {}
    }

    pub(crate) fn share(&self, _: &HttpConfig) {
        match *self {}
    }

    pub(crate) fn login_config(&self, _: &str) -> Login {
        match *self {}
    }

    pub(crate) fn mount(&self, _: &App, _: &Config, _: &str, _: Pages<App>) -> Result<Pages<App>, CliError> {
        match *self {}
    }

    pub(crate) fn in_front_of(&self, _: GatewayRouter) -> GatewayRouter {
        match *self {}
    }

    pub(crate) fn spawn_tasks(&self, _: &mut JoinSet<()>, _: &watch::Receiver<()>) {
        match *self {}
    }
}
