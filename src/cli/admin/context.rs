//! The context of the operator's commands: the application of the configuration, and the operator's name.

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
    pub(super) async fn open(args: &GlobalArgs) -> Result<Self, CliError> {
        let config = args.config.load()?;
        let app =
            gateway::open(&config, gateway::master_keys(&config)?, Clocks::same_for_all(Arc::new(System))).await?.app;
        Ok(Self { app, actor: Actor::operator(&args.operator), config })
    }

    /// The operator, as the actor of a use case.
    pub(super) fn act(&self) -> OperatorContext<'_> {
        self.app.acting_as(&self.actor)
    }
}
