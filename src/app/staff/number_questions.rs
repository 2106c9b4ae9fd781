//! Numbers that are new to a caller and are compared with those that the agency knows: each is a question, however it is
//! asked (alone, as a person, as a register, tried only or not), and questions are counted before they are answered.
//!
//! What is past the allowance is not compared, so that a known number and an unknown one are answered alike.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::StaffError;
use super::transaction::{RegisterTransaction, hash_of, name_hash};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rules::staff::NUMBER_NOT_COMPARED;
use crate::domain::ssin::Ssin;
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{Probe, StoredPerson, number};
use crate::store;
use crate::store::staff::ProbeCount;

/// How long a question counts.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// What became of the numbers of a document.
#[derive(Debug, Default)]
pub(super) struct NumberComparison {
    /// Those that the agency knows under another family name.
    pub(super) mismatched: HashSet<Ssin>,
    /// How many were not compared, because the questions were used up.
    pub(super) left_out: u64,
}

impl NumberComparison {
    /// What is told of the numbers that were not compared.
    pub(super) fn warning(&self, place: FindingPlace) -> Findings {
        let count = Param::Count(self.left_out);
        let finding = || Finding::new(&NUMBER_NOT_COMPARED, place).with("count", count);
        (self.left_out > 0).then(finding).into_iter().collect()
    }
}

/// What is left to a caller's organiser of one kind of question.
struct QuestionAllowance {
    kind: Probe,
    left: u64,
    /// When the first of those that count stops counting.
    again: Timestamp,
    /// What was asked already, which may be asked again.
    asked: HashSet<String>,
}

impl QuestionAllowance {
    fn of(kind: Probe, before: ProbeCount, most: u64, now: Timestamp) -> Self {
        let again = before.first.unwrap_or(now) + WINDOW;
        Self { kind, left: most.saturating_sub(before.count), again, asked: before.asked }
    }

    fn refusal(&self, now: Timestamp) -> StaffError {
        let seconds = u64::try_from(self.again.duration_since(now).as_secs()).unwrap_or_default();
        StaffError::TooOften { seconds: seconds.max(1) }
    }
}

impl RegisterTransaction<'_> {
    /// What is left; questions that count no longer are forgotten.
    async fn allowance(&mut self, kind: Probe) -> Result<QuestionAllowance, StaffError> {
        store::staff::forget_probes(&mut self.tx, self.caller.organiser, self.at - WINDOW).await?;
        let most = match kind {
            Probe::Question => self.app.staff.questions_per_hour,
            Probe::Mismatch => self.app.staff.mismatches_per_hour,
        };
        let before = store::staff::probes(&mut self.tx, self.caller.organiser, kind, self.at - WINDOW).await?;
        Ok(QuestionAllowance::of(kind, before, most, self.at))
    }

    /// Takes one from the allowance, unless the same was asked before; `false` when there is none left.
    async fn take(&mut self, allowance: &mut QuestionAllowance, asked: String) -> Result<bool, StaffError> {
        if allowance.asked.contains(&asked) {
            return Ok(true);
        }
        if allowance.left == 0 {
            return Ok(false);
        }
        store::staff::note_probe(&mut self.tx, self.caller.organiser, allowance.kind, &asked, self.at).await?;
        allowance.left -= 1;
        allowance.asked.insert(asked);
        Ok(true)
    }

    /// Records that too much was asked, and gives the refusal.
    async fn too_often(&mut self, allowance: &QuestionAllowance) -> Result<StaffError, StaffError> {
        self.record("staff.tooManyTries", None).await?;
        Ok(allowance.refusal(self.at))
    }

    /// Compares the numbers that are new to the caller. Anybody who reaches the whole register is let go on past the allowance,
    /// without an answer: a first register is deposited in one piece. Others enter persons one by one, and wait.
    pub(super) async fn compare(
        &mut self,
        members: impl Iterator<Item = &RawMember>,
        about: Option<&StoredPerson>,
    ) -> Result<NumberComparison, StaffError> {
        let new = self.new_numbers(members, about);
        let mut compared = NumberComparison::default();
        if new.is_empty() {
            return Ok(compared);
        }
        let (mut questions, mut mismatches) =
            (self.allowance(Probe::Question).await?, self.allowance(Probe::Mismatch).await?);
        if mismatches.left == 0 {
            return Err(self.too_often(&mismatches).await?);
        }
        for (ssin, family_name) in new {
            let open = mismatches.left > 0 && self.take(&mut questions, self.question_hash(&ssin)).await?;
            if !open {
                compared.left_out += 1;
            } else if self.is_mismatch(&ssin, &family_name).await? {
                self.take(&mut mismatches, self.wrong_name(&ssin, &family_name)).await?;
                compared.mismatched.insert(ssin);
            }
        }
        if compared.left_out > 0 && !self.is_whole() {
            return Err(self.too_often(&questions).await?);
        }
        Ok(compared)
    }

    /// The numbers of a document that are new to the caller, each with the family name that goes with it there.
    fn new_numbers<'a>(
        &self,
        members: impl Iterator<Item = &'a RawMember>,
        about: Option<&StoredPerson>,
    ) -> Vec<(Ssin, String)> {
        let context = self.context();
        let held =
            |raw: &RawMember| about.or_else(|| context.find_held(raw)).and_then(|known| known.member.ssin.as_ref());
        let new = members.filter(|raw| held(raw).is_none());
        new.filter_map(|raw| Some((number(raw)?, raw.family_name.get()?.0.clone()))).collect()
    }

    /// Asks about one number, and about the family name where one is given: whether the agency knows the number, and
    /// whether under that name.
    pub(super) async fn is_known(
        &mut self,
        ssin: &Ssin,
        family_name: Option<&str>,
    ) -> Result<(bool, bool), StaffError> {
        let own = self.visible_persons().iter().any(|known| known.member.ssin.as_ref() == Some(ssin));
        let mut questions = self.allowance(Probe::Question).await?;
        if !own && !self.take(&mut questions, self.question_hash(ssin)).await? {
            return Err(self.too_often(&questions).await?);
        }
        self.record("staff.asked", None).await?;
        let hash = hash_of(self.app.vault.index(), ssin);
        let known = store::staff::person(&mut self.tx, &hash).await?.is_some();
        let Some(name) = family_name else { return Ok((known, true)) };
        let mut mismatches = self.allowance(Probe::Mismatch).await?;
        if mismatches.left == 0 {
            return Err(self.too_often(&mismatches).await?);
        }
        let wrong = self.is_mismatch(ssin, name).await?;
        if wrong {
            self.take(&mut mismatches, self.wrong_name(ssin, name)).await?;
        }
        Ok((known, !wrong))
    }

    /// Whether the number is known under another family name: to the agency, or to the organiser for somebody whom the
    /// caller does not see.
    async fn is_mismatch(&mut self, ssin: &Ssin, family_name: &str) -> Result<bool, StaffError> {
        let index = self.app.vault.index();
        let sent = name_hash(index, ssin, family_name);
        let known = store::staff::person(&mut self.tx, &hash_of(index, ssin)).await?;
        let unseen = self.find_hidden(ssin).map(|at| name_hash(index, ssin, &self.held[at].member.family_name));
        Ok(unseen.or(known).is_some_and(|known| known != sent))
    }

    /// Where the person is who has this number and whom the caller does not see.
    pub(super) fn find_hidden(&self, ssin: &Ssin) -> Option<usize> {
        let reach = self.caller.reach();
        let unseen = |known: &StoredPerson| known.member.ssin.as_ref() == Some(ssin) && !known.member.is_within(reach);
        self.held.iter().position(unseen)
    }

    fn question_hash(&self, ssin: &Ssin) -> String {
        let organiser = self.caller.organiser.to_string();
        self.app.vault.index().hash("staff question", &[organiser.as_bytes(), ssin.expose().as_bytes()])
    }

    fn wrong_name(&self, ssin: &Ssin, family_name: &str) -> String {
        let name = name_hash(self.app.vault.index(), ssin, family_name);
        let organiser = self.caller.organiser.to_string();
        self.app.vault.index().hash("staff wrong name", &[organiser.as_bytes(), name.as_bytes()])
    }
}
