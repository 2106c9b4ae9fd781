//! What an answer of the agency says besides its reason: remarks at single figures, and the months that are to be corrected.

use serde::{Deserialize, Serialize};

use super::{ClaimAct, FigureLine, FigureName};
use crate::domain::period::{Month, Period};

/// The longest remark at a figure, in characters.
pub const MAX_REMARK: usize = 500;

/// A remark at a figure of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FigureRemark {
    /// At which figure.
    pub figure: FigureName,
    /// Of which month; `None` for a figure of the quarter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    /// What it says, of 1 to [`MAX_REMARK`] characters.
    pub text: String,
}

/// What an answer says besides its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerDetails {
    /// Remarks at single figures, in the order of the figures.
    pub remarks: Vec<FigureRemark>,
    /// The months that are to be corrected, the first first; of a claim that is returned only.
    pub months: Vec<Month>,
}

/// Why an answer cannot have its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerDetailsError {
    /// An answer of this kind has no remarks, or no months.
    NotTaken,
    /// A remark is longer than [`MAX_REMARK`].
    TooLong,
    /// The remark with this index is at a figure that was not signed, or that has one before it.
    NoFigure(usize),
    /// The month with this index is none of the period, or one that is there before it.
    NoMonth(usize),
}

impl AnswerDetails {
    /// Whether there are neither remarks nor months.
    pub const fn is_empty(&self) -> bool {
        self.remarks.is_empty() && self.months.is_empty()
    }

    /// Whether an act on a claim with these figures may have them.
    ///
    /// # Errors
    /// The first of [`AnswerDetailsError`] that is true.
    pub fn check(&self, act: ClaimAct, period: Period, signed: &[FigureLine]) -> Result<(), AnswerDetailsError> {
        let misplaced = !self.months.is_empty() && act != ClaimAct::Return;
        if misplaced || (!self.remarks.is_empty() && !act.takes_remarks()) {
            return Err(AnswerDetailsError::NotTaken);
        }
        if self.remarks.iter().any(|remark| remark.text.chars().count() > MAX_REMARK) {
            return Err(AnswerDetailsError::TooLong);
        }
        let place = |remark: &FigureRemark| (remark.figure, remark.month);
        let is_signed = |remark| signed.iter().any(|line| (line.figure, line.month) == place(remark));
        let is_repeated = |index, remark| self.remarks.iter().take(index).any(|other| place(other) == place(remark));
        for (index, remark) in self.remarks.iter().enumerate() {
            if !is_signed(remark) || is_repeated(index, remark) {
                return Err(AnswerDetailsError::NoFigure(index));
            }
        }
        for (index, month) in self.months.iter().enumerate() {
            if !period.months().contains(month) || self.months[..index].contains(month) {
                return Err(AnswerDetailsError::NoMonth(index));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{AnswerDetails, AnswerDetailsError, FigureRemark, MAX_REMARK};
    use crate::domain::claim::{ClaimAct, FigureLine, FigureName};
    use crate::domain::period::Period;

    fn remark(month: Option<&str>, length: usize) -> AnswerDetails {
        let month = month.map(|month| month.parse().unwrap());
        let remark = FigureRemark { figure: FigureName::PresentFullDays, month, text: "é".repeat(length) };
        AnswerDetails { remarks: vec![remark], months: Vec::new() }
    }

    #[test]
    fn remarks_are_at_signed_figures_and_with_a_reasoned_answer() {
        let quarter = Period::Quarter("2026Q3".parse().unwrap());
        let month = Some("2026-07".parse().unwrap());
        let signed = [FigureLine { figure: FigureName::PresentFullDays, month, value: 3 }];
        let check = |details: &AnswerDetails, act| details.check(act, quarter, &signed);
        assert_eq!(check(&remark(Some("2026-07"), MAX_REMARK), ClaimAct::Return), Ok(()));
        assert_eq!(check(&remark(Some("2026-07"), 1), ClaimAct::Accept), Err(AnswerDetailsError::NotTaken));
        assert_eq!(check(&remark(Some("2026-07"), MAX_REMARK + 1), ClaimAct::Refuse), Err(AnswerDetailsError::TooLong));
        assert_eq!(check(&remark(Some("2026-08"), 1), ClaimAct::Refuse), Err(AnswerDetailsError::NoFigure(0)));
        assert_eq!(check(&remark(None, 1), ClaimAct::Refuse), Err(AnswerDetailsError::NoFigure(0)));
        let mut twice = remark(Some("2026-07"), 1);
        twice.remarks.push(twice.remarks[0].clone());
        assert_eq!(check(&twice, ClaimAct::Refuse), Err(AnswerDetailsError::NoFigure(1)));
        let months = |month: &str| AnswerDetails { months: vec![month.parse().unwrap()], ..AnswerDetails::default() };
        assert_eq!(check(&months("2026-09"), ClaimAct::Return), Ok(()));
        assert_eq!(check(&months("2026-09"), ClaimAct::Refuse), Err(AnswerDetailsError::NotTaken));
        assert_eq!(check(&months("2026-10"), ClaimAct::Return), Err(AnswerDetailsError::NoMonth(0)));
    }
}
