//! The same person twice: names and birth date, where not both have a national number.

use jiff::civil::Date;

use super::Member;
use super::context::{RegisterContext, StoredPerson, valid_ssin};
use super::raw::RawMember;
use crate::domain::identity::Identity;

/// The properties by which persons are compared.
pub(super) struct PersonSigns {
    /// Names, whichever comes first, and birth date.
    pub(super) identity: Identity,
    /// Whether the person has a national number.
    pub(super) has_number: bool,
}

impl PersonSigns {
    /// Those of `raw`, with the stored ones for what it leaves out; nothing where a name or the birth date is missing.
    pub(super) fn of(raw: &RawMember, context: &RegisterContext<'_>) -> Option<Self> {
        let stored = context.find_held(raw);
        let birth = birth_date(raw, stored, context.latest_birth_date())?;
        let identity = Identity::new(&raw.family_name.get()?.0, &raw.given_name.get()?.0, birth).in_any_order();
        // Where the stored persons are not available, `ssinPresent` counts as a number.
        let said = !context.knows_held() && raw.ssin_present.get() == Some(&true);
        let has_number = said || valid_ssin(raw).is_some() || stored.is_some_and(|stored| stored.member.ssin.is_some());
        Some(Self { identity, has_number })
    }
}

/// The birth date of a document, else the stored one.
pub(super) fn birth_date(raw: &RawMember, stored: Option<&StoredPerson>, latest: Date) -> Option<Date> {
    let sent = raw.birth_date.get().copied().or_else(|| valid_ssin(raw)?.birth_date(latest));
    sent.or_else(|| stored.map(|stored| stored.member.birth_date))
}

/// The identity of a stored person.
pub(super) fn identity_of(member: &Member) -> Identity {
    Identity::new(&member.family_name, &member.given_name, member.birth_date).in_any_order()
}

/// Whether a new person may be `known`: the same names and birth date, and not two national numbers.
pub fn may_be_same(raw: &RawMember, known: &Member, today: Date) -> bool {
    PersonSigns::of(raw, &RegisterContext::offline(Some(today)))
        .is_some_and(|signs| signs.identity == identity_of(known) && !(signs.has_number && known.ssin.is_some()))
}
