//! Invented statements of any size.

use jiff::civil::{Date, Weekday};
use passerelle::domain::period::Month;
use serde_json::{Value, json};

/// A statement of a month with so many children, each on so many of its weekdays; every other `edition` differs in one
/// day. July 2026 has 23 weekdays.
pub fn statement(month: &str, children: usize, days: usize, edition: usize) -> Vec<u8> {
    let month: Month = month.parse().unwrap();
    let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let days: Vec<Date> = month.days().filter(|day| !weekend(day)).take(days).collect();
    let lines: Vec<Value> = (0..children).map(|child| line(child, &days, edition)).collect();
    json!({ "lines": lines }).to_string().into_bytes()
}

fn line(child: usize, days: &[Date], edition: usize) -> Value {
    let (day, month) = (child % 28 + 1, child / 28 % 12 + 1);
    let sequence = 951 + child / (28 * 12);
    let nine = format!("24{month:02}{day:02}{sequence}");
    let check = 97 - (2_000_000_000 + nine.parse::<u64>().unwrap()) % 97;
    let entry = |(number, date): (usize, &Date)| {
        let status = if child == 0 && number == 0 && edition % 2 == 1 { "unjustifiedAbsence" } else { "present" };
        let duration = if (child + number).is_multiple_of(7) { "half" } else { "full" };
        json!({ "date": date, "status": status, "duration": duration })
    };
    json!({
        "reference": format!("K-{child:03}"),
        "familyName": format!("Famille {child}"),
        "givenName": format!("Enfant {child}"),
        "birthDate": format!("2024-{month:02}-{day:02}"),
        "ssin": format!("{nine}{check:02}"),
        "days": days.iter().enumerate().map(entry).collect::<Vec<_>>(),
    })
}
