//! Writes the attendance model. [`super::sheet`] reads it back.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Worksheet, XlsxError};

use super::MODEL;
use super::sheet::PROPERTIES;
use crate::domain::calendar::{Calendar, DayKind};
use crate::domain::kinds::attendance::Reason;
use crate::domain::kinds::attendance::code::SpelledDay;
use crate::domain::kinds::attendance::raw::{RawDay, RawLine};
use crate::domain::period::{Month, Period};
use crate::domain::raw::Field;
use crate::ingest::workbook::template::colour;
use crate::ingest::workbook::template::frame::{self, HEADERS};
use crate::ingest::workbook::text_cell::write_text;

/// A sheet to be written.
#[derive(Debug, Clone, Copy)]
pub struct AttendanceForm<'a> {
    /// The crèche's name.
    pub creche: &'a str,
    /// Its number at the agency.
    pub one_number: &'a str,
    /// The month.
    pub month: Month,
    /// The crèche's closures.
    pub calendar: &'a Calendar,
    /// The children, with or without days.
    pub lines: &'a [RawLine],
    /// The number of formatted rows, those of the children included.
    pub rows: usize,
}

/// The displayed name of the statement.
const TITLE: &str = "Relevé de présences";
/// The column of the first day.
const FIRST_DAY: u16 = 7;
/// The codes offered in the drop-down list.
const CODES: [&str; 9] = ["P", "AJ", "AI", "P/2", "AJ/2", "AI/2", "P/2+AJ/2", "P/2+AI/2", "AJ/2+AI/2"];
/// The longest code that is displayed whole, shrunk to fit; with a reason a code is longer.
const LONGEST_SHOWN: usize = 9;
/// Days of the week above the headers.
const WEEKDAYS: [&str; 7] = ["lu", "ma", "me", "je", "ve", "sa", "di"];

/// Writes the workbook.
pub fn write(form: &AttendanceForm<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = frame::workbook(TITLE, Period::Month(form.month))?;
    attendance_sheet(workbook.add_worksheet(), form)?;
    legend_sheet(workbook.add_worksheet())?;
    frame::bytes(workbook, &MODEL)
}

fn attendance_sheet(sheet: &mut Worksheet, form: &AttendanceForm<'_>) -> Result<(), XlsxError> {
    sheet.set_name(MODEL.sheet)?;
    let last_row = HEADERS + u32::try_from(form.rows.max(form.lines.len()).max(1)).unwrap_or(u32::MAX);
    let last_column = FIRST_DAY + u16::from(form.month.last_day().day().unsigned_abs()) - 1;
    frame::head(sheet, &MODEL, TITLE, (form.creche, form.one_number), Period::Month(form.month))?;
    headers(sheet, form)?;
    let styles = Styles::new();
    for row in HEADERS + 1..=last_row {
        blank_row(sheet, form, row, &styles)?;
    }
    for (row, line) in (HEADERS + 1..).zip(form.lines) {
        styles.identity.record(sheet, row, &PROPERTIES, line)?;
        days(sheet, form, row, line, &styles)?;
    }
    let codes = DataValidation::new().allow_list_strings(&CODES)?.show_error_message(false).show_input_message(false);
    sheet.add_data_validation(HEADERS + 1, FIRST_DAY, last_row, last_column, &codes)?;
    sheet.set_freeze_panes(HEADERS + 1, 3)?;
    frame::page(sheet, last_row, last_column)?;
    Ok(())
}

/// The row of headers, the days of the week above it, a note on each closed day.
fn headers(sheet: &mut Worksheet, form: &AttendanceForm<'_>) -> Result<(), XlsxError> {
    let header = frame::header();
    let centred = header.clone().set_align(FormatAlign::Center);
    let weekday = Format::new().set_font_size(9).set_font_color(colour::QUIET).set_align(FormatAlign::Center);
    frame::headers(sheet, &PROPERTIES)?;
    for (column, date) in (FIRST_DAY..).zip(form.month.days()) {
        sheet.set_column_width(column, 4.6)?;
        sheet.write_string_with_format(HEADERS - 1, column, weekday_of(date), &weekday)?;
        let kind = form.calendar.day(date);
        let look = closed_day_colour(kind).map_or_else(
            || centred.clone(),
            |colour| centred.clone().set_background_color(colour).set_font_color(colour::HEADER),
        );
        sheet.write_number_with_format(HEADERS, column, f64::from(date.day()), &look)?;
        match kind {
            DayKind::PublicHoliday(name) => {
                sheet.insert_note(HEADERS, column, &frame::note(&format!("Jour férié : {}", name.fr)))?;
            }
            DayKind::Closed(closure) => {
                let reason = closure.reason.label().fr;
                sheet.insert_note(HEADERS, column, &frame::note(&format!("Fermeture : {reason}")))?;
            }
            DayKind::Open | DayKind::Weekend => {}
        }
    }
    Ok(())
}

fn weekday_of(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => WEEKDAYS[0],
        Weekday::Tuesday => WEEKDAYS[1],
        Weekday::Wednesday => WEEKDAYS[2],
        Weekday::Thursday => WEEKDAYS[3],
        Weekday::Friday => WEEKDAYS[4],
        Weekday::Saturday => WEEKDAYS[5],
        Weekday::Sunday => WEEKDAYS[6],
    }
}

/// The colour of a day on which the crèche is not open.
const fn closed_day_colour(kind: DayKind) -> Option<Color> {
    match kind {
        DayKind::Open => None,
        DayKind::Weekend => Some(colour::WEEKEND),
        DayKind::PublicHoliday(_) => Some(colour::HOLIDAY),
        DayKind::Closed(_) => Some(colour::CLOSURE),
    }
}

/// The formats of a row's cells.
struct Styles {
    identity: frame::Cells,
    day: Format,
    shaded: BTreeMap<&'static str, Format>,
}

impl Styles {
    fn new() -> Self {
        let day = frame::bordered_format().set_align(FormatAlign::Center).set_num_format("@").set_shrink();
        let shaded = |colour: Color| day.clone().set_background_color(colour);
        Self {
            identity: frame::Cells::new(),
            shaded: BTreeMap::from([
                ("weekend", shaded(colour::WEEKEND)),
                ("holiday", shaded(colour::HOLIDAY)),
                ("closed", shaded(colour::CLOSURE)),
            ]),
            day,
        }
    }

    fn day(&self, kind: DayKind) -> &Format {
        let name = match kind {
            DayKind::Open => return &self.day,
            DayKind::Weekend => "weekend",
            DayKind::PublicHoliday(_) => "holiday",
            DayKind::Closed(_) => "closed",
        };
        &self.shaded[name]
    }
}

fn blank_row(sheet: &mut Worksheet, form: &AttendanceForm<'_>, row: u32, styles: &Styles) -> Result<(), XlsxError> {
    styles.identity.blank(sheet, row, &PROPERTIES)?;
    for (column, date) in (FIRST_DAY..).zip(form.month.days()) {
        sheet.write_blank(row, column, styles.day(form.calendar.day(date)))?;
    }
    Ok(())
}

/// The codes of a line, one cell a day.
fn days(
    sheet: &mut Worksheet,
    form: &AttendanceForm<'_>,
    row: u32,
    line: &RawLine,
    styles: &Styles,
) -> Result<(), XlsxError> {
    for (date, code) in codes(line, form.month) {
        let column = FIRST_DAY + u16::from(date.day().unsigned_abs()) - 1;
        let style = styles.day(form.calendar.day(date));
        if code.len() > LONGEST_SHOWN {
            // Only its beginning is visible, at full size and without covering the next day.
            let clipped = style.clone().unset_shrink().set_align(FormatAlign::Fill);
            write_text(sheet, row, column, &code, &clipped)?;
        } else {
            write_text(sheet, row, column, &code, style)?;
        }
    }
    Ok(())
}

/// The day codes of a line by the day of the month.
pub(in crate::ingest) fn codes(line: &RawLine, month: Month) -> BTreeMap<Date, String> {
    let mut by_date: BTreeMap<Date, Vec<&RawDay>> = BTreeMap::new();
    let days = line.days.get().map(|days| days.0.as_slice()).unwrap_or_default();
    for day in days.iter().filter_map(Field::get) {
        if let Some(date) = day.date.get().filter(|date| month.contains(**date)) {
            by_date.entry(*date).or_default().push(day);
        }
    }
    by_date.into_iter().map(|(date, entries)| (date, SpelledDay(&entries).to_string())).collect()
}

/// What the codes mean, in words.
fn legend_sheet(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let reasons: Vec<_> = Reason::ALL.iter().map(|reason| (reason.code(), reason.label().fr)).collect();
    let blocks = [("Codes", &CODES_SAID[..]), ("Motifs d’absence (facultatif)", &reasons), ("À savoir", &HINTS)];
    let row = frame::legend(sheet, &blocks)?;
    let shades = [("Week-end", colour::WEEKEND), ("Jour férié", colour::HOLIDAY), ("Fermeture", colour::CLOSURE)];
    for (row, (name, colour)) in (row..).zip(shades) {
        sheet.write_string_with_format(row, 0, name, &Format::new().set_background_color(colour))?;
    }
    Ok(())
}

const CODES_SAID: [(&str, &str); 7] = [
    ("P", "Présent toute la journée"),
    ("AJ", "Absence justifiée toute la journée"),
    ("AI", "Absence injustifiée toute la journée"),
    ("P/2, AJ/2, AI/2", "La même chose pour un demi-jour"),
    ("P/2+AJ/2", "Deux demi-jours le même jour : une demi-présence et une demi-absence justifiée"),
    ("P 07:30-16:45", "Facultatif : l’heure d’arrivée et l’heure de départ, après le code"),
    ("(vide)", "L’enfant n’était pas attendu ce jour-là"),
];

const HINTS: [(&str, &str); 6] = [
    ("Motif", "Ajoutez-le au code après deux points, par exemple AJ:certificat médical. Jamais de diagnostic."),
    ("Référence", "Le numéro ou le nom de dossier de l’enfant dans votre logiciel ; une seule ligne par enfant."),
    ("NISS", "Facultatif. « connu » veut dire : conserver le numéro déjà transmis pour cet enfant."),
    ("Dates", "Jour, mois et année, par exemple 03/10/2024."),
    ("Lignes", "Au plus 500 enfants. Les lignes vides et les colonnes ajoutées ne sont pas lues."),
    (
        "En-têtes",
        "Ne changez ni le nom de la feuille « Présences » ni les en-têtes de colonnes ; leur ordre est libre.",
    ),
];
