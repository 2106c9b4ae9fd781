//! Writes the attendance model: empty, prefilled with children, or filled in. What it writes, [`super::attendance`]
//! reads back.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet,
    XlsxError,
};

use super::attendance::{COLUMNS, CRECHE, MONTH};
use super::model::{ATTENDANCE, VERSION_NAME};
use super::table::serial_of;
use super::values::HELD;
use crate::domain::attendance::Reason;
use crate::domain::attendance::code::Spelled;
use crate::domain::attendance::raw::{RawDay, RawLine};
use crate::domain::calendar::{Calendar, DayKind};
use crate::domain::period::Month;
use crate::domain::raw::Field;

/// A sheet to be written.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
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
    /// How many rows are made ready, the children's among them.
    pub rows: usize,
}

/// The row of the headers, and the column of the first day.
const HEADERS: u32 = 5;
const FIRST_DAY: u16 = 7;
/// The codes offered in the drop-down list.
const CODES: [&str; 9] = ["P", "AJ", "AI", "P/2", "AJ/2", "AI/2", "P/2+AJ/2", "P/2+AI/2", "AJ/2+AI/2"];
/// The longest code that is shown whole, made smaller to fit; with a reason a code is longer.
const LONGEST_SHOWN: usize = 9;
/// Days of the week above the headers.
const WEEKDAYS: [&str; 7] = ["lu", "ma", "me", "je", "ve", "sa", "di"];

/// The colours of our workbooks.
pub(super) mod colour {
    use rust_xlsxwriter::Color;

    /// Headers.
    pub(crate) const HEADER: Color = Color::RGB(0x1F_4E_5F);
    /// Lines between cells.
    pub(crate) const LINE: Color = Color::RGB(0xC9_D1_D6);
    /// What may be overlooked.
    pub(crate) const QUIET: Color = Color::RGB(0x6B_76_7D);
    /// Weekends.
    pub(crate) const WEEKEND: Color = Color::RGB(0xE4_E8_EB);
    /// Public holidays.
    pub(crate) const HOLIDAY: Color = Color::RGB(0xF6_E3_C5);
    /// Closures.
    pub(crate) const CLOSURE: Color = Color::RGB(0xE3_DA_EC);
}

/// Writes the workbook.
pub fn write(form: &Form<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let first = form.month.first_day();
    let made = ExcelDateTime::from_ymd(first.year().unsigned_abs(), first.month().unsigned_abs(), 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(format!("Relevé de présences {}", form.month))
            .set_author("Passerelle")
            .set_creation_datetime(&made),
    );
    attendance_sheet(workbook.add_worksheet(), form)?;
    legend_sheet(workbook.add_worksheet())?;
    workbook.define_name(VERSION_NAME, &format!("='{}'!$B$4", ATTENDANCE.sheet))?;
    workbook.save_to_buffer()
}

fn attendance_sheet(sheet: &mut Worksheet, form: &Form<'_>) -> Result<(), XlsxError> {
    sheet.set_name(ATTENDANCE.sheet)?;
    let last_row = HEADERS + u32::try_from(form.rows.max(form.lines.len()).max(1)).unwrap_or(u32::MAX);
    let last_column = FIRST_DAY + u16::from(form.month.last_day().day().unsigned_abs()) - 1;
    head(sheet, form)?;
    headers(sheet, form)?;
    let styles = Styles::new();
    for row in HEADERS + 1..=last_row {
        blank_row(sheet, form, row, &styles)?;
    }
    for (row, line) in (HEADERS + 1..).zip(form.lines) {
        identity(sheet, row, line, &styles)?;
        days(sheet, form, row, line, &styles)?;
    }
    let codes = DataValidation::new().allow_list_strings(&CODES)?.show_error_message(false).show_input_message(false);
    sheet.add_data_validation(HEADERS + 1, FIRST_DAY, last_row, last_column, &codes)?;
    sheet.set_freeze_panes(HEADERS + 1, 3)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEADERS, HEADERS)?;
    sheet.set_print_area(0, 0, last_row, last_column)?;
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&L&A&RPage &P / &N");
    Ok(())
}

/// Title, crèche, month and version, above the headers.
fn head(sheet: &mut Worksheet, form: &Form<'_>) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(16).set_font_color(colour::HEADER);
    let label = Format::new().set_font_color(colour::QUIET);
    let value = Format::new().set_bold().set_num_format("@");
    let quiet = Format::new().set_font_color(colour::QUIET).set_num_format("@");
    let year = form.month.first_day().year();
    sheet.set_row_height(0, 26)?;
    sheet.write_string_with_format(0, 0, format!("Relevé de présences, {} {year}", form.month.name().fr), &title)?;
    sheet.write_string_with_format(1, 0, CRECHE, &label)?;
    sheet.write_string_with_format(1, 1, format!("{} ({})", form.creche, form.one_number), &value)?;
    sheet.write_string_with_format(2, 0, MONTH, &label)?;
    sheet.write_string_with_format(2, 1, form.month.to_string(), &value)?;
    sheet.write_string_with_format(3, 0, "Modèle", &label)?;
    sheet.write_string_with_format(3, 1, ATTENDANCE.version, &quiet)?;
    Ok(())
}

/// The row of headers, the days of the week above it, a note on each closed day.
fn headers(sheet: &mut Worksheet, form: &Form<'_>) -> Result<(), XlsxError> {
    let header = Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(colour::HEADER)
        .set_border(FormatBorder::Thin)
        .set_border_color(colour::LINE)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    let centred = header.clone().set_align(FormatAlign::Center);
    let weekday = Format::new().set_font_size(9).set_font_color(colour::QUIET).set_align(FormatAlign::Center);
    sheet.set_row_height(HEADERS, 32)?;
    for ((column, names), width) in (0..).zip(&COLUMNS).zip([12.0, 18.0, 16.0, 12.0, 14.0, 11.5, 11.5]) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(HEADERS, column, names.header, &header)?;
    }
    let ssin = format!("Onze chiffres, facultatif. « {HELD} » : le numéro déjà transmis est conservé.");
    sheet.insert_note(HEADERS, 4, &note(&ssin))?;
    for (column, date) in (FIRST_DAY..).zip(form.month.days()) {
        sheet.set_column_width(column, 4.6)?;
        sheet.write_string_with_format(HEADERS - 1, column, weekday_of(date), &weekday)?;
        let kind = form.calendar.day(date);
        let look = shade(kind).map_or_else(
            || centred.clone(),
            |colour| centred.clone().set_background_color(colour).set_font_color(colour::HEADER),
        );
        sheet.write_number_with_format(HEADERS, column, f64::from(date.day()), &look)?;
        match kind {
            DayKind::PublicHoliday(name) => {
                sheet.insert_note(HEADERS, column, &note(&format!("Jour férié : {}", name.fr)))?;
            }
            DayKind::Closed(closure) => {
                let reason = closure.reason.label().fr;
                sheet.insert_note(HEADERS, column, &note(&format!("Fermeture : {reason}")))?;
            }
            DayKind::Open | DayKind::Weekend => {}
        }
    }
    Ok(())
}

fn note(text: &str) -> Note {
    Note::new(text).add_author_prefix(false).set_author("Passerelle").set_width(200).set_height(60)
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
const fn shade(kind: DayKind) -> Option<Color> {
    match kind {
        DayKind::Open => None,
        DayKind::Weekend => Some(colour::WEEKEND),
        DayKind::PublicHoliday(_) => Some(colour::HOLIDAY),
        DayKind::Closed(_) => Some(colour::CLOSURE),
    }
}

/// How the cells of a row look.
struct Styles {
    text: Format,
    date: Format,
    day: Format,
    shaded: BTreeMap<&'static str, Format>,
}

impl Styles {
    fn new() -> Self {
        let cell = Format::new()
            .set_border(FormatBorder::Thin)
            .set_border_color(colour::LINE)
            .set_align(FormatAlign::VerticalCenter);
        let day = cell.clone().set_align(FormatAlign::Center).set_num_format("@").set_shrink();
        let shaded = |colour: Color| day.clone().set_background_color(colour);
        Self {
            text: cell.clone().set_num_format("@"),
            date: cell.set_num_format("dd/mm/yyyy").set_align(FormatAlign::Left),
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

fn blank_row(sheet: &mut Worksheet, form: &Form<'_>, row: u32, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_row_height(row, 18)?;
    for (column, names) in (0..).zip(&COLUMNS) {
        let style = if names.property.ends_with("Date") { &styles.date } else { &styles.text };
        sheet.write_blank(row, column, style)?;
    }
    for (column, date) in (FIRST_DAY..).zip(form.month.days()) {
        sheet.write_blank(row, column, styles.day(form.calendar.day(date)))?;
    }
    Ok(())
}

fn identity(sheet: &mut Worksheet, row: u32, line: &RawLine, styles: &Styles) -> Result<(), XlsxError> {
    text(sheet, row, 0, shown(&line.reference, |reference| reference.0.as_str()), styles)?;
    text(sheet, row, 1, shown(&line.family_name, |name| name.0.as_str()), styles)?;
    text(sheet, row, 2, shown(&line.given_name, |name| name.0.as_str()), styles)?;
    date(sheet, row, 3, &line.birth_date, styles)?;
    let held = (line.ssin_present == Field::Present(true)).then_some(HELD);
    text(sheet, row, 4, shown(&line.ssin, |ssin| ssin.0.as_str()).or(held), styles)?;
    date(sheet, row, 5, &line.start_date, styles)?;
    date(sheet, row, 6, &line.end_date, styles)
}

/// A field's text, malformed ones as they came.
fn shown<T>(field: &Field<T>, text: impl Fn(&T) -> &str) -> Option<&str> {
    match field {
        Field::Present(value) => Some(text(value)),
        Field::Malformed(text) => Some(text),
        Field::Absent => None,
    }
}

fn text(sheet: &mut Worksheet, row: u32, column: u16, text: Option<&str>, styles: &Styles) -> Result<(), XlsxError> {
    if let Some(text) = text {
        sheet.write_string_with_format(row, column, text, &styles.text)?;
    }
    Ok(())
}

fn date(sheet: &mut Worksheet, row: u32, column: u16, date: &Field<Date>, styles: &Styles) -> Result<(), XlsxError> {
    match date {
        Field::Present(date) if date.year() >= 1900 => {
            sheet.write_number_with_format(row, column, serial_of(*date), &styles.date)?;
        }
        Field::Present(date) => text(sheet, row, column, Some(&date.to_string()), styles)?,
        Field::Malformed(words) => text(sheet, row, column, Some(words), styles)?,
        Field::Absent => {}
    }
    Ok(())
}

/// The codes of a line, one cell a day.
fn days(sheet: &mut Worksheet, form: &Form<'_>, row: u32, line: &RawLine, styles: &Styles) -> Result<(), XlsxError> {
    for (date, code) in codes(line, form.month) {
        let column = FIRST_DAY + u16::from(date.day().unsigned_abs()) - 1;
        let style = styles.day(form.calendar.day(date));
        if code.len() > LONGEST_SHOWN {
            // Its beginning shows, at full size and without covering the next day.
            let clipped = style.clone().unset_shrink().set_align(FormatAlign::Fill);
            sheet.write_string_with_format(row, column, code, &clipped)?;
        } else {
            sheet.write_string_with_format(row, column, code, style)?;
        }
    }
    Ok(())
}

/// What a line has on each day of the month, in day codes.
pub(in crate::ingest) fn codes(line: &RawLine, month: Month) -> BTreeMap<Date, String> {
    let mut by_date: BTreeMap<Date, Vec<&RawDay>> = BTreeMap::new();
    let days = line.days.get().map(|days| days.0.as_slice()).unwrap_or_default();
    for day in days.iter().filter_map(Field::get) {
        if let Some(date) = day.date.get().filter(|date| month.contains(**date)) {
            by_date.entry(*date).or_default().push(day);
        }
    }
    by_date.into_iter().map(|(date, entries)| (date, Spelled(&entries).to_string())).collect()
}

/// What the codes mean, in words.
fn legend_sheet(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(16).set_font_color(colour::HEADER);
    let heading = Format::new().set_bold().set_font_color(Color::White).set_background_color(colour::HEADER);
    let code = Format::new().set_bold().set_num_format("@").set_align(FormatAlign::Top);
    let words = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("Légende")?.set_column_width(0, 28)?.set_column_width(1, 80)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_row_height(0, 26)?.write_string_with_format(0, 0, "Comment remplir le relevé", &title)?;
    let mut row = 2;
    let reasons: Vec<(&str, &str)> = Reason::ALL.iter().map(|reason| (reason.code(), reason.label().fr)).collect();
    for (name, entries) in
        [("Codes", &CODES_SAID[..]), ("Motifs d'absence (facultatif)", &reasons), ("À savoir", &HINTS)]
    {
        sheet.write_string_with_format(row, 0, name, &heading)?.write_blank(row, 1, &heading)?;
        for (left, right) in entries {
            row += 1;
            sheet.write_string_with_format(row, 0, *left, &code)?.write_string_with_format(row, 1, *right, &words)?;
        }
        row += 2;
    }
    for (name, colour) in
        [("Week-end", colour::WEEKEND), ("Jour férié", colour::HOLIDAY), ("Fermeture", colour::CLOSURE)]
    {
        sheet.write_string_with_format(row, 0, name, &Format::new().set_background_color(colour))?;
        row += 1;
    }
    Ok(())
}

const CODES_SAID: [(&str, &str); 6] = [
    ("P", "Présent toute la journée"),
    ("AJ", "Absence justifiée toute la journée"),
    ("AI", "Absence injustifiée toute la journée"),
    ("P/2, AJ/2, AI/2", "La même chose pour un demi-jour"),
    ("P/2+AJ/2", "Deux demi-jours le même jour : une demi-présence et une demi-absence justifiée"),
    ("(vide)", "L'enfant n'était pas attendu ce jour-là"),
];

const HINTS: [(&str, &str); 6] = [
    ("Motif", "Ajoutez-le au code après deux points, par exemple AJ:medicalCertificate. Jamais de diagnostic."),
    ("Référence", "Le numéro ou le nom de dossier de l'enfant dans votre logiciel ; une seule ligne par enfant."),
    ("NISS", "Facultatif. « connu » veut dire : conserver le numéro déjà transmis pour cet enfant."),
    ("Dates", "Jour, mois et année, par exemple 03/10/2024."),
    ("Lignes", "Au plus 500 enfants. Les lignes vides et les colonnes ajoutées ne sont pas lues."),
    (
        "En-têtes",
        "Ne changez ni le nom de la feuille « Présences » ni les en-têtes de colonnes ; leur ordre est libre.",
    ),
];
