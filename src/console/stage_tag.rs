//! How the stage of a month is shown.

use super::kinds::KindWords;
use crate::app::board::MonthStage;
use crate::domain::text::{Language, LocalText};

/// How a stage is shown: the word, the look of its tag, and whether there is anything behind it.
pub(super) struct StageTag {
    pub(super) word: &'static str,
    pub(super) look: &'static str,
    pub(super) leads: bool,
}

/// How a stage is shown. A month that holds up nothing is not missed: it may well be that there was nothing to tell, or
/// that the crèche is not subsidised.
pub(super) fn stage_tag(language: Language, words: &KindWords, subsidised: bool, stage: MonthStage) -> StageTag {
    let (word, look) = match stage {
        MonthStage::Closed => (NOTHING, ""),
        MonthStage::Ahead => (AHEAD, ""),
        MonthStage::Running => (RUNNING, "plain"),
        MonthStage::Missing | MonthStage::Late if !words.due => (NONE, "plain"),
        MonthStage::Missing | MonthStage::Late if !subsidised => (MISSING, "plain"),
        MonthStage::Missing => (MISSING, "bad"),
        MonthStage::Late => (LATE, "bad strong"),
        MonthStage::Deposited { warned: true } => (WARNED, "warn"),
        MonthStage::Deposited { warned: false } => (DEPOSITED, "good"),
    };
    StageTag { word: word.get(language), look, leads: !matches!(stage, MonthStage::Closed | MonthStage::Ahead) }
}

const NOTHING: LocalText = LocalText { fr: "Non autorisée", nl: "Niet vergund", en: "Not authorised" };
const AHEAD: LocalText = LocalText { fr: "À venir", nl: "Nog niet", en: "To come" };
const RUNNING: LocalText = LocalText { fr: "En cours", nl: "Lopend", en: "Under way" };
const NONE: LocalText = LocalText { fr: "Aucun", nl: "Geen", en: "None" };
const MISSING: LocalText = LocalText { fr: "Manquant", nl: "Ontbreekt", en: "Missing" };
const LATE: LocalText = LocalText { fr: "En retard", nl: "Te laat", en: "Late" };
const WARNED: LocalText = LocalText { fr: "À vérifier", nl: "Na te kijken", en: "To check" };
const DEPOSITED: LocalText = LocalText { fr: "Déposé", nl: "Ingediend", en: "Deposited" };
