//! The columns of a file of payments, with the headers that programs and people give them.

use crate::domain::money::SignedCents;
use crate::domain::raw::Field;
use crate::domain::subsidy::{RawPayment, read_type};
use crate::domain::text::is_invisible;
use crate::domain::written::{read_day, read_quarter};
use crate::ingest::workbook::Model;
use crate::ingest::workbook::property::{CellContent, CellFormat, Property};
use crate::ingest::workbook::sheet::Column;
use crate::ingest::workbook::table::Value;
use crate::ingest::workbook::values::{cell_text, date_field, text_field};

/// The header that only the header row has.
const ANCHOR: &str = "Référence";

/// The model of payments (docs/domain.md, Payments): one row for each.
pub(super) static MODEL: Model = Model {
    code: "payments",
    sheet: "Paiements",
    prefix: "pai",
    anchor: ANCHOR,
    version: "payments/1",
    former_version: None,
    columns: || PROPERTIES.iter().map(|property| property.column).collect(),
};

/// The same on the only sheet of a workbook, whatever its name.
pub(super) static UNNAMED: Model = Model {
    code: "payments-unnamed",
    sheet: "Paiements",
    prefix: "",
    anchor: ANCHOR,
    version: "payments/1",
    former_version: None,
    columns: || PROPERTIES.iter().map(|property| property.column).collect(),
};

/// The columns, in the order of the model.
pub(super) static PROPERTIES: [Property<RawPayment>; 7] = [
    Property {
        column: Column::required("Numéro ONE", "creche"),
        width: 18.0,
        look: CellFormat::Text,
        note: Some("Le numéro ONE de la crèche, tel qu’il figure dans le registre."),
        read: |payment, _, value| payment.one_number = text_field(value),
        show: |payment| CellContent::words(&payment.one_number, |number| number.0.as_str()),
    },
    Property {
        column: Column::required("Trimestre", "quarter"),
        width: 13.0,
        look: CellFormat::Text,
        note: Some("Par exemple T3 2026."),
        read: |payment, _, value| payment.quarter = written(value, read_quarter),
        show: |payment| CellContent::of(&payment.quarter, |quarter| CellContent::Text(quarter.to_string().into())),
    },
    Property {
        column: Column::required("Type", "type"),
        width: 22.0,
        look: CellFormat::Text,
        note: Some("Subside, Régularisation, Récupération ou Prime exceptionnelle."),
        read: |payment, _, value| payment.payment_type = written(value, read_type),
        show: |payment| CellContent::of(&payment.payment_type, |one| CellContent::Text(one.label().fr.into())),
    },
    Property {
        column: Column::required("Date de liquidation", "paidOn"),
        width: 18.0,
        look: CellFormat::Date,
        note: None,
        read: |payment, table, value| {
            let day = date_field(table, value);
            payment.paid_on = if day.get().is_some() { day } else { written(value, read_day) };
        },
        show: |payment| CellContent::date(&payment.paid_on),
    },
    Property {
        column: Column::required("Montant", "amount"),
        width: 14.0,
        look: CellFormat::Amount,
        note: Some("En euros, par exemple 1234,56 ; négatif pour une récupération."),
        read: |payment, _, value| payment.amount = amount_field(value),
        show: |payment| amount_content(&payment.amount),
    },
    Property {
        column: Column::optional("Solde de la demande", "balance"),
        width: 14.0,
        look: CellFormat::Amount,
        note: Some("En euros ; vide quand il n’y a pas de demande."),
        read: |payment, _, value| payment.balance = amount_field(value),
        show: |payment| amount_content(&payment.balance),
    },
    Property {
        column: Column::required(ANCHOR, "reference"),
        width: 24.0,
        look: CellFormat::Text,
        note: Some("Celle de l’ONE, au plus 60 caractères : un même paiement n’est enregistré qu’une fois."),
        read: |payment, _, value| payment.reference = text_field(value),
        show: |payment| CellContent::words(&payment.reference, |reference| reference.0.as_str()),
    },
];

/// Other headers of each column, of the program's own pages, of other programs, and in the other languages.
const OTHER_HEADERS: [(&str, &[&str]); 7] = [
    (
        "creche",
        &[
            "Numéro ONE de la crèche",
            "N° ONE",
            "No ONE",
            "Matricule ONE",
            "creche",
            "ONE-nummer",
            "ONE-nummer van de opvang",
            "ONE number",
            "ONE number of the crèche",
            "oneNumber",
        ],
    ),
    ("quarter", &["Période", "Kwartaal", "Periode", "Quarter", "Period"]),
    ("type", &["Type de paiement", "Type du paiement", "Type betaling", "Type van de betaling", "Payment type"]),
    (
        "paidOn",
        &[
            "Date de paiement",
            "Date du paiement",
            "Date paiement",
            "Date",
            "Datum van vereffening",
            "Betaaldatum",
            "Datum",
            "Payment date",
            "Date of payment",
            "paidOn",
        ],
    ),
    (
        "amount",
        &["Montant des subsides", "Montant (EUR)", "Montant EUR", "Montant (€)", "Bedrag", "Bedrag (EUR)", "Amount"],
    ),
    ("balance", &["Solde", "Saldo", "Saldo van de aanvraag", "Balance", "Balance of the claim"]),
    ("reference", &["Référence du paiement", "Réf.", "Referentie", "Referentie van de betaling", "Payment reference"]),
];

/// The columns under each of their headers.
pub(super) fn every_property() -> Vec<Property<RawPayment>> {
    let named = |of: &Property<RawPayment>, column| Property {
        column,
        width: of.width,
        look: of.look,
        note: None,
        read: of.read,
        show: of.show,
    };
    let others = |of: &'static Property<RawPayment>| {
        let property = of.column.property;
        let headers = OTHER_HEADERS.iter().filter(move |(name, _)| *name == property).flat_map(|(_, headers)| *headers);
        headers.map(move |header| named(of, Column::optional(header, property)))
    };
    let own = PROPERTIES.iter().map(|of| named(of, of.column));
    own.chain(PROPERTIES.iter().flat_map(others)).collect()
}

fn written<T>(value: Value<'_>, read: fn(&str) -> Option<T>) -> Field<T> {
    let text = cell_text(value);
    read(&text).map_or_else(|| Field::malformed(text), Field::Present)
}

fn amount_field(value: Value<'_>) -> Field<SignedCents> {
    let found = match value {
        Value::Number(euros) | Value::Moment(euros) => SignedCents::from_euros(euros),
        Value::Text(text) => SignedCents::parse(&text.chars().filter(|sign| !is_invisible(*sign)).collect::<String>()),
        _ => None,
    };
    found.map_or_else(|| Field::malformed(cell_text(value)), Field::Present)
}

fn amount_content(amount: &Field<SignedCents>) -> CellContent<'_> {
    CellContent::of(amount, |amount| CellContent::Text(amount.to_string().into()))
}
