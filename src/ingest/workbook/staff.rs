//! The model of the staff register: a sheet for each kind of record, keyed by the vendor's own references.

use super::property::{Look, Property, Shown};
use super::sheet::Column;
use super::table::Value;
use super::values;
use crate::domain::raw::{Field, Label};
use crate::domain::staff::raw::{
    Hundredths, RawAbsence, RawContract, RawDocument, RawFunction, RawMember, RawTraining, Reference,
};
use crate::domain::staff::{AbsenceKind, Category, DocumentKind, Status, TrainingKind};
use crate::domain::text::Text;

/// A record of a sheet below the persons', with the references of what it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owned<R> {
    /// The person.
    pub member: Field<Reference>,
    /// The contract, of a function.
    pub contract: Field<Reference>,
    /// The record itself.
    pub record: R,
}

/// A column that must be there.
const fn need(header: &'static str, property: &'static str) -> Column {
    Column { header, property, required: true }
}

/// A column that may be left out.
const fn may(header: &'static str, property: &'static str) -> Column {
    Column { header, property, required: false }
}

/// Declares a column: how it is drawn, how it is read, what it shows.
macro_rules! property {
    ($column:expr, $width:literal, $look:ident, $note:expr, $read:expr, $show:expr) => {
        Property { column: $column, width: $width, look: Look::$look, note: $note, read: $read, show: $show }
    };
}

/// The column that leads from a record to its person.
macro_rules! member {
    () => {
        property!(
            need("Personne", "member"),
            14.0,
            Text,
            Some("La référence de la personne, telle que sur la feuille « Personnes »."),
            |row, _, value| row.member = values::text(value),
            |row| label(&row.member)
        )
    };
}

/// The persons.
pub static MEMBERS: [Property<RawMember>; 5] = [
    property!(
        need("Référence", "reference"),
        14.0,
        Text,
        Some("Votre propre référence de la personne, toujours la même."),
        |row, _, value| row.reference = values::text(value),
        |row| label(&row.reference)
    ),
    property!(
        may("NISS", "ssin"),
        16.0,
        Text,
        Some("Onze chiffres ; « connu » ou vide quand le numéro a déjà été transmis."),
        |row, _, value| (row.ssin, row.ssin_present) = values::ssin(value),
        |row| if row.ssin_present.is_absent() {
            Shown::words(&row.ssin, |ssin| ssin.0.as_str())
        } else {
            Shown::Text(values::HELD.into())
        }
    ),
    property!(
        need("Nom", "familyName"),
        22.0,
        Text,
        None,
        |row, _, value| row.family_name = values::text(value),
        |row| { Shown::words(&row.family_name, |name| name.0.as_str()) }
    ),
    property!(
        need("Prénom", "givenName"),
        20.0,
        Text,
        None,
        |row, _, value| row.given_name = values::text(value),
        |row| { Shown::words(&row.given_name, |name| name.0.as_str()) }
    ),
    property!(
        may("Date de naissance", "birthDate"),
        14.0,
        Date,
        Some("Utile seulement sans NISS, ou quand le NISS ne commence pas par elle."),
        |row, table, value| row.birth_date = values::date(table, value),
        |row| Shown::date(&row.birth_date)
    ),
];

/// The contracts.
pub static CONTRACTS: [Property<Owned<RawContract>>; 5] = [
    member!(),
    property!(
        need("Contrat", "reference"),
        14.0,
        Text,
        Some("Votre propre référence du contrat, unique pour la personne."),
        |row, _, value| row.record.reference = values::text(value),
        |row| label(&row.record.reference)
    ),
    property!(
        need("Statut", "status"),
        24.0,
        Text,
        Some("Statutaire, Contractuel, Indépendant, Mis à disposition par un tiers ou Volontaire."),
        |row, _, value| row.record.status = coded(Status::ALL, Status::code, Status::label, value),
        |row| Shown::words(&row.record.status, |status| status.label().fr)
    ),
    property!(
        need("Début", "startDate"),
        13.0,
        Date,
        None,
        |row, table, value| row.record.start_date = values::date(table, value),
        |row| Shown::date(&row.record.start_date)
    ),
    property!(
        may("Fin", "endDate"),
        13.0,
        Date,
        Some("Vide quand le contrat est à durée indéterminée."),
        |row, table, value| row.record.end_date = values::date(table, value),
        |row| Shown::date(&row.record.end_date)
    ),
];

/// The functions of the contracts.
pub static FUNCTIONS: [Property<Owned<RawFunction>>; 5] = [
    member!(),
    property!(
        need("Contrat", "contract"),
        14.0,
        Text,
        Some("La référence du contrat, telle que sur la feuille « Contrats »."),
        |row, _, value| row.contract = values::text(value),
        |row| label(&row.contract)
    ),
    property!(
        need("Crèche", "crecheId"),
        22.0,
        Text,
        Some("Le numéro ONE de la crèche, ou son nom."),
        |row, _, value| row.record.creche = values::text(value),
        |row| label(&row.record.creche)
    ),
    property!(
        need("Catégorie", "category"),
        30.0,
        Text,
        Some(
            "Direction, Personnel psycho-médico-social, Accueil des enfants, Logistique, Administration, Volontaire ou Stagiaire."
        ),
        |row, _, value| row.record.category = coded(Category::ALL, Category::code, Category::label, value),
        |row| Shown::words(&row.record.category, |category| category.label().fr)
    ),
    property!(
        need("ETP", "fteHundredths"),
        10.0,
        Amount,
        Some("Temps de travail en équivalent temps plein : 1 pour un temps plein, 0,80 pour quatre cinquièmes."),
        |row, _, value| row.record.fte = fte(value),
        |row| Shown::of_hundredths(&row.record.fte)
    ),
];

/// The diplomas and certificates.
pub static TRAININGS: [Property<Owned<RawTraining>>; 4] = [
    member!(),
    property!(
        need("Type", "kind"),
        16.0,
        Text,
        Some("Diplôme ou Certificat."),
        |row, _, value| row.record.kind = coded(TrainingKind::ALL, TrainingKind::code, TrainingKind::label, value),
        |row| Shown::words(&row.record.kind, |kind| kind.label().fr)
    ),
    property!(
        need("Intitulé", "title"),
        40.0,
        Text,
        None,
        |row, _, value| row.record.title = values::text(value),
        |row| { label(&row.record.title) }
    ),
    property!(
        need("Date", "date"),
        13.0,
        Date,
        None,
        |row, table, value| row.record.date = values::date(table, value),
        |row| { Shown::date(&row.record.date) }
    ),
];

/// The documents.
pub static DOCUMENTS: [Property<Owned<RawDocument>>; 4] = [
    member!(),
    property!(
        need("Type", "kind"),
        28.0,
        Text,
        Some("Extrait de casier judiciaire, Certificat d'aptitude ou Autre document."),
        |row, _, value| row.record.kind = coded(DocumentKind::ALL, DocumentKind::code, DocumentKind::label, value),
        |row| Shown::words(&row.record.kind, |kind| kind.label().fr)
    ),
    property!(
        need("Date", "date"),
        13.0,
        Date,
        None,
        |row, table, value| row.record.date = values::date(table, value),
        |row| { Shown::date(&row.record.date) }
    ),
    property!(
        may("Valable jusqu'au", "validUntil"),
        16.0,
        Date,
        None,
        |row, table, value| row.record.valid_until = values::date(table, value),
        |row| Shown::date(&row.record.valid_until)
    ),
];

/// The absences.
pub static ABSENCES: [Property<Owned<RawAbsence>>; 4] = [
    member!(),
    property!(
        need("Type", "kind"),
        28.0,
        Text,
        Some(
            "Congé de maternité, Congé parental, Interruption de carrière, Absence de longue durée ou Autre absence. Jamais un diagnostic."
        ),
        |row, _, value| row.record.kind = coded(AbsenceKind::ALL, AbsenceKind::code, AbsenceKind::label, value),
        |row| Shown::words(&row.record.kind, |kind| kind.label().fr)
    ),
    property!(
        need("Début", "startDate"),
        13.0,
        Date,
        None,
        |row, table, value| row.record.start_date = values::date(table, value),
        |row| Shown::date(&row.record.start_date)
    ),
    property!(
        may("Fin", "endDate"),
        13.0,
        Date,
        None,
        |row, table, value| row.record.end_date = values::date(table, value),
        |row| Shown::date(&row.record.end_date)
    ),
];

/// What whoever fills it in should know.
pub const HINTS: [(&str, &str); 5] = [
    (
        "Feuilles",
        "Une feuille par sorte d'information. Seules « Personnes », « Contrats » et « Fonctions » sont nécessaires.",
    ),
    (
        "Références",
        "Les lignes des autres feuilles disent par leur référence à quelle personne, et à quel contrat, elles appartiennent.",
    ),
    (
        "Absents",
        "Une personne qui ne figure pas dans le fichier reste telle quelle ; de même une feuille sans ligne pour une personne ne change rien.",
    ),
    ("Temps de travail", "En équivalent temps plein, au centième : 1, 0,80, 0,50."),
    ("En-têtes", "Ne changez ni les noms des feuilles ni les en-têtes de colonnes ; leur ordre est libre."),
];

fn label<const MAX: usize>(field: &Field<Label<MAX>>) -> Shown<'_> {
    Shown::words(field, |label| label.0.as_str())
}

/// A code of a list, by the words of the list in any language, or as JSON spells it.
fn coded<T: Copy>(all: &[T], code: fn(T) -> &'static str, label: fn(T) -> Text, value: Value<'_>) -> Field<T> {
    let words = values::words(value);
    let wanted = super::model::folded(&words);
    let said = |text: &str| super::model::folded(text) == wanted;
    let found = all.iter().copied().find(|one| {
        let Text { fr, nl, en } = label(*one);
        [fr, nl, en, code(*one)].into_iter().any(said)
    });
    found.map_or_else(|| Field::Malformed(words.into()), Field::Present)
}

/// A full-time equivalent (0,80) or a percentage that says so (80 %).
fn fte(value: Value<'_>) -> Field<Hundredths> {
    let words = values::words(value);
    let written = match words.trim_end().strip_suffix('%') {
        Some(percent) => percent.trim().parse().ok(),
        None => values::amount(value).get().and_then(|amount| u8::try_from(amount.0).ok()),
    };
    let fte = written.filter(|hundredths| *hundredths <= 100).map(Hundredths);
    fte.map_or_else(|| Field::Malformed(words.into()), Field::Present)
}
