//! The layout of the sheets of all models: a title, the crèche and the month, a row of headers, ruled rows, a legend.

use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

use super::super::head::{CRECHE, MONTH, QUARTER};
use super::super::model::{Model, VERSION_NAME};
use super::super::property::{CellContent, CellFormat, Property};
use super::super::table::serial_of;
use super::super::text_cell::write_text;
use super::colour;
use crate::domain::period::Period;
use crate::words::Language;

/// The row of the headers.
pub(in crate::ingest) const HEADERS: u32 = 5;

/// An empty workbook with a title, made on the first day of its period.
pub(in crate::ingest) fn workbook(title: &str, period: Period) -> Result<Workbook, XlsxError> {
    dated(&format!("{title} {period}"), period.first_day())
}

/// An empty workbook with a title, made on a day.
pub(in crate::ingest) fn dated(title: &str, day: Date) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let made =
        ExcelDateTime::from_ymd(day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs())?;
    workbook
        .set_properties(&DocProperties::new().set_title(title).set_author("Passerelle").set_creation_datetime(&made));
    Ok(workbook)
}

/// The file, with the defined name of the model's version.
pub(in crate::ingest) fn bytes(mut workbook: Workbook, model: &Model) -> Result<Vec<u8>, XlsxError> {
    workbook.define_name(VERSION_NAME, &format!("='{}'!$B$4", model.sheet))?;
    workbook.save_to_buffer()
}

/// Title, the crèche and the period that a statement or a report is for, and the model's version, above the headers.
pub(in crate::ingest) fn head(
    sheet: &mut Worksheet,
    model: &Model,
    title: &str,
    creche: (&str, &str),
    period: Period,
) -> Result<(), XlsxError> {
    let (name, number) = creche;
    let stated = match period {
        Period::Month(month) => (MONTH, month.to_string()),
        Period::Quarter(quarter) => (QUARTER, quarter.to_string()),
    };
    let labels = [(CRECHE, format!("{name} ({number})")), stated];
    labelled(sheet, model, &format!("{title}, {}", period.in_words(Language::Fr)), &labels)
}

/// Title, at most two labels with their values, and the model's version, above the headers.
pub(in crate::ingest) fn labelled(
    sheet: &mut Worksheet,
    model: &Model,
    title: &str,
    labels: &[(&str, String)],
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_font_size(16).set_font_color(colour::HEADER);
    let label = Format::new().set_font_color(colour::QUIET);
    let value = Format::new().set_bold().set_num_format("@");
    let quiet = Format::new().set_font_color(colour::QUIET).set_num_format("@");
    sheet.set_row_height(0, 26)?.write_string_with_format(0, 0, title, &bold)?;
    for (row, (name, said)) in (1..).zip(labels) {
        sheet.write_string_with_format(row, 0, *name, &label)?;
        write_text(sheet, row, 1, said, &value)?;
    }
    sheet.write_string_with_format(3, 0, "Modèle", &label)?.write_string_with_format(3, 1, model.version, &quiet)?;
    Ok(())
}

/// The format of a header.
pub(in crate::ingest) fn header() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(colour::HEADER)
        .set_border(FormatBorder::Thin)
        .set_border_color(colour::LINE)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

/// The headers of the properties, each with its width and its note.
pub(in crate::ingest) fn headers<'a, R: 'a>(
    sheet: &mut Worksheet,
    properties: impl IntoIterator<Item = &'a Property<R>>,
) -> Result<(), XlsxError> {
    let look = header();
    sheet.set_row_height(HEADERS, 32)?;
    for (column, property) in (0..).zip(properties) {
        sheet.set_column_width(column, property.width)?;
        sheet.write_string_with_format(HEADERS, column, property.column.header, &look)?;
        if let Some(text) = property.note {
            sheet.insert_note(HEADERS, column, &note(text))?;
        }
    }
    Ok(())
}

pub(in crate::ingest) fn note(text: &str) -> Note {
    Note::new(text).add_author_prefix(false).set_author("Passerelle").set_width(200).set_height(60)
}

/// The print settings of the page.
pub(in crate::ingest) fn page(sheet: &mut Worksheet, last_row: u32, last_column: u16) -> Result<(), XlsxError> {
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEADERS, HEADERS)?;
    sheet.set_print_area(0, 0, last_row, last_column)?;
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&L&A&RPage &P / &N");
    Ok(())
}

/// The formats of a record's cells.
pub(in crate::ingest) struct Cells {
    text: Format,
    date: Format,
    time: Format,
    amount: Format,
}

impl Cells {
    pub(in crate::ingest) fn new() -> Self {
        let cell = bordered_format();
        Self {
            text: cell.clone().set_num_format("@"),
            date: cell.clone().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Left),
            time: cell.clone().set_num_format("hh:mm").set_align(FormatAlign::Left),
            amount: cell.set_num_format("#,##0.00").set_align(FormatAlign::Right),
        }
    }

    const fn of(&self, look: CellFormat) -> &Format {
        match look {
            CellFormat::Text => &self.text,
            CellFormat::Date => &self.date,
            CellFormat::Time => &self.time,
            CellFormat::Amount => &self.amount,
        }
    }

    /// An empty formatted row.
    pub(in crate::ingest) fn blank<'a, R: 'a>(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        properties: impl IntoIterator<Item = &'a Property<R>>,
    ) -> Result<(), XlsxError> {
        sheet.set_row_height(row, 18)?;
        for (column, property) in (0..).zip(properties) {
            sheet.write_blank(row, column, self.of(property.look))?;
        }
        Ok(())
    }

    /// A record.
    pub(in crate::ingest) fn record<'a, R: 'a>(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        properties: impl IntoIterator<Item = &'a Property<R>>,
        record: &R,
    ) -> Result<(), XlsxError> {
        for (column, property) in (0..).zip(properties) {
            self.cell(sheet, row, column, property.look, &(property.show)(record))?;
        }
        Ok(())
    }

    fn cell(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        look: CellFormat,
        shown: &CellContent<'_>,
    ) -> Result<(), XlsxError> {
        let format = self.of(look);
        let text = match shown {
            CellContent::Nothing => return Ok(()),
            CellContent::Date(date) if date.year() >= 1900 => {
                sheet.write_number_with_format(row, column, serial_of(*date), format)?;
                return Ok(());
            }
            CellContent::Time(time) => {
                let (hour, minute) = (time.0.hour().unsigned_abs(), time.0.minute().unsigned_abs());
                let time = ExcelDateTime::from_hms(hour.into(), minute, 0)?;
                sheet.write_datetime_with_format(row, column, &time, format)?;
                return Ok(());
            }
            CellContent::Amount(amount) => {
                sheet.write_number_with_format(row, column, amount.euros(), format)?;
                return Ok(());
            }
            CellContent::Text(text) => text.to_string(),
            CellContent::Date(date) => date.to_string(),
        };
        write_text(sheet, row, column, &text, &self.text)
    }
}

/// A cell with lines around it.
pub(in crate::ingest) fn bordered_format() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_border_color(colour::LINE).set_align(FormatAlign::VerticalCenter)
}

/// A block of a legend: its heading, and pairs of a term and its meaning.
pub(in crate::ingest) type LegendBlock<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// A second sheet that explains how to fill in the first; returns the row after its last one.
pub(in crate::ingest) fn legend(sheet: &mut Worksheet, blocks: &[LegendBlock<'_>]) -> Result<u32, XlsxError> {
    let title = Format::new().set_bold().set_font_size(16).set_font_color(colour::HEADER);
    let heading = Format::new().set_bold().set_font_color(Color::White).set_background_color(colour::HEADER);
    let term = Format::new().set_bold().set_num_format("@").set_align(FormatAlign::Top);
    let words = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("Légende")?.set_column_width(0, 28)?.set_column_width(1, 80)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_row_height(0, 26)?.write_string_with_format(0, 0, "Comment remplir le relevé", &title)?;
    let mut row = 2;
    for (name, entries) in blocks {
        sheet.write_string_with_format(row, 0, *name, &heading)?.write_blank(row, 1, &heading)?;
        for (left, right) in *entries {
            row += 1;
            sheet.write_string_with_format(row, 0, *left, &term)?.write_string_with_format(row, 1, *right, &words)?;
        }
        row += 2;
    }
    Ok(row)
}
