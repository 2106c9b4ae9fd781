//! Where the operator works: the application of the configuration, and the name to answer for what is done.

use std::sync::Arc;

use super::Manner;
use crate::app::App;
use crate::app::act::Act;
use crate::cli::{Failure, gateway};
use crate::clock::System;
use crate::config::Config;
use crate::store::audit::Actor;

pub(super) struct Desk {
    pub(super) app: App,
    pub(super) actor: Actor,
    pub(super) config: Config,
}

impl Desk {
    /// Opens the database of the configuration, which must be migrated, with its master key.
    pub(super) async fn open(manner: &Manner) -> Result<Self, Failure> {
        let config = manner.config.load()?;
        let app = gateway::open(&config, gateway::masters(&config)?, Arc::new(System)).await?.app;
        Ok(Self { app, actor: Actor::operator(&manner.operator), config })
    }

    /// An act of the operator.
    pub(super) fn act(&self) -> Act<'_> {
        self.app.act(&self.actor)
    }
}
