//! The model of the staff register: a sheet for each kind of record, keyed by the vendor's own references.

use super::model::Model;
use super::property::{CellContent, CellFormat, Property, columns};
use super::sheet::Column;
use super::table::Value;
use super::values;
use crate::domain::raw::Field;
use crate::domain::staff::raw::{
    Hundredths, RawAbsence, RawContract, RawDocument, RawFunction, RawMember, RawTraining, Reference,
};
use crate::domain::staff::{AbsenceKind, Category, DocumentKind, Status, TrainingKind};
use crate::words::LocalText;

/// The sheets of the staff register (docs/domain.md, Staff register), the persons first.
pub static STAFF: [Model; 6] = [
    model("staffMembers", "Personnes", "pers", "Prénom", || columns(&MEMBERS)),
    model("staffContracts", "Contrats", "contr", "Statut", || columns(&CONTRACTS)),
    model("staffFunctions", "Fonctions", "fonct", "ETP", || columns(&FUNCTIONS)),
    model("staffTrainings", "Formations", "form", "Intitulé", || columns(&TRAININGS)),
    model("staffDocuments", "Documents", "docu", "Type", || columns(&DOCUMENTS)),
    model("staffAbsences", "Absences", "abs", "Type", || columns(&ABSENCES)),
];

const fn model(
    code: &'static str,
    sheet: &'static str,
    prefix: &'static str,
    anchor: &'static str,
    columns: fn() -> Vec<Column>,
) -> Model {
    Model { code, sheet, prefix, anchor, version: "staff/1", former_version: None, columns }
}

/// A record of a sheet below the persons', with the references of its person and contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnedRecord<R> {
    /// The person.
    pub member: Field<Reference>,
    /// The contract, of a function.
    pub contract: Field<Reference>,
    /// The record itself.
    pub record: R,
}

/// Declares a column: its format, how it is read, its value.
macro_rules! property {
    ($column:expr, $width:literal, $look:ident, $note:expr, $read:expr, $show:expr) => {
        Property { column: $column, width: $width, look: CellFormat::$look, note: $note, read: $read, show: $show }
    };
}

/// A column of words.
macro_rules! words {
    ($column:expr, $width:literal, $note:expr, $($field:ident).+) => {
        property!(
            $column,
            $width,
            Text,
            $note,
            |row, _, value| row.$($field).+ = values::text_field(value),
            |row| CellContent::words(&row.$($field).+, |words| words.0.as_str())
        )
    };
}

/// A column of days.
macro_rules! day {
    ($column:expr, $note:expr, $($field:ident).+) => {
        property!(
            $column,
            15.0,
            Date,
            $note,
            |row, table, value| row.$($field).+ = values::date_field(table, value),
            |row| CellContent::date(&row.$($field).+)
        )
    };
}

/// A column of codes, written and read in the words of their list.
macro_rules! code {
    ($column:expr, $note:expr, $codes:ident, $($field:ident).+) => {
        property!(
            $column,
            30.0,
            Text,
            Some($note),
            |row, _, value| row.$($field).+ = coded($codes::ALL, $codes::code, $codes::label, value),
            |row| CellContent::words(&row.$($field).+, |code| code.label().fr)
        )
    };
}

/// The column with the reference of a record's person.
macro_rules! member {
    () => {
        words!(
            Column::required("Personne", "member"),
            14.0,
            Some("La référence de la personne, telle que sur la feuille « Personnes »."),
            member
        )
    };
}

/// The persons.
pub static MEMBERS: [Property<RawMember>; 5] = [
    words!(
        Column::required("Référence", "reference"),
        14.0,
        Some("Votre propre référence de la personne, toujours la même."),
        reference
    ),
    property!(
        Column::optional("NISS", "ssin"),
        16.0,
        Text,
        Some("Onze chiffres ; « connu » ou vide quand le numéro a déjà été transmis."),
        |row, _, value| (row.ssin, row.ssin_present) = values::ssin_field(value),
        |row| match row.ssin_present {
            Field::Absent => CellContent::words(&row.ssin, |ssin| ssin.0.as_str()),
            _ => CellContent::Text(values::SSIN_ON_FILE.into()),
        }
    ),
    words!(Column::required("Nom", "familyName"), 22.0, None, family_name),
    words!(Column::required("Prénom", "givenName"), 20.0, None, given_name),
    day!(
        Column::optional("Date de naissance", "birthDate"),
        Some("Utile seulement sans NISS, ou quand le NISS ne commence pas par elle."),
        birth_date
    ),
];

/// The contracts.
pub static CONTRACTS: [Property<OwnedRecord<RawContract>>; 5] = [
    member!(),
    words!(
        Column::required("Contrat", "reference"),
        14.0,
        Some("Votre propre référence du contrat, unique pour la personne."),
        record.reference
    ),
    code!(
        Column::required("Statut", "status"),
        "Statutaire, Contractuel, Indépendant, Mis à disposition par un tiers ou Volontaire.",
        Status,
        record.status
    ),
    day!(Column::required("Début", "startDate"), None, record.start_date),
    day!(Column::optional("Fin", "endDate"), Some("Vide quand le contrat est à durée indéterminée."), record.end_date),
];

/// The functions of the contracts.
pub static FUNCTIONS: [Property<OwnedRecord<RawFunction>>; 5] = [
    member!(),
    words!(
        Column::required("Contrat", "contract"),
        14.0,
        Some("La référence du contrat, telle que sur la feuille « Contrats »."),
        contract
    ),
    words!(
        Column::required("Crèche", "crecheId"),
        22.0,
        Some("Le numéro ONE de la crèche, ou son nom."),
        record.creche
    ),
    code!(
        Column::required("Catégorie", "category"),
        "Direction, Personnel psycho-médico-social, Accueil des enfants, Logistique, Administration, Volontaire ou \
         Stagiaire.",
        Category,
        record.category
    ),
    property!(
        Column::required("ETP", "fteHundredths"),
        10.0,
        Amount,
        Some("Temps de travail en équivalent temps plein : 1 pour un temps plein, 0,80 pour quatre cinquièmes."),
        |row, _, value| row.record.fte = fte(value),
        |row| CellContent::of_hundredths(&row.record.fte)
    ),
];

/// The diplomas and certificates.
pub static TRAININGS: [Property<OwnedRecord<RawTraining>>; 4] = [
    member!(),
    code!(Column::required("Type", "kind"), "Diplôme ou Certificat.", TrainingKind, record.kind),
    words!(Column::required("Intitulé", "title"), 40.0, None, record.title),
    day!(Column::required("Date", "date"), None, record.date),
];

/// The documents.
pub static DOCUMENTS: [Property<OwnedRecord<RawDocument>>; 4] = [
    member!(),
    code!(
        Column::required("Type", "kind"),
        "Extrait de casier judiciaire, Certificat d’aptitude ou Autre document.",
        DocumentKind,
        record.kind
    ),
    day!(Column::required("Date", "date"), None, record.date),
    day!(Column::optional("Valable jusqu’au", "validUntil"), None, record.valid_until),
];

/// The absences.
pub static ABSENCES: [Property<OwnedRecord<RawAbsence>>; 4] = [
    member!(),
    code!(
        Column::required("Type", "kind"),
        "Congé de maternité, Congé parental, Interruption de carrière, Absence de longue durée ou Autre absence. Jamais \
         un diagnostic.",
        AbsenceKind,
        record.kind
    ),
    day!(Column::required("Début", "startDate"), None, record.start_date),
    day!(Column::optional("Fin", "endDate"), None, record.end_date),
];

/// The notes of the legend.
pub const HINTS: [(&str, &str); 5] = [
    (
        "Feuilles",
        "Une feuille par sorte d’information. Seules « Personnes », « Contrats » et « Fonctions » sont nécessaires.",
    ),
    (
        "Références",
        "Les lignes des autres feuilles disent par leur référence à quelle personne, et à quel contrat, elles appartiennent.",
    ),
    (
        "Absents",
        "Une personne qui ne figure pas dans le fichier reste telle quelle ; de même une feuille sans ligne pour une personne ne change rien.",
    ),
    ("Temps de travail", "En équivalent temps plein, au centième : 1, 0,80, 0,50."),
    ("En-têtes", "Ne changez ni les noms des feuilles ni les en-têtes de colonnes ; leur ordre est libre."),
];

/// A code of a list, by the words of the list in any language, or by the code itself.
fn coded<T: Copy>(all: &[T], code: fn(T) -> &'static str, label: fn(T) -> LocalText, value: Value<'_>) -> Field<T> {
    let words = values::cell_text(value);
    let wanted = super::model::folded(&words);
    let said = |text: &str| super::model::folded(text) == wanted;
    let found = all.iter().copied().find(|one| {
        let LocalText { fr, nl, en } = label(*one);
        [fr, nl, en, code(*one)].into_iter().any(said)
    });
    found.map_or_else(|| Field::malformed(words), Field::Present)
}

/// A full-time equivalent (0,80) or a percentage with its sign (80 %).
fn fte(value: Value<'_>) -> Field<Hundredths> {
    let words = values::cell_text(value);
    let written = match words.trim_end().strip_suffix('%') {
        Some(percent) => percent.trim().parse().ok(),
        None => values::amount_field(value).get().and_then(|amount| u8::try_from(amount.0).ok()),
    };
    let fte = written.filter(|hundredths| *hundredths <= 100).map(Hundredths);
    fte.map_or_else(|| Field::malformed(words), Field::Present)
}
