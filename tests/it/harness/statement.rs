//! Statements made of a few words: `Sheet::of("2026-07").child(1, "1:P 2:P/2+AJ/2 3:AI")`.

use serde_json::{Value, json};

/// A statement of one month in the making.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    month: String,
    lines: Vec<Value>,
}

impl Sheet {
    /// An empty one.
    pub(crate) fn of(month: &str) -> Self {
        Self { month: month.to_owned(), lines: Vec::new() }
    }

    /// With child number `number` and its days, each written as in the workbook after its day of the month.
    pub(crate) fn child(mut self, number: u32, days: &str) -> Self {
        let line = json!({
            "reference": format!("K-{number:04}"),
            "familyName": format!("Exemple{number}"),
            "givenName": "Lou",
            "birthDate": birth_date(number),
            "ssin": ssin(number),
            "days": days_of(&self.month, days),
        });
        self.lines.push(line);
        self
    }

    /// With children 1 to `count`, all with these days.
    pub(crate) fn children(self, count: u32, days: &str) -> Self {
        (1..=count).fold(self, |sheet, number| sheet.child(number, days))
    }

    /// With another value in the last line.
    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.lines.last_mut().expect("a line")[member] = value.into();
        self
    }

    /// Without a member of the last line.
    pub(crate) fn without(mut self, member: &str) -> Self {
        self.lines.last_mut().and_then(Value::as_object_mut).expect("a line").remove(member);
        self
    }

    /// In the opposite order, lines and days.
    pub(crate) fn reversed(mut self) -> Self {
        self.lines.reverse();
        for line in &mut self.lines {
            line["days"].as_array_mut().expect("days").reverse();
        }
        self
    }
}

impl From<Sheet> for Value {
    fn from(sheet: Sheet) -> Self {
        json!({ "lines": sheet.lines })
    }
}

impl From<&Sheet> for Value {
    fn from(sheet: &Sheet) -> Self {
        sheet.clone().into()
    }
}

/// The birth date of child `number`: every child of up to 40 × 28 has its own pair of date and sequence.
fn birth_date(number: u32) -> String {
    format!("2025-{:02}-{:02}", number / 28 % 9 + 1, number % 28 + 1)
}

/// An invented number that fits the birth date of child `number`.
pub(crate) fn ssin(number: u32) -> String {
    let date = birth_date(number).replace('-', "");
    let nine = format!("{}{:03}", &date[2..], 951 + number / 252);
    let check = 97 - format!("2{nine}").parse::<u64>().unwrap() % 97;
    format!("{nine}{check:02}")
}

/// `1:P 2:P/2+AJ/2:medicalCertificate` as the API's days.
fn days_of(month: &str, text: &str) -> Vec<Value> {
    let mut days = Vec::new();
    for entry in text.split_whitespace() {
        let (day, codes) = entry.split_once(':').expect("a day and its code");
        for code in codes.split('+') {
            let (code, reason) = code.split_once(':').map_or((code, None), |(code, reason)| (code, Some(reason)));
            let (status, half) = code.strip_suffix("/2").map_or((code, false), |status| (status, true));
            let status = match status {
                "P" => "present",
                "AJ" => "justifiedAbsence",
                "AI" => "unjustifiedAbsence",
                other => panic!("{other} is no day code"),
            };
            let duration = if half { "half" } else { "full" };
            let date = format!("{month}-{:02}", day.parse::<u8>().expect("a day"));
            let mut day = json!({ "date": date, "status": status, "duration": duration });
            if let Some(reason) = reason {
                day["reason"] = reason.into();
            }
            days.push(day);
        }
    }
    days
}

/// The six counts, whole and half days of each.
pub(crate) fn totals(present: (u32, u32), justified: (u32, u32), unjustified: (u32, u32)) -> Value {
    let days = |(full, half): (u32, u32)| json!({ "fullDays": full, "halfDays": half });
    json!({
        "present": days(present),
        "justifiedAbsence": days(justified),
        "unjustifiedAbsence": days(unjustified),
    })
}
