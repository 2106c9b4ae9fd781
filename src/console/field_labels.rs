//! What fields are called that stand on several pages.

use crate::domain::text::LocalText;

pub(super) const ADDRESS: LocalText = LocalText { fr: "Adresse", nl: "Adres", en: "Address" };
pub(super) const BIRTH_DATE: LocalText = LocalText { fr: "Date de naissance", nl: "Geboortedatum", en: "Birth date" };
pub(super) const CATEGORY: LocalText = LocalText { fr: "Catégorie", nl: "Categorie", en: "Category" };
pub(super) const CRECHE: LocalText = LocalText { fr: "Crèche", nl: "Opvang", en: "Crèche" };
pub(super) const DATE: LocalText = LocalText { fr: "Date", nl: "Datum", en: "Date" };
pub(super) const END: LocalText = LocalText { fr: "Fin", nl: "Einde", en: "End" };
pub(super) const FAMILY_NAME: LocalText = LocalText { fr: "Nom", nl: "Naam", en: "Family name" };
pub(super) const FUNCTION: LocalText = LocalText { fr: "Fonction", nl: "Functie", en: "Function" };
pub(super) const GIVEN_NAME: LocalText = LocalText { fr: "Prénom", nl: "Voornaam", en: "Given name" };
pub(super) const KIND: LocalText = LocalText { fr: "Type", nl: "Soort", en: "Kind" };
pub(super) const LAST_DAY: LocalText = LocalText { fr: "Dernier jour", nl: "Laatste dag", en: "Last day" };
pub(super) const NATIONAL_NUMBER: LocalText =
    LocalText { fr: "Numéro de registre national (NISS)", nl: "Rijksregisternummer (INSZ)", en: "National number" };
pub(super) const START: LocalText = LocalText { fr: "Début", nl: "Begin", en: "Start" };
pub(super) const STATUS: LocalText = LocalText { fr: "Statut", nl: "Statuut", en: "Status" };
pub(super) const TITLE: LocalText = LocalText { fr: "Intitulé", nl: "Benaming", en: "Title" };
pub(super) const VALID_UNTIL: LocalText = LocalText { fr: "Valable jusqu’au", nl: "Geldig tot", en: "Valid until" };
