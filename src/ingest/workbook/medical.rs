//! The model of consultations: a row a consultation.

use super::property::{CellContent, CellFormat, Property};
use super::sheet::Column;
use super::values;
use crate::domain::medical::raw::RawLine;

/// The header of the column with the doctor's number.
pub const INAMI: &str = "INAMI";

/// The columns, in the order of the model.
pub static PROPERTIES: [Property<RawLine>; 6] = [
    Property {
        column: Column { header: "Date", property: "date", required: true },
        width: 13.0,
        look: CellFormat::Date,
        note: None,
        read: |line, table, value| line.date = values::date(table, value),
        show: |line| CellContent::date(&line.date),
    },
    Property {
        column: Column { header: "Arrivée", property: "arrival", required: true },
        width: 10.0,
        look: CellFormat::Time,
        note: Some("L’heure d’arrivée du médecin, par exemple 13:30."),
        read: |line, _, value| line.arrival = values::time(value),
        show: |line| CellContent::time(&line.arrival),
    },
    Property {
        column: Column { header: "Départ", property: "departure", required: true },
        width: 10.0,
        look: CellFormat::Time,
        note: None,
        read: |line, _, value| line.departure = values::time(value),
        show: |line| CellContent::time(&line.departure),
    },
    Property {
        column: Column { header: INAMI, property: "inami", required: true },
        width: 16.0,
        look: CellFormat::Text,
        note: Some("Les onze chiffres du numéro INAMI du médecin, déjà encodé dans votre liste de médecins."),
        read: |line, _, value| line.inami = values::digits(value),
        show: |line| CellContent::words(&line.inami, |inami| inami.0.as_str()),
    },
    Property {
        column: Column { header: "Honoraires", property: "feeCents", required: true },
        width: 14.0,
        look: CellFormat::Amount,
        note: Some("En euros, par exemple 85,50."),
        read: |line, _, value| line.fee = values::amount(value),
        show: |line| CellContent::amount(&line.fee),
    },
    Property {
        column: Column { header: "Déplacement", property: "travelCents", required: false },
        width: 14.0,
        look: CellFormat::Amount,
        note: Some("En euros ; vide quand il n’y en a pas."),
        read: |line, _, value| line.travel = values::amount(value),
        show: |line| CellContent::amount(&line.travel),
    },
];

/// What the one who fills it in should know.
pub const HINTS: [(&str, &str); 4] = [
    ("Lignes", "Une consultation par ligne, au plus 500. Les lignes vides et les colonnes ajoutées ne sont pas lues."),
    ("Heures", "Heures et minutes, par exemple 13:30. Une consultation commence et finit le même jour."),
    ("Montants", "En euros et en cents, par exemple 85,50. Ils sont repris tels quels, sans arrondi."),
    (
        "En-têtes",
        "Ne changez ni le nom de la feuille « Consultations » ni les en-têtes de colonnes ; leur ordre est libre.",
    ),
];
