//! The days of a month as the columns of a table, shaded where the crèche is not open.

use jiff::civil::Weekday;

use crate::domain::attendance::Reason;
use crate::domain::calendar::DayKind;
use crate::domain::creche::Creche;
use crate::domain::period::Month;
use crate::domain::text::{Language, Text};

/// A day of the month.
pub(super) struct Day {
    /// Its number.
    pub(super) number: i8,
    /// The day of the week, in two letters.
    pub(super) weekday: &'static str,
    /// How its column looks.
    pub(super) look: &'static str,
    /// Why the crèche is not open.
    pub(super) why: Option<&'static str>,
}

/// The days of `month` in a crèche.
pub(super) fn days(creche: &Creche, month: Month, language: Language) -> Vec<Day> {
    let day = |date: jiff::civil::Date| {
        let (look, why) = match creche.calendar.day(date) {
            DayKind::Open => ("", None),
            DayKind::Weekend => ("weekend", Some(WEEKEND)),
            DayKind::PublicHoliday(name) => ("holiday", Some(name)),
            DayKind::Closed(closure) => ("closed", Some(closure.reason.label())),
        };
        let why = why.map(|why| why.get(language));
        Day { number: date.day(), weekday: letters(date.weekday()).get(language), look, why }
    };
    month.days().map(day).collect()
}

const WEEKEND: Text = Text { fr: "Week-end", nl: "Weekend", en: "Weekend" };

const fn letters(weekday: Weekday) -> Text {
    match weekday {
        Weekday::Monday => Text { fr: "lu", nl: "ma", en: "Mo" },
        Weekday::Tuesday => Text { fr: "ma", nl: "di", en: "Tu" },
        Weekday::Wednesday => Text { fr: "me", nl: "wo", en: "We" },
        Weekday::Thursday => Text { fr: "je", nl: "do", en: "Th" },
        Weekday::Friday => Text { fr: "ve", nl: "vr", en: "Fr" },
        Weekday::Saturday => Text { fr: "sa", nl: "za", en: "Sa" },
        Weekday::Sunday => Text { fr: "di", nl: "zo", en: "Su" },
    }
}

/// What a child's day is.
pub(super) struct Code {
    /// The day code without its reasons; a reason is hinted at by an asterisk.
    pub(super) short: String,
    /// The reasons, in words.
    pub(super) reasons: Option<String>,
    /// How it looks.
    pub(super) look: &'static str,
}

/// A day code as it is shown: empty where nothing is.
pub(super) fn code(text: &str, language: Language) -> Code {
    let halves: Vec<_> = text.split('+').map(|half| half.split_once(':').unwrap_or((half, ""))).collect();
    let short: Vec<_> = halves.iter().map(|(code, _)| *code).collect();
    let reasons = halves.iter().filter_map(|(_, reason)| Reason::from_code(reason));
    let reasons: Vec<_> = reasons.map(|reason| reason.label().get(language)).collect();
    let star = if reasons.is_empty() { "" } else { "*" };
    let look = match short[0] {
        "" => "",
        _ if short.len() > 1 => "both",
        code if code.starts_with('P') => "present",
        code if code.starts_with("AJ") => "justified",
        _ => "unjustified",
    };
    let reasons = (!reasons.is_empty()).then(|| reasons.join(", "));
    Code { short: format!("{}{star}", short.join("+")), reasons, look }
}
