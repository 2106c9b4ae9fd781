//! Medical consultations of one crèche and month: doctor, times, fee (docs/domain.md,
//! Consultations).

mod facts;
mod kind;
pub mod raw;
pub mod rules;
mod statement;
mod totals;
mod validation;

pub use facts::KIND;
pub use statement::{ConsultationLine, Statement};
pub use totals::{MedicalChange, Sums, Totals};
