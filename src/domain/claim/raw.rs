//! An act of the agency as a document, before validation.

use super::{AnswerDetails, ClaimAct, ClaimRole, FigureName, FigureRemark, MAX_REMARK};
use crate::domain::period::Month;
use crate::domain::raw::{Choice, List, Paragraph, Raw, record};

/// The longest reason of an act, and the longest message, in characters.
pub const MAX_REASON: usize = 2_000;
/// The most remarks of an act: more than a claim has figures.
const MOST_REMARKS: usize = 100;

/// An act of the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct AgencyAct(pub ClaimAct);

impl Raw for AgencyAct {
    fn from_text(text: &str) -> Option<Self> {
        ClaimAct::from_code(text).filter(|act| act.is_of(ClaimRole::Agent)).map(Self)
    }
}

record! {
    /// What the agency does to a claim.
    pub struct RawClaimAct {
        /// What is done.
        required act "act": AgencyAct,
        /// Why.
        optional reason "reason": Paragraph<MAX_REASON>,
        /// Of a message: what it says.
        optional text "text": Paragraph<MAX_REASON>,
        /// The months to correct.
        optional months "months": Choice<Month, 3>,
        /// Remarks at figures.
        optional remarks "remarks": List<RawRemark, MOST_REMARKS>,
    }
}

record! {
    /// A remark at a figure.
    pub struct RawRemark {
        /// The figure.
        required figure "figure": FigureName,
        /// Its month; absent for a figure of the quarter.
        optional month "month": Month,
        /// What it says.
        required text "text": Paragraph<MAX_REMARK>,
    }
}

/// An act that was sent.
pub struct SentAct {
    /// What is done.
    pub act: ClaimAct,
    /// Why; of a message, what it says. Blank where there is none.
    pub reason: String,
    /// Remarks and months.
    pub details: AnswerDetails,
    /// Whether it has a property that only the other acts have: `text` is that of a message, `reason` of all others.
    pub misplaced: Option<&'static str>,
}

impl RawClaimAct {
    /// The act of a clean document; `None` of another one.
    pub fn parse(self) -> Option<SentAct> {
        let AgencyAct(act) = self.act.take()?;
        let is_message = act == ClaimAct::Message;
        let misplaced = match (is_message, self.text.is_absent(), self.reason.is_absent()) {
            (false, false, _) => Some("text"),
            (true, _, false) => Some("reason"),
            _ => None,
        };
        let said = if is_message { self.text } else { self.reason };
        let remarks = self.remarks.take().unwrap_or_default().0;
        let remarks = remarks.into_iter().map(|remark| remark.take()?.parse()).collect::<Option<_>>()?;
        let months = self.months.take().map(|Choice(months)| months).unwrap_or_default();
        let reason = said.take().map(|Paragraph(text)| text).unwrap_or_default();
        Some(SentAct { act, reason, details: AnswerDetails { remarks, months }, misplaced })
    }
}

impl RawRemark {
    fn parse(self) -> Option<FigureRemark> {
        let (figure, Paragraph(text)) = (self.figure.take()?, self.text.take()?);
        Some(FigureRemark { figure, month: self.month.take(), text })
    }
}
