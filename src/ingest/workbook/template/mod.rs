//! Writes the models: empty, with initial lines, or filled in. The readers read them back.

pub(in crate::ingest) mod frame;
pub mod records;
pub mod staff;

/// The colours of the gateway's workbooks.
pub(in crate::ingest) mod colour {
    use rust_xlsxwriter::Color;

    /// Headers.
    pub(crate) const HEADER: Color = Color::RGB(0x1F_4E_5F);
    /// Lines between cells.
    pub(crate) const LINE: Color = Color::RGB(0xC9_D1_D6);
    /// Secondary text.
    pub(crate) const QUIET: Color = Color::RGB(0x6B_76_7D);
    /// Weekends.
    pub(crate) const WEEKEND: Color = Color::RGB(0xE4_E8_EB);
    /// Public holidays.
    pub(crate) const HOLIDAY: Color = Color::RGB(0xF6_E3_C5);
    /// Closures.
    pub(crate) const CLOSURE: Color = Color::RGB(0xE3_DA_EC);
}
