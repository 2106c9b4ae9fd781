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
use crate::ids::OrganiserId;
use crate::seal::IndexKey;
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

/// A number that is new to the caller, with the family name that goes with it.
struct NewNumber<'a> {
    ssin: Ssin,
    family_name: &'a str,
    /// The keyed hash by which the question is counted whether the agency has the number.
    question: String,
}

/// A number that is compared: the keyed hashes of it and of the name.
struct ComparedNumber {
    hash: String,
    name: String,
    /// That by which the question is counted whether the agency has it under this name.
    wrong_name: String,
}

impl<'a> NewNumber<'a> {
    fn of(index: &IndexKey, organiser: OrganiserId, (ssin, family_name): (Ssin, &'a str)) -> Self {
        let question = index.hash("staff question", &[organiser.to_string().as_bytes(), ssin.expose().as_bytes()]);
        Self { ssin, family_name, question }
    }

    fn compared(&self, index: &IndexKey, organiser: OrganiserId) -> ComparedNumber {
        let name = name_hash(index, &self.ssin, self.family_name);
        let wrong_name = index.hash("staff wrong name", &[organiser.to_string().as_bytes(), name.as_bytes()]);
        ComparedNumber { hash: ssin_hash(index, &self.ssin), name, wrong_name }
    }
}

/// The remaining allowance of a caller's organiser for one kind of question.
#[derive(Clone)]
struct QuestionAllowance {
    kind: NumberLookupKind,
    left: u64,
    /// When the first counted question leaves the window.
    again: Timestamp,
    /// Hashes of the counted questions, which may be repeated.
    asked: HashSet<String>,
    /// Those that are counted by this request.
    new: Vec<String>,
}

impl QuestionAllowance {
    /// Takes one from the allowance, unless the same question was counted before; `false` when none is left.
    fn take(&mut self, asked: &str) -> bool {
        if self.asked.contains(asked) {
            return true;
        }
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.asked.insert(asked.to_owned());
        self.new.push(asked.to_owned());
        true
    }

    fn refusal(&self, now: Timestamp) -> StaffError {
        let seconds = u64::try_from(self.again.duration_since(now).as_secs()).unwrap_or_default();
        StaffError::TooOften { seconds: seconds.max(1) }
    }
}

/// Questions of a caller about numbers, counted in one write.
struct NumberQuestions<'a> {
    view: &'a RegisterView<'a>,
    work: UnitOfWork<'a>,
    questions: QuestionAllowance,
    mismatches: QuestionAllowance,
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

/// Whether the agency has a number, and whether under this family name where one is given; recorded.
pub(super) async fn ask(
    view: &RegisterView<'_>,
    ssin: &Ssin,
    family_name: Option<&str>,
) -> Result<(bool, bool), StaffError> {
    // A number of the caller's own register is no question, and is compared with that register alone: it may have been
    // entered without a comparison.
    let mut own = view.visible_persons().iter().filter(|person| person.member.ssin.as_ref() == Some(ssin));
    if let Some(own) = own.next() {
        let mut work = view.begin_unchecked(WritePurpose::Content).await?;
        work.record(&Record::of(RecordedAction::StaffAsked));
        work.commit().await?;
        let fits = family_name.is_none_or(|name| name_match_key(name) == name_match_key(&own.member.family_name));
        return Ok((true, fits));
    }
    let (index, organiser) = (view.app.vault.index_key(), view.caller.organiser);
    let number = NewNumber::of(index, organiser, (ssin.clone(), family_name.unwrap_or_default()));
    let hashes = number.compared(index, organiser);
    NumberQuestions::begin(view).await?.ask(number, hashes, family_name.is_some()).await
}

/// The numbers of a document that are new to the caller.
fn new_numbers<'a>(
    view: &RegisterView<'_>,
    members: impl Iterator<Item = &'a RawMember>,
    about: Option<&StoredPerson>,
) -> Vec<NewNumber<'a>> {
    let (context, index) = (view.context(), view.app.vault.index_key());
    let stored =
        |raw: &RawMember| about.or_else(|| context.find_held(raw)).and_then(|known| known.member.ssin.as_ref());
    let new = members.filter(|raw| stored(raw).is_none());
    let taken = |raw: &RawMember| valid_ssin(raw).filter(|ssin| view.app.accepted_ssins.accept(ssin));
    let named = new.filter_map(|raw| Some((taken(raw)?, raw.family_name.get()?.0.as_str())));
    named.map(|number| NewNumber::of(index, view.caller.organiser, number)).collect()
}

impl<'a> NumberQuestions<'a> {
    /// Begins the write that counts, with the remaining allowances. Expired questions are removed.
    async fn begin(view: &'a RegisterView<'a>) -> Result<Self, StaffError> {
        let mut work = view.begin_unchecked(WritePurpose::Content).await?;
        let since = work.machine().now() - WINDOW;
        store::staff::forget_probes(&mut work, view.caller.organiser, since).await?;
        let questions = allowance(view, &mut work, NumberLookupKind::Question).await?;
        let mismatches = allowance(view, &mut work, NumberLookupKind::Mismatch).await?;
        Ok(Self { view, work, questions, mismatches })
    }

    async fn compare(mut self, new: Vec<NewNumber<'_>>) -> Result<NumberComparison, StaffError> {
        if self.mismatches.left == 0 {
            return Err(self.refuse(NumberLookupKind::Mismatch).await?);
        }
        let (index, organiser) = (self.view.app.vault.index_key(), self.view.caller.organiser);
        let mut allowed = self.questions.clone();
        let allowed = |new: &NewNumber<'_>| allowed.take(&new.question).then(|| new.compared(index, organiser));
        let hashes: Vec<_> = new.iter().map(allowed).collect();
        let asked: Vec<_> = hashes.iter().flatten().map(|hashes| hashes.hash.as_str()).collect();
        let known = store::staff::known_names(&mut self.work, &asked).await?;
        let mut compared = NumberComparison::default();
        for (number, hashes) in new.into_iter().zip(&hashes) {
            let Some(hashes) = hashes.as_ref().filter(|_| self.mismatches.left > 0) else {
                compared.left_out += 1;
                continue;
            };
            self.questions.take(&number.question);
            if self.is_mismatch(&number.ssin, hashes, known.get(&hashes.hash)) {
                self.mismatches.take(&hashes.wrong_name);
                compared.mismatched.insert(number.ssin);
            }
        }
        if compared.left_out > 0 && !self.view.is_whole {
            return Err(self.refuse(NumberLookupKind::Question).await?);
        }
        // Only counted: the document leaves its own record.
        self.count().await?;
        self.work.commit_unrecorded().await?;
        Ok(compared)
    }

    /// Whether the agency has a number, and whether under the family name, where one `is_named`.
    async fn ask(
        mut self,
        number: NewNumber<'_>,
        hashes: ComparedNumber,
        is_named: bool,
    ) -> Result<(bool, bool), StaffError> {
        if !self.questions.take(&number.question) {
            return Err(self.refuse(NumberLookupKind::Question).await?);
        }
        self.work.record(&Record::of(RecordedAction::StaffAsked));
        let known = store::staff::known_names(&mut self.work, &[&hashes.hash]).await?.remove(&hashes.hash);
        if is_named && self.mismatches.left == 0 {
            return Err(self.refuse(NumberLookupKind::Mismatch).await?);
        }
        let fits = !is_named || !self.is_mismatch(&number.ssin, &hashes, known.as_ref());
        if !fits {
            self.mismatches.take(&hashes.wrong_name);
        }
        self.count().await?;
        self.work.commit().await?;
        Ok((known.is_some(), fits))
    }

    /// Stores the questions that are new.
    async fn count(&mut self) -> Result<(), store::Error> {
        let (organiser, at) = (self.view.caller.organiser, self.work.machine().now());
        for QuestionAllowance { kind, new, .. } in [&self.questions, &self.mismatches] {
            store::staff::note_probes(&mut self.work, organiser, *kind, new, at).await?;
        }
        Ok(())
    }

    /// Records that an allowance was exceeded, and returns the refusal. The questions until then count.
    async fn refuse(mut self, exceeded: NumberLookupKind) -> Result<StaffError, StaffError> {
        let allowance = if exceeded == self.questions.kind { &self.questions } else { &self.mismatches };
        let refusal = allowance.refusal(self.work.machine().now());
        self.count().await?;
        self.work.record(&Record::of(RecordedAction::StaffTooManyTries));
        self.work.commit().await?;
        Ok(refusal)
    }

    /// Whether the number has another family name: with the agency, or with the organiser for a person whom the caller
    /// cannot see.
    fn is_mismatch(&self, ssin: &Ssin, hashes: &ComparedNumber, known: Option<&String>) -> bool {
        let hidden = self.view.find_hidden(ssin).map(|at| &self.view.stored[at].member.family_name);
        let unseen = hidden.map(|name| name_hash(self.view.app.vault.index_key(), ssin, name));
        unseen.as_ref().or(known).is_some_and(|known| *known != hashes.name)
    }
}

/// The remaining allowance of the caller's organiser for one kind of question.
async fn allowance(
    view: &RegisterView<'_>,
    work: &mut UnitOfWork<'_>,
    kind: NumberLookupKind,
) -> Result<QuestionAllowance, StaffError> {
    let now = work.machine().now();
    let before = store::staff::probes(work, view.caller.organiser, kind, now - WINDOW).await?;
    let most = match kind {
        NumberLookupKind::Question => view.app.staff.questions_per_hour,
        NumberLookupKind::Mismatch => view.app.staff.mismatches_per_hour,
    };
    let left = most.saturating_sub(before.count);
    let again = before.first.unwrap_or(now) + WINDOW;
    Ok(QuestionAllowance { kind, left, again, asked: before.asked, new: Vec::new() })
}
