//! The announced end of an operation, sent with each of its responses.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::TimeZone;

/// Since when an operation is deprecated, and when it ends: both at midnight UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationEnd {
    /// The first day on which it is deprecated (RFC 9745).
    pub deprecated: Date,
    /// The day on which it ends (RFC 8594).
    pub sunset: Date,
}

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");
/// Where it is explained what to use instead.
const CHANGELOG: HeaderValue = HeaderValue::from_static("</docs/changelog>; rel=\"deprecation\"; type=\"text/html\"");

impl OperationEnd {
    /// Adds the headers that say so.
    pub(super) fn announce(self, headers: &mut HeaderMap) {
        let (Some(deprecated), Some(sunset)) = (midnight(self.deprecated), midnight(self.sunset)) else { return };
        let sunset = DateTimePrinter::new().timestamp_to_rfc9110_string(&sunset).ok();
        let values = [(DEPRECATION, Some(format!("@{}", deprecated.as_second()))), (SUNSET, sunset)];
        for (name, value) in values {
            if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
                headers.insert(name, value);
            }
        }
        headers.append(header::LINK, CHANGELOG);
    }
}

fn midnight(day: Date) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_in_the_formats_of_the_standards_beside_other_links() {
        let mut headers = HeaderMap::new();
        headers.insert(header::LINK, HeaderValue::from_static("</next>; rel=\"next\""));
        OperationEnd { deprecated: Date::constant(2027, 1, 1), sunset: Date::constant(2027, 7, 1) }
            .announce(&mut headers);
        let sent: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        assert_eq!(
            sent,
            [
                "link: </next>; rel=\"next\"",
                "link: </docs/changelog>; rel=\"deprecation\"; type=\"text/html\"",
                "deprecation: @1798761600",
                "sunset: Thu, 01 Jul 2027 00:00:00 GMT",
            ]
        );
    }
}
