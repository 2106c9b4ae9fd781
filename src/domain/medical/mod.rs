//! Medical consultations: one crèche, one month, which doctor was there when, for how much (docs/domain.md,
//! Consultations).

mod judge;
mod kind;
pub mod raw;
mod statement;
mod totals;

pub use statement::{ConsultationLine, Statement};
pub use totals::{MedicalChange, Sums, Totals};
