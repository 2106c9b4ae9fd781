//! Medical consultations: one crèche, one month, which doctor was there when, for how much (docs/domain.md,
//! Consultations).

mod kind;
pub mod raw;
mod statement;
mod totals;
mod validation;

pub use statement::{ConsultationLine, Statement};
pub use totals::{MedicalChange, Sums, Totals};
