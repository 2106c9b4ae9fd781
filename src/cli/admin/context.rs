//! Where the operator works: the application of the configuration, and the name to answer for what is done.

use std::sync::Arc;

use super::GlobalArgs;
use crate::app::operator::OperatorContext;
use crate::app::{App, Clocks};
use crate::cli::{CliError, gateway};
use crate::clock::System;
use crate::config::Config;
use crate::domain::actor::Actor;

pub(super) struct AdminContext {
    pub(super) app: App,
    pub(super) actor: Actor,
    pub(super) config: Config,
}

impl AdminContext {
    /// Opens the database of the configuration, which must be migrated, with its master key.
    pub(super) async fn open(manner: &GlobalArgs) -> Result<Self, CliError> {
        let config = manner.config.load()?;
        let app = gateway::open(&config, gateway::masters(&config)?, Clocks::common(Arc::new(System))).await?.app;
        Ok(Self { app, actor: Actor::operator(&manner.operator), config })
    }

    /// An act of the operator.
    pub(super) fn act(&self) -> OperatorContext<'_> {
        self.app.acting_as(&self.actor)
    }
}
