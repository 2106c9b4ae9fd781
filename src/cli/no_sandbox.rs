//! Replaces the sandbox's parts in a build without them: a deployment that needs them does not start.

use std::sync::Arc;

use super::CliError;
use crate::app::App;
use crate::app::webhook_transport::WebhookTransport;
use crate::clock::Clock;
use crate::config::{Config, Login};
use crate::domain::key::Deployment;
use crate::http::Pages;
use crate::outbound::transport::HttpTransport;

/// No value of this type exists.
pub(crate) enum SandboxParts {}

impl SandboxParts {
    /// None in production, and an error where the configuration asks for a sandbox.
    pub(crate) fn new(config: &Config, _: &Arc<dyn Clock>) -> Result<Option<Self>, CliError> {
        if config.deployment == Deployment::Sandbox {
            return Err("this program was built without the sandbox: set deployment to \"production\", or use the \
                        sandbox variant of the release"
                .into());
        }
        Ok(None)
    }

    pub(crate) fn wrap_transport(&self, _: HttpTransport) -> Arc<dyn WebhookTransport> {
        match *self {}
    }

    pub(crate) fn login_config(&self, _: &str) -> Login {
        match *self {}
    }

    pub(crate) fn mount(self, _: &App, _: &Config, _: &str, _: Pages<App>) -> Result<Pages<App>, CliError> {
        match self {}
    }
}
