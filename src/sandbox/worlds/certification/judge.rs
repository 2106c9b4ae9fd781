//! The judgement of a step: what is stored and what was called is looked at first, then what the software says of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::catalogue::{Case, Expectation, Profile, Step};
use super::difference::difference;
use super::failure::{Failure, FailureReason};
use super::report::{Outcome, Report};
use super::run::CertificationRun;
use super::seen::Seen;
use super::stage::{SeenCall, Stage, StageError};
use super::{judge_events, judge_signature};

/// How many calls that cannot succeed may be made.
const CALLS_IN_VAIN: usize = 5;
/// How long after "too many requests" a call may be repeated at the earliest: what the scenario asks for.
const RETRY_AFTER: SignedDuration = SignedDuration::from_millis(900);
const TOO_MANY_REQUESTS: u64 = 429;

/// Why the present step was not passed; `None` where it was.
pub(super) async fn judge(
    stage: &Stage,
    run: &CertificationRun,
    (case, step): (Case, &Step),
    report: &Report,
) -> Result<Option<Failure>, StageError> {
    let seen = Seen { stage, run, report, calls: stage.calls(run.facts.calls).await? };
    if case.profile == Profile::Webhooks {
        return judge_events::judge(&seen, step.expected).await;
    }
    let slot = stage.slot(case, run.results.len()).ok_or("the place of the case is not there any more")?;
    let path = case.profile.deposit().path(slot);
    if step.expected == Expectation::PageShown {
        return Ok(judge_signature::judge(&seen, &stage.signing_page(&path).await?).err());
    }
    let stored = stage.stored(&path).await?;
    Ok(seen.judge_deposit(step.expected, stored.as_ref()).err())
}

impl Seen<'_> {
    fn judge_deposit(&self, expected: Expectation, stored: Option<&Value>) -> Result<(), Failure> {
        if self.calls.is_empty() && expected != Expectation::StoredAlready {
            return Err(Failure::of(FailureReason::NotCalled));
        }
        let revision = stored.map_or(0, |stored| stored["revision"].as_u64().unwrap_or_default());
        let before = self.run.facts.revision;
        let kept = |reason| if revision == before { Ok(()) } else { Err(Failure::of(reason)) };
        match expected {
            Expectation::Stored => {
                self.require_stored(stored, revision)?;
                self.require_patience()?;
                self.require_outcome(Outcome::Done)?;
                self.require_findings()
            }
            Expectation::StoredAlready => {
                kept(FailureReason::RevisionsTooMany)?;
                self.require_outcome(Outcome::Done)
            }
            Expectation::Refused => {
                kept(FailureReason::Written)?;
                self.require_outcome(Outcome::Refused)?;
                self.require_findings()
            }
            Expectation::OthersKept => {
                kept(FailureReason::OthersOverwritten)?;
                self.require_outcome(Outcome::Conflict)
            }
            Expectation::GivenUp => {
                kept(FailureReason::Written)?;
                self.require_few_calls()?;
                self.require_outcome(Outcome::NotDone)
            }
            _ => Ok(()),
        }
    }

    /// The document is stored, by one new revision.
    fn require_stored(&self, stored: Option<&Value>, revision: u64) -> Result<(), Failure> {
        let (before, document) = (self.run.facts.revision, self.run.facts.document.as_ref());
        let stored = stored.filter(|_| revision > before).ok_or_else(|| Failure::of(FailureReason::NotStored))?;
        if let Some(difference) = document.and_then(|document| difference(document, stored, "")) {
            return Err(difference);
        }
        if revision == before + 1 {
            return Ok(());
        }
        Err(Failure::of(FailureReason::RevisionsTooMany).with(before + 1, revision))
    }

    /// No call was repeated before its time.
    fn require_patience(&self) -> Result<(), Failure> {
        let at = |call: &SeenCall| call.text("at").parse::<Timestamp>().unwrap_or(Timestamp::UNIX_EPOCH);
        let is_hasty = |pair: &[SeenCall]| {
            pair[0].status() == TOO_MANY_REQUESTS && at(&pair[1]).duration_since(at(&pair[0])) < RETRY_AFTER
        };
        if self.calls.windows(2).any(is_hasty) {
            return Err(Failure::of(FailureReason::RepeatedTooSoon));
        }
        Ok(())
    }

    /// What could not succeed was not repeated again and again.
    pub(super) fn require_few_calls(&self) -> Result<(), Failure> {
        if self.calls.len() <= CALLS_IN_VAIN {
            return Ok(());
        }
        Err(Failure::of(FailureReason::RepeatedInVain).with(CALLS_IN_VAIN, self.calls.len()))
    }

    pub(super) fn require_outcome(&self, right: Outcome) -> Result<(), Failure> {
        match self.report.outcome {
            told if told == right => Ok(()),
            told => Err(Failure::of(FailureReason::OutcomeDiffers).with(right.code(), told.code())),
        }
    }

    /// Every finding of the last verdict is among those that the software showed.
    fn require_findings(&self) -> Result<(), Failure> {
        let verdict = self.calls.iter().rev().map(|call| &call.0["verdict"]).find(|verdict| verdict.is_object());
        let findings = verdict.and_then(|verdict| verdict["findings"].as_array()).into_iter().flatten();
        let codes: Vec<&str> = findings.filter_map(|finding| finding["code"].as_str()).collect();
        let shown = |code: &&str| self.report.findings.iter().any(|shown| shown == code);
        if codes.iter().all(shown) {
            return Ok(());
        }
        Err(Failure::of(FailureReason::FindingsNotShown).with(json!(codes), json!(self.report.findings)))
    }
}
