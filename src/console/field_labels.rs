//! The names of fields that are on several pages.

use crate::words::{self, LocalText};

pub(super) const ADDRESS: LocalText = words::common::ADDRESS;
pub(super) const BIRTH_DATE: LocalText = words::common::BIRTH_DATE;
pub(super) const CATEGORY: LocalText = words::common::CATEGORY;
pub(super) const CRECHE: LocalText = words::common::CRECHE;
pub(super) const DATE: LocalText = words::common::DATE;
pub(super) const END: LocalText = words::common::END;
pub(super) const FAMILY_NAME: LocalText = words::common::FAMILY_NAME;
pub(super) const FUNCTION: LocalText = words::common::FUNCTION;
pub(super) const GIVEN_NAME: LocalText = words::common::GIVEN_NAME;
pub(super) const KIND: LocalText = words::field_labels::KIND;
pub(super) const LAST_DAY: LocalText = words::common::LAST_DAY;
pub(super) const NATIONAL_NUMBER: LocalText = words::common::NATIONAL_NUMBER;
pub(super) const START: LocalText = words::field_labels::START;
pub(super) const STATUS: LocalText = words::field_labels::STATUS;
pub(super) const TITLE: LocalText = words::field_labels::TITLE;
pub(super) const VALID_UNTIL: LocalText = words::field_labels::VALID_UNTIL;
