//! What is particular to a kind of deposit in the cases.

use jiff::civil::Date;
use serde_json::Value;

use crate::domain::deposit::DepositSubject;
use crate::domain::period::Month;
use crate::domain::statement::StatementKind;
use crate::ids::CrecheId;
use crate::sandbox::seed::content::SeedOrganiser;
use crate::sandbox::worlds::content::WorldContent;

/// How many months are looked back on.
const MONTHS: usize = 3;

/// A crèche and a month, which one case uses. Of a quarter it is the last month; the register is the same in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Slot {
    pub(in super::super) creche: CrecheId,
    pub(in super::super) month: Month,
}

/// Places of a document, as JSON Pointers, with other values; null removes the member.
pub(super) type Changes = [(&'static str, Value); 2];

/// What is particular to a kind of deposit.
pub(in super::super) struct CaseDeposit {
    /// The kind of statement; `None` for the staff register.
    pub(super) statement: Option<StatementKind>,
    /// The operation that writes it.
    pub(in super::super) write: &'static str,
    /// The slots of an organiser in these months, all of which are over and open for deposits.
    pub(super) slots: fn(&SeedOrganiser, &[Month]) -> Vec<Slot>,
    /// A document without findings. Documents with other numbers differ.
    pub(super) document: fn(&WorldContent, Slot, u32) -> Value,
    /// What makes a document one with two errors.
    pub(super) flaws: fn(Slot) -> Changes,
    /// What makes a document one with two warnings.
    pub(super) warnings: fn(Slot) -> Changes,
}

impl CaseDeposit {
    /// The slots of the first organiser on a day.
    pub(in super::super) fn slots(&self, content: &WorldContent, today: Date) -> Vec<Slot> {
        let Some(organiser) = content.world.organisers.first() else { return Vec::new() };
        let months = std::iter::successors(Some(Month::of(today).previous()), |month| Some(month.previous()));
        let open: Vec<_> = months.take(MONTHS).filter(|month| month.quarter().deadline() >= today).collect();
        (self.slots)(organiser, &open)
    }

    /// What is deposited in a slot.
    pub(in super::super) fn subject(&self, Slot { creche, month }: Slot) -> DepositSubject {
        self.statement.map_or(DepositSubject::StaffRegister, |kind| DepositSubject::Statement {
            creche,
            kind,
            period: kind.period(month),
        })
    }

    /// Its path in the API.
    pub(in super::super) fn path(&self, slot: Slot) -> String {
        match self.subject(slot) {
            DepositSubject::Statement { creche, kind, period } => {
                format!("/creches/{creche}/{}/{period}", kind.collection())
            }
            DepositSubject::StaffRegister => "/staffRegister".to_owned(),
        }
    }

    /// A document without findings. Documents with other numbers differ.
    pub(in super::super) fn document(&self, content: &WorldContent, slot: Slot, number: u32) -> Value {
        (self.document)(content, slot, number)
    }

    /// The same with two errors.
    pub(in super::super) fn flawed(&self, content: &WorldContent, slot: Slot, number: u32) -> Value {
        changed(self.document(content, slot, number), (self.flaws)(slot))
    }

    /// The same with two warnings.
    pub(in super::super) fn warned(&self, content: &WorldContent, slot: Slot, number: u32) -> Value {
        changed(self.document(content, slot, number), (self.warnings)(slot))
    }
}

fn changed(mut document: Value, changes: Changes) -> Value {
    for (place, value) in changes {
        let (parent, name) = place.rsplit_once('/').unwrap_or_default();
        let Some(members) = document.pointer_mut(parent).and_then(Value::as_object_mut) else { continue };
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.to_owned(), value);
        }
    }
    document
}
