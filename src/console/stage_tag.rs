//! The displayed stage of a month.

use super::kinds::KindWords;
use crate::app::board::MonthStage;
use crate::words::{self, Language, LocalText};

/// A displayed stage: the word, the CSS class of its tag, and whether there is a page for it.
pub(super) struct StageTag {
    pub(super) word: &'static str,
    pub(super) look: &'static str,
    pub(super) leads: bool,
}

/// The tag of a stage; only what is late is red. A missing statement that is not due is not marked: there may have been
/// nothing to report, or the crèche is not subsidised.
pub(super) fn stage_tag(language: Language, words: &KindWords, subsidised: bool, stage: MonthStage) -> StageTag {
    let (word, look) = match stage {
        MonthStage::Closed => (NOTHING, ""),
        MonthStage::Ahead => (AHEAD, ""),
        MonthStage::Running => (RUNNING, "plain"),
        MonthStage::Missing | MonthStage::Late if !words.is_due() => (NONE, "plain"),
        MonthStage::Missing | MonthStage::Late if !subsidised => (MISSING, "plain"),
        MonthStage::Missing => (MISSING, "warn"),
        MonthStage::Late => (LATE, "bad"),
        MonthStage::Deposited { warned: true } => (WARNED, "warn"),
        MonthStage::Deposited { warned: false } => (DEPOSITED, "good"),
    };
    StageTag { word: word.get(language), look, leads: !matches!(stage, MonthStage::Closed | MonthStage::Ahead) }
}

const NOTHING: LocalText = words::stage_tag::NOTHING;
const AHEAD: LocalText = words::stage_tag::AHEAD;
const RUNNING: LocalText = words::stage_tag::RUNNING;
const NONE: LocalText = words::common::NONE;
const MISSING: LocalText = words::stage_tag::MISSING;
const LATE: LocalText = words::stage_tag::LATE;
const WARNED: LocalText = words::common::TO_CHECK;
const DEPOSITED: LocalText = words::stage_tag::DEPOSITED;
