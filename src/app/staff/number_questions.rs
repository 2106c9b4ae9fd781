//! Look-ups of numbers that are new to a caller among those that the agency has. Each counts as a question, in whatever
//! request it is (alone, with a person, in a register, dry run or not), and is counted before the response.
//!
//! Beyond the allowance no number is compared, so that existing and new numbers have the same response.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::StaffError;
use super::person_changes::{name_hash, ssin_hash};
use super::register_view::RegisterView;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::action::RecordedAction;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rules::staff::NUMBER_NOT_COMPARED;
use crate::domain::ssin::Ssin;
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{NumberLookupKind, StoredPerson, valid_ssin};
use crate::domain::text::name_match_key;
use crate::store::staff::ProbeCount;
use crate::store::{self, WritePurpose};

/// How long a question counts.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// The result for the numbers of a document.
#[derive(Debug, Default)]
pub(super) struct NumberComparison {
    /// Those that the agency has under another family name.
    pub(super) mismatched: HashSet<Ssin>,
    /// How many were not compared, because the allowance was used up.
    pub(super) left_out: u64,
}

impl NumberComparison {
    /// The warning for the numbers that were not compared.
    pub(super) fn warning(&self, place: FindingPlace) -> Findings {
        let count = Param::Count(self.left_out);
        let finding = || Finding::new(&NUMBER_NOT_COMPARED, place).with("count", count);
        (self.left_out > 0).then(finding).into_iter().collect()
    }
}

/// The remaining allowance of a caller's organiser for one kind of question.
struct QuestionAllowance {
    kind: NumberLookupKind,
    left: u64,
    /// When the first counted question leaves the window.
    again: Timestamp,
    /// Hashes of the counted questions, which may be repeated.
    asked: HashSet<String>,
}

impl QuestionAllowance {
    fn of(kind: NumberLookupKind, before: ProbeCount, most: u64, now: Timestamp) -> Self {
        let again = before.first.unwrap_or(now) + WINDOW;
        Self { kind, left: most.saturating_sub(before.count), again, asked: before.asked }
    }

    fn refusal(&self, now: Timestamp) -> StaffError {
        let seconds = u64::try_from(self.again.duration_since(now).as_secs()).unwrap_or_default();
        StaffError::TooOften { seconds: seconds.max(1) }
    }
}

/// Questions of a caller about numbers, counted in one write.
pub(super) struct NumberQuestions<'a> {
    view: &'a RegisterView<'a>,
    work: UnitOfWork<'a>,
}

/// Compares the numbers of a document that are new to the caller with those that the agency has. For callers who reach
/// the whole register, numbers beyond the allowance are left out: a first register is deposited in one piece. For
/// others, who enter persons one by one, the request is refused.
///
/// The questions count whatever the result for the document.
pub(super) async fn compare(
    view: &RegisterView<'_>,
    members: impl Iterator<Item = &RawMember>,
    about: Option<&StoredPerson>,
) -> Result<NumberComparison, StaffError> {
    let new = new_numbers(view, members, about);
    if new.is_empty() {
        return Ok(NumberComparison::default());
    }
    NumberQuestions::begin(view).await?.compare(new).await
}

/// The numbers of a document that are new to the caller, each with the family name that goes with it there.
fn new_numbers<'a>(
    view: &RegisterView<'_>,
    members: impl Iterator<Item = &'a RawMember>,
    about: Option<&StoredPerson>,
) -> Vec<(Ssin, String)> {
    let context = view.context();
    let stored =
        |raw: &RawMember| about.or_else(|| context.find_held(raw)).and_then(|known| known.member.ssin.as_ref());
    let new = members.filter(|raw| stored(raw).is_none());
    let taken = |raw: &RawMember| valid_ssin(raw).filter(|ssin| view.app.accepted_ssins.accept(ssin));
    new.filter_map(|raw| Some((taken(raw)?, raw.family_name.get()?.0.clone()))).collect()
}

impl<'a> NumberQuestions<'a> {
    /// Begins the write that counts.
    pub(super) async fn begin(view: &'a RegisterView<'a>) -> Result<Self, store::Error> {
        Ok(Self { view, work: view.begin_unchecked(WritePurpose::Content).await? })
    }

    async fn compare(mut self, new: Vec<(Ssin, String)>) -> Result<NumberComparison, StaffError> {
        let (mut questions, mut mismatches) =
            (self.allowance(NumberLookupKind::Question).await?, self.allowance(NumberLookupKind::Mismatch).await?);
        if mismatches.left == 0 {
            return Err(self.refuse(&mismatches).await?);
        }
        let mut compared = NumberComparison::default();
        for (ssin, family_name) in new {
            let open = mismatches.left > 0 && self.take(&mut questions, self.question_hash(&ssin)).await?;
            if !open {
                compared.left_out += 1;
            } else if self.is_mismatch(&ssin, &family_name).await? {
                self.take(&mut mismatches, self.wrong_name(&ssin, &family_name)).await?;
                compared.mismatched.insert(ssin);
            }
        }
        if compared.left_out > 0 && !self.view.is_whole {
            return Err(self.refuse(&questions).await?);
        }
        // Only counted: the document leaves its own record.
        self.work.commit_unrecorded().await?;
        Ok(compared)
    }

    /// Whether the agency has a number, and whether under this family name where one is given.
    pub(super) async fn ask(mut self, ssin: &Ssin, family_name: Option<&str>) -> Result<(bool, bool), StaffError> {
        // A number of the caller's own register is no question, and is compared with that register alone: it may have been
        // entered without a comparison.
        let mut own = self.view.visible_persons().iter().filter(|person| person.member.ssin.as_ref() == Some(ssin));
        if let Some(own) = own.next() {
            let fits = family_name.is_none_or(|name| name_match_key(name) == name_match_key(&own.member.family_name));
            self.work.record(&Record::of(RecordedAction::StaffAsked));
            self.work.commit().await?;
            return Ok((true, fits));
        }
        let mut questions = self.allowance(NumberLookupKind::Question).await?;
        if !self.take(&mut questions, self.question_hash(ssin)).await? {
            return Err(self.refuse(&questions).await?);
        }
        self.work.record(&Record::of(RecordedAction::StaffAsked));
        let hash = ssin_hash(self.view.app.vault.index_key(), ssin);
        let known = store::staff::known_name(&mut self.work, &hash).await?.is_some();
        let mut fits = true;
        if let Some(name) = family_name {
            let mut mismatches = self.allowance(NumberLookupKind::Mismatch).await?;
            if mismatches.left == 0 {
                return Err(self.refuse(&mismatches).await?);
            }
            fits = !self.is_mismatch(ssin, name).await?;
            if !fits {
                self.take(&mut mismatches, self.wrong_name(ssin, name)).await?;
            }
        }
        self.work.commit().await?;
        Ok((known, fits))
    }

    /// The remaining allowance; expired questions are removed.
    async fn allowance(&mut self, kind: NumberLookupKind) -> Result<QuestionAllowance, StaffError> {
        let (organiser, at) = (self.view.caller.organiser, self.work.machine().now());
        store::staff::forget_probes(&mut self.work, organiser, at - WINDOW).await?;
        let most = match kind {
            NumberLookupKind::Question => self.view.app.staff.questions_per_hour,
            NumberLookupKind::Mismatch => self.view.app.staff.mismatches_per_hour,
        };
        let before = store::staff::probes(&mut self.work, organiser, kind, at - WINDOW).await?;
        Ok(QuestionAllowance::of(kind, before, most, at))
    }

    /// Takes one from the allowance, unless the same question was counted before; `false` when none is left.
    async fn take(&mut self, allowance: &mut QuestionAllowance, asked: String) -> Result<bool, StaffError> {
        if allowance.asked.contains(&asked) {
            return Ok(true);
        }
        if allowance.left == 0 {
            return Ok(false);
        }
        let (organiser, at) = (self.view.caller.organiser, self.work.machine().now());
        store::staff::note_probe(&mut self.work, organiser, allowance.kind, &asked, at).await?;
        allowance.left -= 1;
        allowance.asked.insert(asked);
        Ok(true)
    }

    /// Records that the allowance was exceeded, and returns the refusal. The questions until then count.
    async fn refuse(mut self, allowance: &QuestionAllowance) -> Result<StaffError, StaffError> {
        let refusal = allowance.refusal(self.work.machine().now());
        self.work.record(&Record::of(RecordedAction::StaffTooManyTries));
        self.work.commit().await?;
        Ok(refusal)
    }

    /// Whether the number has another family name: with the agency, or with the organiser for a person whom the caller
    /// cannot see.
    async fn is_mismatch(&mut self, ssin: &Ssin, family_name: &str) -> Result<bool, StaffError> {
        let index = self.view.app.vault.index_key();
        let sent = name_hash(index, ssin, family_name);
        let known = store::staff::known_name(&mut self.work, &ssin_hash(index, ssin)).await?;
        let hidden = self.view.find_hidden(ssin);
        let unseen = hidden.map(|at| name_hash(index, ssin, &self.view.stored[at].member.family_name));
        Ok(unseen.or(known).is_some_and(|known| known != sent))
    }

    fn question_hash(&self, ssin: &Ssin) -> String {
        let organiser = self.view.caller.organiser.to_string();
        self.view.app.vault.index_key().hash("staff question", &[organiser.as_bytes(), ssin.expose().as_bytes()])
    }

    fn wrong_name(&self, ssin: &Ssin, family_name: &str) -> String {
        let name = name_hash(self.view.app.vault.index_key(), ssin, family_name);
        let organiser = self.view.caller.organiser.to_string();
        self.view.app.vault.index_key().hash("staff wrong name", &[organiser.as_bytes(), name.as_bytes()])
    }
}
