//! Invented statements of any size.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use passerelle::domain::period::Month;
use passerelle::ids::CrecheId;
use serde_json::{Value, json};

/// A statement of a month with so many children, each on so many of its weekdays; every other `edition` differs in one
/// day. July 2026 has 23 weekdays.
pub fn statement(month: &str, children: usize, days: usize, edition: usize) -> Vec<u8> {
    let weekdays = weekdays(month);
    let days = &weekdays[..days.min(weekdays.len())];
    let lines: Vec<Value> = (0..children).map(|child| line(child, days, edition)).collect();
    json!({ "lines": lines }).to_string().into_bytes()
}

/// The days of a month that are on no weekend.
fn weekdays(month: &str) -> Vec<Date> {
    let month: Month = month.parse().unwrap();
    let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    month.days().filter(|day| !weekend(day)).collect()
}

fn line(child: usize, days: &[Date], edition: usize) -> Value {
    let (birth_date, ssin) = born(2024, child);
    let entry = |(number, date): (usize, &Date)| {
        let status = if child == 0 && number == 0 && edition % 2 == 1 { "unjustifiedAbsence" } else { "present" };
        let duration = if (child + number).is_multiple_of(7) { "half" } else { "full" };
        json!({ "date": date, "status": status, "duration": duration })
    };
    json!({
        "reference": format!("K-{child:03}"),
        "familyName": format!("Famille {child}"),
        "givenName": format!("Enfant {child}"),
        "birthDate": birth_date,
        "ssin": ssin,
        "days": days.iter().enumerate().map(entry).collect::<Vec<_>>(),
    })
}

/// The birth date and the national number of one of the persons born in a year.
fn born(year: u64, number: usize) -> (String, String) {
    let (day, month) = (number % 28 + 1, number / 28 % 12 + 1);
    let sequence = 951 + number / (28 * 12);
    let nine = format!("{:02}{month:02}{day:02}{sequence}", year % 100);
    let century = if year < 2000 { 0 } else { 2_000_000_000 };
    let check = 97 - (century + nine.parse::<u64>().unwrap()) % 97;
    (format!("{year}-{month:02}-{day:02}"), format!("{nine}{check:02}"))
}

/// The number of one of several doctors.
pub fn inami(doctor: usize) -> String {
    let six = 173_854 + doctor;
    format!("{six}{:02}004", 97 - six % 97)
}

/// A doctor of these crèches.
pub fn doctor(inami: &str, creches: &[CrecheId]) -> Vec<u8> {
    json!({
        "inami": inami, "givenName": "Youssef", "familyName": "Exemple", "street": "Rue des Tilleuls",
        "houseNumber": "12", "postcode": "5000", "town": "Namur", "mobile": "+32 470 00 00 02",
        "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example", "function": "paediatrician",
        "startDate": "2020-01-01", "crecheIds": creches,
    })
    .to_string()
    .into_bytes()
}

/// A medical statement of a month with so many consultations of one doctor, an hour apart.
pub fn consultations(month: &str, inami: &str, count: usize) -> Vec<u8> {
    let days = weekdays(month);
    let consultation = |number: usize| {
        let hour = number % 6 + 8;
        json!({
            "date": days[number / 6],
            "arrival": format!("{hour:02}:00"),
            "departure": format!("{hour:02}:45"),
            "inami": inami,
            "feeCents": 8550,
        })
    };
    json!({ "lines": (0..count).map(consultation).collect::<Vec<_>>() }).to_string().into_bytes()
}

/// A staff register of the persons with these numbers, with a contract each; every other `edition` differs in the first one.
pub fn register(creche: &str, persons: Range<usize>, edition: usize) -> Vec<u8> {
    let first = persons.start;
    let member = |number: usize| {
        let hundredths = if number == first && edition % 2 == 1 { 80 } else { 100 };
        let (birth_date, ssin) = born(1985, number);
        json!({
            "reference": format!("E-{number}"),
            "givenName": format!("Prénom {number}"),
            "familyName": format!("Personne {number}"),
            "birthDate": birth_date,
            "ssin": ssin,
            "contracts": [{
                "reference": "C-1",
                "status": "contractual",
                "startDate": "2020-01-01",
                "functions": [{ "crecheId": creche, "category": "childcare", "fteHundredths": hundredths }],
            }],
        })
    };
    json!({ "members": persons.map(member).collect::<Vec<_>>() }).to_string().into_bytes()
}

/// The statement of [`statement`] as a workbook with nothing but its columns.
pub fn workbook(month: &str, children: usize, days: usize) -> Vec<u8> {
    let statement: Value = serde_json::from_slice(&statement(month, children, days, 0)).unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Présences").unwrap();
    for (column, head) in (0..).zip(["Référence", "Nom", "Prénom", "Date de naissance", "NISS"]) {
        sheet.write(0, column, head).unwrap();
    }
    for day in 1..=31_u16 {
        sheet.write(0, day + 4, day).unwrap();
    }
    for (row, line) in (1..).zip(statement["lines"].as_array().unwrap()) {
        for (column, name) in (0..).zip(["reference", "familyName", "givenName", "birthDate", "ssin"]) {
            sheet.write(row, column, line[name].as_str().unwrap()).unwrap();
        }
        for day in line["days"].as_array().unwrap() {
            let number: u16 = day["date"].as_str().unwrap()[8..].parse().unwrap();
            sheet.write(row, number + 4, if day["duration"] == "half" { "P/2" } else { "P" }).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}
