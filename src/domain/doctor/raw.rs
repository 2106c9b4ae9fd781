//! A doctor before validation: a new one, or a change of one.

use jiff::civil::Date;

use super::{Decision, Function, Ruling};
use crate::domain::country::Country;
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::inami::InamiText;
use crate::domain::person::{Email, Name};
use crate::domain::phone::PhoneText;
use crate::domain::postcode::PostcodeText;
use crate::domain::raw::{Choice, Label, PatchField as _, Removable, record};
use crate::domain::rules::doctor::REASON_MISPLACED;
use crate::ids::CrecheId;

/// The most crèches that one doctor may work in.
pub const MAX_CRECHES: usize = 100;

/// The crèches of a doctor: at least one.
pub type Creches = Choice<CrecheId, MAX_CRECHES>;

/// The type of a property in a change: an optional one can be removed.
macro_rules! patch_of {
    (required $type:ty) => { $type };
    (optional $type:ty) => { Removable<$type> };
}

/// Declares the sheet twice: whole, and as a change in which every property may be absent.
macro_rules! sheets {
    ($($(#[$doc:meta])* $need:ident $field:ident $property:literal: $type:ty,)+) => {
        record! {
            /// The sheet of a doctor (docs/domain.md, Doctors).
            pub struct RawDoctor { $($(#[$doc])* $need $field $property: $type,)+ }
        }
        record! {
            /// A change of the sheet; absent properties are unchanged, `null` removes an optional one.
            pub struct RawChange { $($(#[$doc])* optional $field $property: patch_of!($need $type),)+ }
        }

        impl RawChange {
            /// Applies the change to the sheet.
            pub fn over(self, mut sheet: RawDoctor) -> RawDoctor {
                $(sheet.$field = self.$field.over(sheet.$field);)+
                sheet
            }
        }
    };
}

sheets! {
    /// The INAMI number, eleven digits.
    required inami "inami": InamiText,
    /// Given name.
    required given_name "givenName": Name,
    /// Family name.
    required family_name "familyName": Name,
    /// Street.
    required street "street": Label<100>,
    /// House number.
    required house_number "houseNumber": Label<20>,
    /// Box.
    optional bus "box": Label<20>,
    /// Postcode.
    required postcode "postcode": PostcodeText,
    /// Town.
    required town "town": Label<100>,
    /// Country; Belgium by default.
    optional country "country": Country,
    /// Mobile number.
    required mobile "mobile": PhoneText,
    /// Number of the practice.
    required office_phone "officePhone": PhoneText,
    /// E-mail address.
    required email "email": Email,
    /// Generalist or paediatrician.
    required function "function": Function,
    /// First day of the collaboration.
    required start_date "startDate": Date,
    /// Last day of the collaboration, if set.
    optional end_date "endDate": Date,
    /// The crèches in which the doctor holds consultations.
    required creches "crecheIds": Creches,
}

/// The longest reason, in characters.
pub const MAX_REASON: usize = 1000;

record! {
    /// A decision of an agent of the agency.
    pub struct RawValidation {
        /// Validated or refused.
        required decision "decision": Ruling,
        /// Why it is refused.
        optional reason "reason": Label<MAX_REASON>,
    }
}

impl RawValidation {
    /// The decision, when it is complete: a refusal has a reason, a validation has none.
    pub fn parse(self) -> (Option<Decision>, Findings) {
        let reasoned = !self.reason.is_absent();
        let decision = match (self.decision.take(), self.reason.take()) {
            (Some(Ruling::Validated), _) if !reasoned => Some(Decision::Validated),
            (Some(Ruling::Refused), Some(Label(reason))) => Some(Decision::Refused(reason)),
            (Some(ruling), _) if reasoned != (ruling == Ruling::Refused) => {
                return (None, Findings::from_iter([Finding::new(&REASON_MISPLACED, FindingPlace::at("reason"))]));
            }
            _ => None,
        };
        (decision, Findings::default())
    }
}
