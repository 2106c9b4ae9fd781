//! What is past its period is removed: statements, verdicts, keys. Audit entries and events stay: their chains have no
//! holes.

use std::ops::AddAssign;

use jiff::civil::Date;

use super::App;
use super::act::{Act, Refusal};
use crate::clock;
use crate::domain::retention::{Horizon, Retention};
use crate::ids::OrganiserId;
use crate::store::audit::Actor;
use crate::store::{self, Tx};

/// How much was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Statements.
    pub statements: u64,
    /// Their revisions.
    pub revisions: u64,
    /// Verdicts on deposits and dry runs.
    pub verdicts: u64,
    /// Keys that had ended.
    pub keys: u64,
}

impl Removed {
    /// Whether it was nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl AddAssign for Removed {
    fn add_assign(&mut self, other: Self) {
        self.statements += other.statements;
        self.revisions += other.revisions;
        self.verdicts += other.verdicts;
        self.keys += other.keys;
    }
}

/// In counts, as the audit trail and people read it.
impl std::fmt::Display for Removed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { statements, revisions, verdicts, keys } = self;
        write!(f, "{statements} statement(s) with {revisions} revision(s), {verdicts} verdict(s), {keys} key(s)")
    }
}

/// Removes of every organiser what is past its period, or only counts it: who lost what, those aside who lose nothing.
///
/// One transaction an organiser, which holds it: of several gateways that do this at once, one finds it and the others
/// find it done.
pub async fn apply(act: Act<'_>, horizon: Horizon, dry_run: bool) -> Result<Vec<(OrganiserId, Removed)>, Refusal> {
    let organisers = store::organisers::list(&mut act.db.read().await?).await?;
    let mut all = Vec::new();
    for organiser in organisers {
        let mut tx = act.begin(organiser.id).await?;
        let removed = remove(&mut tx, organiser.id, horizon).await?;
        if removed.is_nothing() {
            continue;
        }
        if !dry_run {
            act.finish(tx, organiser.id, act.entry("retention.applied").detail(removed.to_string())).await?;
        }
        all.push((organiser.id, removed));
    }
    Ok(all)
}

async fn remove(tx: &mut Tx, organiser: OrganiserId, horizon: Horizon) -> Result<Removed, store::Error> {
    let before = clock::midnight(horizon.day);
    let (statements, revisions) = store::statements::remove_before(tx, organiser, horizon.month).await?;
    let verdicts = store::verdicts::remove_before(tx, organiser, before).await?;
    let keys = store::keys::remove_ended_before(tx, organiser, before).await?;
    Ok(Removed { statements, revisions, verdicts, keys })
}

/// Applies the periods once a day, as the clock has it.
#[derive(Debug)]
pub struct Daily {
    retention: Retention,
    /// The day on which it was last done.
    done: Option<Date>,
}

impl Daily {
    /// With these periods; the first time is now.
    pub const fn new(retention: Retention) -> Self {
        Self { retention, done: None }
    }

    /// Applies them if a day has begun since the last time; what was removed, all in all. What went wrong is tried again
    /// the next time.
    pub async fn keep(&mut self, app: &App) -> Result<Option<Removed>, Refusal> {
        let today = app.clock.today();
        if self.done == Some(today) {
            return Ok(None);
        }
        let actor = Actor::system("retention");
        let mut all = Removed::default();
        for (_, removed) in apply(app.act(&actor), self.retention.on(today), false).await? {
            all += removed;
        }
        self.done = Some(today);
        Ok(Some(all))
    }
}
