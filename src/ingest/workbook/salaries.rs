//! The model of the salaries of an activity report: one row for each person, one column for each month of the year.

use super::model::{Column, Model, folded};
use super::property::{CellContent, CellFormat, Property, columns};
use super::table::Value;
use super::values;
use crate::domain::money::Cents;
use crate::domain::period::{Month, Quarter};
use crate::domain::raw::{Field, Flag, Label};
use crate::domain::staff::raw::Reference;

/// The model of salaries (docs/domain.md, Activity report).
pub static MODEL: Model = Model {
    code: "reportSalaries",
    sheet: "Salaires",
    prefix: "sal",
    anchor: "Subsidié",
    version: "salaries/1",
    former_version: None,
    columns: || columns(&PROPERTIES),
};

/// A person and the gross salaries of the months of a year, the first of January.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SalaryRow {
    /// The reference in the staff register.
    pub reference: Field<Reference>,
    /// The name, which is compared with the register's.
    pub name: Field<Label<200>>,
    /// Whether a subsidy is claimed.
    pub subsidised: Field<Flag>,
    /// The salaries.
    pub gross: [Field<Cents>; 12],
}

macro_rules! month {
    ($header:literal, $property:literal, $at:literal) => {
        Property {
            column: Column::optional($header, $property),
            width: 16.0,
            look: CellFormat::Amount,
            note: Some("Le salaire brut réellement payé, en euros ; vide quand il n’y en a pas."),
            read: |row, _, value| row.gross[$at] = values::amount_field(value),
            show: |row| CellContent::amount(&row.gross[$at]),
        }
    };
}

/// The number of columns before those of the months.
const BEFORE_MONTHS: usize = 3;

/// The columns, in the order of the model: a workbook needs those of its quarter.
pub static PROPERTIES: [Property<SalaryRow>; 15] = [
    Property {
        column: Column::required("Référence", "reference"),
        width: 14.0,
        look: CellFormat::Text,
        note: Some("La référence de la personne dans le registre du personnel."),
        read: |row, _, value| row.reference = values::text_field(value),
        show: |row| CellContent::words(&row.reference, |words| words.0.as_str()),
    },
    Property {
        column: Column::optional("Personne", "name"),
        width: 30.0,
        look: CellFormat::Text,
        note: Some("Nom et prénom, pour vous y retrouver : comparés avec le registre, jamais repris."),
        read: |row, _, value| row.name = values::text_field(value),
        show: |row| CellContent::words(&row.name, |words| words.0.as_str()),
    },
    Property {
        column: Column::required("Subsidié", "subsidised"),
        width: 12.0,
        look: CellFormat::Text,
        note: Some("Oui quand la subvention est demandée pour cette personne, sinon Non."),
        read: |row, _, value| row.subsidised = yes_or_no(value),
        show: |row| {
            CellContent::of(&row.subsidised, |Flag(yes)| CellContent::Text(if *yes { "Oui" } else { "Non" }.into()))
        },
    },
    month!("Brut janvier", "gross1", 0),
    month!("Brut février", "gross2", 1),
    month!("Brut mars", "gross3", 2),
    month!("Brut avril", "gross4", 3),
    month!("Brut mai", "gross5", 4),
    month!("Brut juin", "gross6", 5),
    month!("Brut juillet", "gross7", 6),
    month!("Brut août", "gross8", 7),
    month!("Brut septembre", "gross9", 8),
    month!("Brut octobre", "gross10", 9),
    month!("Brut novembre", "gross11", 10),
    month!("Brut décembre", "gross12", 11),
];

/// The column of a month.
pub fn month_column(month: Month) -> &'static Property<SalaryRow> {
    &PROPERTIES[BEFORE_MONTHS + month_index(month)]
}

/// The place of a month in [`SalaryRow::gross`].
pub fn month_index(month: Month) -> usize {
    usize::from(month.first_day().month().unsigned_abs()) - 1
}

/// The columns of a workbook of one quarter.
pub fn properties_of(quarter: Quarter) -> impl Iterator<Item = &'static Property<SalaryRow>> + Clone {
    let of_quarter = quarter.months().map(month_column);
    PROPERTIES[..BEFORE_MONTHS].iter().chain(of_quarter)
}

/// The notes of the legend.
pub const HINTS: [(&str, &str); 4] = [
    (
        "Lignes",
        "Une personne par ligne. Une personne qui ne figure pas dans le fichier reste telle quelle dans le brouillon.",
    ),
    (
        "Montants",
        "Le salaire brut réellement payé pour chaque mois, en euros et en cents, par exemple 3 120,45. Il est repris tel quel.",
    ),
    (
        "Subsidié",
        "« Oui » pour les personnes dont la subvention est demandée ; « Non » pour les autres, alors sans salaire.",
    ),
    ("En-têtes", "Ne changez ni le nom de la feuille « Salaires » ni les en-têtes de colonnes ; leur ordre est libre."),
];

/// What users and programs write for yes, folded.
const YES: [&str; 10] = ["oui", "o", "ja", "j", "yes", "y", "vrai", "true", "x", "1"];
/// What they write for no, folded.
const NO: [&str; 8] = ["non", "n", "nee", "no", "faux", "false", "0", "-"];

/// Yes or no.
fn yes_or_no(value: Value<'_>) -> Field<Flag> {
    if let Value::Bool(yes) = value {
        return Field::Present(Flag(yes));
    }
    let text = values::cell_text(value);
    let said = folded(&text);
    if YES.contains(&said.as_str()) {
        Field::Present(Flag(true))
    } else if NO.contains(&said.as_str()) {
        Field::Present(Flag(false))
    } else {
        Field::malformed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_read_in_three_languages_and_nothing_else() {
        let read = |text| yes_or_no(Value::Text(text)).take().map(|Flag(yes)| yes);
        for (text, expected) in
            [("Oui", Some(true)), (" X ", Some(true)), ("Nee", Some(false)), ("vrai", Some(true)), ("peut-être", None)]
        {
            assert_eq!(read(text), expected, "{text:?}");
        }
        assert_eq!(yes_or_no(Value::Number(1.0)).take(), Some(Flag(true)));
        assert_eq!(yes_or_no(Value::Bool(false)).take(), Some(Flag(false)));
    }

    #[test]
    fn a_month_has_its_column() {
        let quarter: Quarter = "2026Q3".parse().unwrap();
        let headers: Vec<_> = properties_of(quarter).map(|property| property.column.header).collect();
        assert_eq!(headers, ["Référence", "Personne", "Subsidié", "Brut juillet", "Brut août", "Brut septembre"]);
    }
}
