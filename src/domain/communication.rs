//! Communications of the agency to organisers: tables of rates, scales and other documents, each with one file
//! (docs/domain.md, Communications).

mod typed;

use jiff::civil::Date;

pub use self::typed::TypedCommunication;
use super::codes::codes;
use super::period::Quarter;
use crate::ids::OrganiserId;

/// The longest title, in characters.
pub const MAX_TITLE: usize = 150;
/// The longest reason of a withdrawal, in characters.
pub const MAX_REASON: usize = 500;
/// The most organisers that a communication names one by one.
pub const MAX_CHOSEN: usize = 100;

codes! {
    /// What a communication is.
    pub enum CommunicationType with codes_communication {
        /// A table of rates of a quarter (tableau des forfaits).
        RateTable "rateTable";
        /// A scale (barème).
        Scale "scale";
        /// Any other communication.
        Other "other";
    }
}

codes! {
    /// The sector that a communication is about.
    pub enum Sector with codes_communication {
        /// Organisers that are public authorities (officiel).
        Public "public";
        /// All others (privé).
        Private "private";
    }
}

codes! {
    /// The status of the staff that a communication is about.
    pub enum StaffStatus with codes_communication {
        /// Appointed (statutaire).
        Statutory "statutory";
        /// Under a contract (non statutaire).
        NonStatutory "nonStatutory";
    }
}

codes! {
    /// The organisers that a communication is addressed to.
    pub enum Audience with codes_communication {
        /// Every organiser, also those that are registered later.
        All "all";
        /// Those with a subsidised crèche.
        Subsidised "subsidised";
        /// Those that are named one by one.
        Chosen "chosen";
    }
}

codes! {
    /// What is wrong with a field of a communication.
    pub enum CommunicationFault with codes_communication {
        /// The day cannot be read.
        Day "day";
        /// The day is more than a month ahead, or before 2000.
        DayOutside "dayOutside";
        /// There is no title.
        TitleMissing "titleMissing";
        /// The title is too long, or has signs that cannot be seen.
        Title "title";
        /// No type was chosen.
        Type "type";
        /// The quarter cannot be read.
        Quarter "quarter";
        /// A table of rates is of a quarter.
        QuarterMissing "quarterMissing";
        /// The sector is none of the list.
        Sector "sector";
        /// The status of the staff is none of the list.
        StaffStatus "staffStatus";
        /// No audience was chosen.
        Audience "audience";
        /// Organisers are to be named, and none is.
        OrganisersMissing "organisersMissing";
        /// Organisers are named, and the communication is not addressed to chosen ones.
        OrganisersUnexpected "organisersUnexpected";
        /// More organisers are named than [`MAX_CHOSEN`].
        OrganisersTooMany "organisersTooMany";
        /// No organiser has this number or name.
        OrganiserUnknown "organiserUnknown";
        /// Several organisers have this name.
        OrganiserAmbiguous "organiserAmbiguous";
    }
}

/// A communication that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommunication {
    /// The day that it bears.
    pub date: Date,
    /// Its title.
    pub title: String,
    /// What it is.
    pub communication_type: CommunicationType,
    /// The quarter that it is about.
    pub quarter: Option<Quarter>,
    /// The sector that it is about; `None` for both.
    pub sector: Option<Sector>,
    /// The status of the staff that it is about; `None` for both.
    pub staff_status: Option<StaffStatus>,
    /// To whom it is addressed.
    pub audience: Audience,
    /// The chosen organisers, where it is addressed to such.
    pub organisers: Vec<OrganiserId>,
}

/// A fault of a field: the field of the form, what is wrong, and the line that is wrong where a field has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The name of the field.
    pub field: &'static str,
    /// What is wrong.
    pub fault: CommunicationFault,
    /// The wrong line as it was typed; empty where the field has one.
    pub line: String,
}

impl FieldFault {
    /// A fault of a field with one line.
    pub const fn new(field: &'static str, fault: CommunicationFault) -> Self {
        Self { field, fault, line: String::new() }
    }
}

/// A filter of communications: those that it does not exclude. One about both sectors or about all staff is about each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommunicationFilter {
    /// Of this type.
    pub communication_type: Option<CommunicationType>,
    /// Of this quarter.
    pub quarter: Option<Quarter>,
    /// About this sector.
    pub sector: Option<Sector>,
    /// About staff of this status.
    pub staff_status: Option<StaffStatus>,
}
