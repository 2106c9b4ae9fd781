//! Quarters and days as people and programs write them, in one of the three languages.

use jiff::civil::Date;

use super::period::Quarter;
use super::text::folded;

/// The words for a quarter, folded, with the endings of its number.
const QUARTER_WORDS: [&str; 5] = ["trimestre", "trim", "kwartaal", "kw", "quarter"];
const ORDINALS: [&str; 8] = ["eme", "er", "de", "st", "nd", "rd", "th", "e"];

/// The words between its number and its year, folded.
const LINKS: [&str; 3] = ["of", "van", "de"];

/// A quarter: `T3 2026`, `3T2026`, `2026-T3`, `2026Q3`, `3e trimestre 2026`, `quarter 3 of 2026`; Dutch has a `K`.
pub fn read_quarter(text: &str) -> Option<Quarter> {
    let text: String = folded(text).chars().filter(|sign| !sign.is_whitespace() && !"-/.,".contains(*sign)).collect();
    let (number, year) = match QUARTER_WORDS.iter().find_map(|word| text.split_once(word)) {
        Some(("", rest)) => {
            let (number, year) = rest.split_at_checked(1)?;
            (number, LINKS.iter().find_map(|link| year.strip_prefix(link)).unwrap_or(year))
        }
        Some((number, year)) => (ORDINALS.iter().find_map(|end| number.strip_suffix(end)).unwrap_or(number), year),
        None => number_and_year(&text)?,
    };
    quarter_of(number, year)
}

/// A quarter that is looked for, where a bare number is that of a quarter: `3/2026`, `2026-3`. In a document it might be a
/// month.
pub fn read_sought_quarter(text: &str) -> Option<Quarter> {
    let of_numbers = || {
        let (first, last) = text.trim().split_once(['/', '-', '.', ' '])?;
        if first.len() == 4 { quarter_of(last, first) } else { quarter_of(first, last) }
    };
    read_quarter(text).or_else(of_numbers)
}

fn quarter_of(number: &str, year: &str) -> Option<Quarter> {
    let is_number = |text: &str, digits| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(number, 1) && is_number(year, 4)).then(|| format!("{year}Q{number}").parse().ok())?
}

/// The number and the year of a quarter with a letter before its number, or between both.
fn number_and_year(text: &str) -> Option<(&str, &str)> {
    let (before, after) = text.split_once(['t', 'k', 'q'])?;
    match before.len() {
        0 => after.split_at_checked(1),
        1 => Some((before, after)),
        _ => Some((after, before)),
    }
}

/// A day: `2026-10-31`, `20261031`, or day first, with slashes, dots or hyphens; the year has four digits.
pub fn read_day(text: &str) -> Option<Date> {
    let text = text.trim();
    if let (8, Some((year, rest))) = (text.len(), text.split_at_checked(4)) {
        let (month, day) = rest.split_at_checked(2)?;
        return day_of(year, month, day).or_else(|| separated_day(text));
    }
    separated_day(text)
}

fn separated_day(text: &str) -> Option<Date> {
    let parts: Vec<_> = text.split(['/', '.', '-']).collect();
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    day_of(year, month, day)
}

fn day_of(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok())?;
    let is_written = year.len() == 4 && (1..=2).contains(&day.len()) && (1..=2).contains(&month.len());
    let (month, day) = (i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?);
    is_written.then(|| Date::new(number(year)?, month, day).ok())?
}

/// How many days after today a payment or a communication may be dated: an order is recorded before the bank carries it out.
const MOST_DAYS_AHEAD: i64 = 31;

/// Whether a day is before this century or too long after today.
pub(super) fn is_outside(day: Date, today: Date) -> bool {
    let last = today.checked_add(jiff::Span::new().days(MOST_DAYS_AHEAD)).unwrap_or(Date::MAX);
    day.year() < 2000 || day > last
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::words::Language;

    #[test]
    fn quarters_are_read_as_people_write_them() {
        let fourth: Quarter = "2021Q4".parse().unwrap();
        for text in [
            "T4 2021",
            "2021 T4",
            "k4 2021",
            "2021Q4",
            "Q4-2021",
            "Q4/2021",
            "2021-T4",
            "4ème trimestre 2021",
            "4T2021",
            "4e trim. 2021",
            "KW4 2021",
            "trimestre 4, 2021",
        ] {
            assert_eq!(read_quarter(text), Some(fourth), "{text}");
        }
        for language in [Language::Fr, Language::Nl, Language::En] {
            let written = fourth.in_words(language);
            assert_eq!(read_quarter(&written), Some(fourth), "{written}");
        }
        for text in ["", "2021", "T5 2021", "T4 21", "4", "trimestre", "2021-10", "T42021 1", "12e trimestre 2021"] {
            assert_eq!(read_quarter(text), None, "{text}");
        }
    }

    #[test]
    fn a_quarter_is_looked_for_by_its_number_too() {
        for text in ["T4 2021", "2021-Q4", "4/2021", " 4-2021", "2021/4", "4 2021"] {
            assert_eq!(read_sought_quarter(text), Some("2021Q4".parse().unwrap()), "{text}");
        }
        for text in ["04/2021", "5/2021", "2021", "Q4", "4/21", "4/2021/1"] {
            assert_eq!(read_sought_quarter(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_as_programs_write_them() {
        for text in ["2022-01-17", "17.1.2022", "17-01-2022", "17/01/2022", " 20220117 "] {
            assert_eq!(read_day(text), Some(date(2022, 1, 17)), "{text}");
        }
        assert_eq!(read_day("1/9/2022"), Some(date(2022, 9, 1)));
        for text in ["17/01/22", "17012022", "2022-02-30", "", "1/2", "é/1/2022", "2022/1/é"] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }
}
