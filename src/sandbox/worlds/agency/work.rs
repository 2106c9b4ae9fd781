//! What the simulated agency has to do now.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use tokio::sync::Mutex;

use super::acts::AgencyActs;
use super::policy::AgencyPolicy;
use crate::app::App;
use crate::cli::CliError;
use crate::sandbox::seed::content::SeedWorld;
use crate::sandbox::worlds::record::WorldDirectory;

/// The simulated agency of a world that is open.
pub(in crate::sandbox::worlds) struct SimulatedAgency {
    acts: AgencyActs,
    directory: WorldDirectory,
    policy: RwLock<AgencyPolicy>,
    /// The day on which everything was looked at last. Held while the agency acts: once at a time.
    looked_at: Mutex<Option<Date>>,
}

impl SimulatedAgency {
    /// The agency of a world, with the policy that is stored.
    pub(in crate::sandbox::worlds) fn load(
        app: App,
        directory: WorldDirectory,
        world: &SeedWorld,
    ) -> std::io::Result<Arc<Self>> {
        let policy = match std::fs::read(directory.agency()) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => AgencyPolicy::default(),
            Err(error) => return Err(error),
        };
        let acts = AgencyActs::new(app, world);
        Ok(Arc::new(Self { acts, directory, policy: RwLock::new(policy), looked_at: Mutex::default() }))
    }

    /// What it does.
    pub(in crate::sandbox::worlds) fn policy(&self) -> AgencyPolicy {
        *self.policy.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what it does from now on.
    pub(in crate::sandbox::worlds) async fn set_policy(&self, policy: AgencyPolicy) -> std::io::Result<()> {
        let mut looked_at = self.looked_at.lock().await;
        self.directory.write(&self.directory.agency(), &serde_json::to_vec(&policy)?)?;
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = policy;
        *looked_at = None;
        Ok(())
    }

    /// Does everything that is due: what is done at once, and on a new day what is done after some days.
    pub(in crate::sandbox::worlds) async fn act(&self) -> Result<(), CliError> {
        let mut looked_at = self.looked_at.lock().await;
        let (policy, today) = (self.policy(), self.acts.today());
        let is_new_day = *looked_at != Some(today);
        let is_due = |days: u16| days == 0 || is_new_day;
        if let Some(decision) = policy.doctors.filter(|_| is_due(policy.doctors_after_days.0)) {
            self.acts.decide_on_doctors(decision, policy.doctors_after_days.0).await?;
        }
        if let Some(answer) = policy.claims.filter(|_| is_due(policy.claims_after_days.0)) {
            self.acts.answer_claims(answer, policy.claims_after_days.0).await?;
        }
        if let Some(days) = policy.payments_after_days.filter(|days| is_due(days.0)) {
            self.acts.pay(days.0).await?;
        }
        if policy.rate_tables && is_new_day {
            self.acts.publish_rates().await?;
        }
        *looked_at = Some(today);
        Ok(())
    }
}
