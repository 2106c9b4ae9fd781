//! Stored revisions, validated once more by the announced rules.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::unseal;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::{App, WorkSize, run_blocking};
use crate::domain::action::RecordedAction;
use crate::domain::announced_rules::{self, Severities};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::kinds::for_each_kind;
use crate::domain::rule::{Rule, RuleSet, Severity};
use crate::domain::statement::{RevisionPlace, Statement, StatementContext};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::seal::DataKey;
use crate::store;
use crate::store::statements::DepositedFilter;

/// How far back revisions are replayed.
const PERIOD: SignedDuration = SignedDuration::from_hours(24 * 90);
/// How many are in memory at a time, sealed.
const BATCH: usize = 25;

/// Which revisions are replayed.
#[derive(Debug, Clone, Copy)]
pub struct ReplayQuery {
    /// Those of this application only.
    pub application: Option<ApplicationId>,
    /// Those after this place.
    pub after: Option<RevisionPlace>,
    /// At most so many.
    pub most: u32,
}

/// What the announced rules would have refused: counts, and nothing of a document.
#[derive(Debug)]
pub struct ReplayReport {
    /// Revisions of this instant or later were replayed.
    pub since: Timestamp,
    /// How many were.
    pub replayed: u32,
    /// How many of them would be refused.
    pub refused: u32,
    /// The findings, by code and field.
    pub findings: BTreeMap<(&'static str, String), FieldCount>,
    /// The last place, where there are more.
    pub next: Option<RevisionPlace>,
}

/// How often a field breaks a rule.
#[derive(Debug, Clone, Copy)]
pub struct FieldCount {
    /// The rule.
    pub rule: &'static Rule,
    /// At how many places.
    pub places: u64,
    /// In how many revisions.
    pub revisions: u64,
}

/// Replays the revisions that software deposited and the caller may see, and records that they were opened.
///
/// # Errors
/// Where the gateway fails.
pub async fn replay(app: &App, caller: &Caller, query: ReplayQuery) -> Result<ReplayReport, InternalError> {
    let since = caller.clock.now().checked_sub(PERIOD).unwrap_or(Timestamp::MIN);
    let (application, kinds) = (query.application, announced_rules::kinds());
    let filter = DepositedFilter { reach: caller.call_reach(), application, kinds, since };
    let mut report = ReplayReport { since, replayed: 0, refused: 0, findings: BTreeMap::new(), next: None };
    let mut tx = app.db.read().await?;
    let most = query.most.saturating_add(1);
    let mut places = store::statements::list_deposited(&mut tx, caller.organiser, &filter, query.after, most).await?;
    let creches = store::creches::list_whole(&mut tx, caller.organiser).await?;
    drop(tx);
    if places.len() > query.most as usize {
        places.truncate(query.most as usize);
        report.next = places.last().copied();
    }
    let replayer = Arc::new(Replayer {
        organiser: caller.organiser,
        key: app.vault.organiser_key(&app.db, caller.organiser).await?,
        creches: creches.into_iter().map(|creche| (creche.id, creche)).collect(),
        today: caller.clock.today(),
        half_day_max_minutes: app.half_day_max_minutes,
    });
    for batch in places.chunks(BATCH) {
        let (replayer, sealed) = (Arc::clone(&replayer), documents(app, caller.organiser, batch).await?);
        let validate = move || sealed.iter().map(|(place, sealed)| replayer.refusals(*place, sealed)).collect();
        let refusals: Result<Vec<_>, InternalError> = run_blocking(caller.organiser, WorkSize::Heavy, validate).await?;
        refusals?.iter().for_each(|refusals| report.add(refusals));
    }
    if report.replayed > 0 {
        let record = Record::of(RecordedAction::RevisionsReplayed).detail(report.replayed.to_string());
        app.record_access(caller.organiser, &caller.actor(), &record).await?;
    }
    Ok(report)
}

/// The sealed documents of these revisions; those that were removed meanwhile are left out.
async fn documents(
    app: &App,
    organiser: OrganiserId,
    places: &[RevisionPlace],
) -> Result<Vec<(RevisionPlace, Vec<u8>)>, InternalError> {
    let tx = &mut app.db.read().await?;
    let mut documents = Vec::new();
    for place in places {
        let document = store::statements::document(tx, organiser, place.key, place.revision).await?;
        documents.extend(document.map(|document| (*place, document)));
    }
    Ok(documents)
}

/// What validating stored revisions needs.
struct Replayer {
    organiser: OrganiserId,
    key: Arc<DataKey>,
    creches: HashMap<CrecheId, Creche>,
    today: Date,
    half_day_max_minutes: u32,
}

impl Replayer {
    /// The findings for which an announced rule would refuse the revision.
    fn refusals(&self, place: RevisionPlace, sealed: &[u8]) -> Result<Vec<Finding>, InternalError> {
        macro_rules! refusals_of_kind {
            ($($kind:ident)*) => {
                $(
                    if place.key.kind == crate::domain::kinds::$kind::KIND {
                        return self.refusals_of::<crate::domain::kinds::$kind::Statement>(place, sealed);
                    }
                )*
            };
        }
        for_each_kind!(refusals_of_kind);
        Ok(Vec::new())
    }

    fn refusals_of<S: Statement>(&self, place: RevisionPlace, sealed: &[u8]) -> Result<Vec<Finding>, InternalError> {
        let Some(creche) = self.creches.get(&place.key.creche) else { return Ok(Vec::new()) };
        let statement: S = unseal(self.organiser, &self.key, place.key, place.revision, sealed)?;
        let context = StatementContext {
            rules: RuleSet::Next,
            past: None,
            doctors: None,
            ..StatementContext::of(creche, place.key.month, self.today, self.half_day_max_minutes)
        };
        let (_, findings) = S::parse(statement.into_raw(), &context);
        let refuses = |finding: &Finding| {
            finding.severity == Severity::Error && announced_rules::announced(finding.rule).is_some()
        };
        Ok(Severities::of(&context).apply(findings).into_iter().filter(refuses).collect())
    }
}

impl ReplayReport {
    /// Counts a revision with the findings for which it would be refused.
    fn add(&mut self, refusals: &[Finding]) {
        self.replayed += 1;
        self.refused += u32::from(!refusals.is_empty());
        let mut fields = BTreeMap::<_, FieldCount>::new();
        for finding in refusals {
            for place in &finding.places {
                let new = FieldCount { rule: finding.rule, places: 0, revisions: 1 };
                fields.entry((finding.rule.code, field(&place.pointer))).or_insert(new).places += 1;
            }
        }
        for (field, count) in fields {
            let total = self.findings.entry(field).or_insert(FieldCount { places: 0, revisions: 0, ..count });
            total.places += count.places;
            total.revisions += count.revisions;
        }
    }
}

/// A JSON Pointer with `*` in place of the numbers of items.
fn field(pointer: &str) -> String {
    let is_number = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps: Vec<_> = pointer.split('/').map(|step| if is_number(step) { "*" } else { step }).collect();
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn numbers_of_items_are_left_out_of_a_field() {
        assert_eq!(field("/lines/12/days/0/duration"), "/lines/*/days/*/duration");
        assert_eq!((field(""), field("/lines")), (String::new(), "/lines".to_owned()));
    }
}
