//! The rules by which what contributes to a figure counts (docs/domain.md, Authorised places).

use super::codes::codes;

codes! {
    /// A rule by which something counts in a figure.
    pub enum CountingRule with codes_figure {
        /// A child's days, each in the sum of its status.
        AttendanceDays "attendanceDays";
        /// A consultation with its minutes and amounts.
        Consultation "consultation";
        /// A day that is open, with its places.
        OpenDay "openDay";
        /// A day that is not open.
        DayNotOpen "dayNotOpen";
        /// Presence over places.
        OccupationRate "occupationRate";
        /// A function of a person on the days on which it is held.
        FunctionDays "functionDays";
        /// The average working time of a category.
        AverageStaffing "averageStaffing";
    }
}
