//! A communication as an agent types it in, and the rules of its fields.

use jiff::civil::Date;

use super::{
    Audience, CommunicationFault, CommunicationType, FieldFault, MAX_CHOSEN, MAX_TITLE, NewCommunication, Sector,
    StaffStatus,
};
use crate::domain::period::Quarter;
use crate::domain::text::is_unprintable;
use crate::domain::written::{is_outside, read_day, read_quarter};
use crate::ids::OrganiserId;

/// A communication to be prepared, as it was typed in.
#[derive(Debug, Clone, Default)]
pub struct TypedCommunication {
    /// The day, `2026-10-31` or `31/10/2026`.
    pub date: String,
    /// The title.
    pub title: String,
    /// The code of the type.
    pub communication_type: String,
    /// The quarter, as payments have it; may be empty unless it is a table of rates.
    pub quarter: String,
    /// The code of the sector; empty for both.
    pub sector: String,
    /// The code of the status of the staff; empty for both.
    pub staff_status: String,
    /// The code of the audience.
    pub audience: String,
    /// The chosen organisers, each on a line of its own by its enterprise number or its name.
    pub organisers: String,
}

impl TypedCommunication {
    /// The lines that name organisers, without spaces around them and without empty ones.
    pub fn organiser_lines(&self) -> impl Iterator<Item = &str> {
        self.organisers.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Reads the fields and applies the rules; `organisers` are those that its lines name, or what is wrong with these.
    /// Fails with everything that is wrong.
    pub fn validate(
        &self,
        today: Date,
        organisers: Result<Vec<OrganiserId>, Vec<FieldFault>>,
    ) -> Result<NewCommunication, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let date = self.valid_date(today, &mut faults);
        let title = self.valid_title(&mut faults);
        let communication_type = CommunicationType::from_code(self.communication_type.trim());
        note(&mut faults, communication_type.is_none(), "type", CommunicationFault::Type);
        let quarter = self.valid_quarter(communication_type, &mut faults);
        let sector = choice("sector", &self.sector, Sector::from_code, CommunicationFault::Sector, &mut faults);
        let staff_status = choice(
            "staffStatus",
            &self.staff_status,
            StaffStatus::from_code,
            CommunicationFault::StaffStatus,
            &mut faults,
        );
        let audience = Audience::from_code(self.audience.trim());
        note(&mut faults, audience.is_none(), "audience", CommunicationFault::Audience);
        let organisers = self.valid_organisers(audience, organisers, &mut faults);
        match (date, communication_type, audience) {
            (Some(date), Some(communication_type), Some(audience)) if faults.is_empty() => {
                let (title, sector, staff_status) = (title.to_owned(), sector, staff_status);
                Ok(NewCommunication {
                    date,
                    title,
                    communication_type,
                    quarter,
                    sector,
                    staff_status,
                    audience,
                    organisers,
                })
            }
            _ => Err(faults),
        }
    }

    fn valid_date(&self, today: Date, faults: &mut Vec<FieldFault>) -> Option<Date> {
        let date = read_day(&self.date);
        note(faults, date.is_none(), "date", CommunicationFault::Day);
        note(faults, date.is_some_and(|date| is_outside(date, today)), "date", CommunicationFault::DayOutside);
        date
    }

    fn valid_title(&self, faults: &mut Vec<FieldFault>) -> &str {
        let title = self.title.trim();
        let is_wrong = title.chars().count() > MAX_TITLE || title.contains(is_unprintable);
        note(faults, title.is_empty(), "title", CommunicationFault::TitleMissing);
        note(faults, is_wrong, "title", CommunicationFault::Title);
        title
    }

    fn valid_quarter(&self, of: Option<CommunicationType>, faults: &mut Vec<FieldFault>) -> Option<Quarter> {
        let is_empty = self.quarter.trim().is_empty();
        let read = read_quarter(&self.quarter);
        let is_missing = is_empty && of == Some(CommunicationType::RateTable);
        note(faults, is_missing, "quarter", CommunicationFault::QuarterMissing);
        note(faults, !is_empty && read.is_none(), "quarter", CommunicationFault::Quarter);
        read
    }

    fn valid_organisers(
        &self,
        audience: Option<Audience>,
        found: Result<Vec<OrganiserId>, Vec<FieldFault>>,
        faults: &mut Vec<FieldFault>,
    ) -> Vec<OrganiserId> {
        let is_chosen = audience == Some(Audience::Chosen);
        let lines = self.organiser_lines().count();
        note(faults, is_chosen && lines == 0, "organisers", CommunicationFault::OrganisersMissing);
        let is_unexpected = audience.is_some() && !is_chosen && lines > 0;
        note(faults, is_unexpected, "organisers", CommunicationFault::OrganisersUnexpected);
        note(faults, is_chosen && lines > MAX_CHOSEN, "organisers", CommunicationFault::OrganisersTooMany);
        found.unwrap_or_else(|wrong| {
            faults.extend(wrong);
            Vec::new()
        })
    }
}

fn note(faults: &mut Vec<FieldFault>, is_wrong: bool, field: &'static str, fault: CommunicationFault) {
    if is_wrong {
        faults.push(FieldFault::new(field, fault));
    }
}

/// A choice that may be left out.
fn choice<T>(
    field: &'static str,
    typed: &str,
    read: impl Fn(&str) -> Option<T>,
    fault: CommunicationFault,
    faults: &mut Vec<FieldFault>,
) -> Option<T> {
    let typed = typed.trim();
    let chosen = read(typed);
    note(faults, !typed.is_empty() && chosen.is_none(), field, fault);
    chosen
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn typed() -> TypedCommunication {
        TypedCommunication {
            date: "10/03/2022".into(),
            title: " Tableau des forfaits ".into(),
            communication_type: "rateTable".into(),
            quarter: "T4 2021".into(),
            sector: "public".into(),
            audience: "all".into(),
            ..TypedCommunication::default()
        }
    }

    fn fields(typed: &TypedCommunication) -> Vec<(&'static str, &'static str)> {
        let faults = typed.validate(date(2026, 11, 28), Ok(Vec::new())).unwrap_err();
        faults.into_iter().map(|fault| (fault.field, fault.fault.code())).collect()
    }

    #[test]
    fn a_communication_is_read_as_it_is_typed() {
        let read = typed().validate(date(2026, 11, 28), Ok(Vec::new())).unwrap();
        assert_eq!((read.date, read.title.as_str()), (date(2022, 3, 10), "Tableau des forfaits"));
        assert_eq!(read.quarter.map(|quarter| quarter.to_string()).as_deref(), Some("2021Q4"));
        assert_eq!((read.sector, read.staff_status), (Some(Sector::Public), None));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let none = fields(&TypedCommunication::default());
        assert_eq!(none, [("date", "day"), ("title", "titleMissing"), ("type", "type"), ("audience", "audience")]);
        let wrong = TypedCommunication {
            date: "01/01/2202".into(),
            title: "a\u{202e}b".into(),
            quarter: "spring".into(),
            sector: "x".into(),
            staff_status: "x".into(),
            organisers: "somebody".into(),
            ..typed()
        };
        let codes: Vec<_> = fields(&wrong).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, ["dayOutside", "title", "quarter", "sector", "staffStatus", "organisersUnexpected"]);
    }

    #[test]
    fn a_table_of_rates_has_a_quarter_and_chosen_organisers_are_named() {
        let without = TypedCommunication { quarter: String::new(), ..typed() };
        assert_eq!(fields(&without), [("quarter", "quarterMissing")]);
        let other = TypedCommunication { communication_type: "other".into(), ..without };
        assert!(other.validate(date(2026, 11, 28), Ok(Vec::new())).is_ok());
        let chosen = TypedCommunication { audience: "chosen".into(), organisers: " \n".into(), ..typed() };
        assert_eq!(fields(&chosen), [("organisers", "organisersMissing")]);
        let many = TypedCommunication { organisers: "x\n".repeat(MAX_CHOSEN + 1), ..chosen };
        assert_eq!(fields(&many), [("organisers", "organisersTooMany")]);
    }
}
