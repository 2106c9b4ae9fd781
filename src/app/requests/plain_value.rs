//! Which values say nothing about a person.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use uuid::Uuid;

use crate::domain::period::Period;
use crate::ingest::schema::vocabulary;

/// The longest number that is no number of a person, in digits.
const DIGITS: usize = 6;

/// Whether a value says nothing about a person: an id, a month or quarter, a date, a time, an instant, a number of few digits, `true` or
/// `false`, or a code of the published schemas.
pub fn is_plain_value(value: &str) -> bool {
    let is_number = value.len() <= DIGITS && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        || matches!(value, "true" | "false")
        || Uuid::try_parse(value).is_ok()
        || value.parse::<Period>().is_ok()
        || value.parse::<Date>().is_ok()
        || value.parse::<Timestamp>().is_ok()
        || value.parse::<Time>().is_ok()
        || vocabulary::is_code(value)
}
