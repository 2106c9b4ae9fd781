//! The languages of the gateway.

use serde::Serialize;

/// A supported language. English is the default of the API, French that of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French.
    Fr,
    /// Dutch.
    Nl,
    /// English.
    #[default]
    En,
}

impl Language {
    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// The best supported language for an `Accept-Language` value (RFC 9110 §12.5.4): the highest weight wins, the
    /// first on a tie; regional variants (`nl-BE`) count as their language; without a supported one it is the default.
    pub fn negotiate(accept: &str) -> Self {
        let mut best = (0, Self::default());
        for range in accept.split(',') {
            let mut parts = range.split(';');
            let language = match parts.next().unwrap_or_default().trim().split('-').next().unwrap_or_default() {
                tag if tag.eq_ignore_ascii_case("fr") => Self::Fr,
                tag if tag.eq_ignore_ascii_case("nl") => Self::Nl,
                tag if tag.eq_ignore_ascii_case("en") => Self::En,
                _ => continue,
            };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// A quality value (`0`, `0.8`, `1.000`) in thousandths; what is not one counts as 0.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.get(..3).and_then(|digits| digits.parse::<u16>().ok())) {
        ("1", _) => 1000,
        ("0", Some(thousandths)) => thousandths,
        _ => 0,
    }
}
