//! Calls and refused deposits of thirty days, as a bar chart.

use jiff::civil::Date;

use crate::console::page_frame;
use crate::domain::key::DailyUses;

/// The height of the tallest bar.
const HEIGHT: u64 = 80;
/// The distance between bars, and their width.
const STEP: u64 = 10;

/// A day: its bar and its figures.
pub(super) struct Bar {
    pub(super) x: u64,
    pub(super) calls: u64,
    pub(super) refusals: u64,
    pub(super) day: String,
    /// Height and upper edge of the whole bar.
    pub(super) whole: (u64, u64),
    /// Of the part for refusals.
    pub(super) part: (u64, u64),
}

/// The figures of the last days, ready to be drawn.
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    pub(super) calls: u64,
    pub(super) refusals: u64,
    pub(super) width: u64,
    pub(super) most: u64,
}

impl Chart {
    pub(super) fn new(days: Vec<(Date, DailyUses)>) -> Self {
        let most = days.iter().map(|(_, uses)| uses.calls.max(uses.refusals)).max().unwrap_or_default();
        let sum = |figure: fn(&DailyUses) -> u64| days.iter().map(|(_, uses)| figure(uses)).sum();
        let (calls, refusals) = (sum(|uses| uses.calls), sum(|uses| uses.refusals));
        // A small value is still visible.
        let height = |count: u64| (count * HEIGHT / most.max(1)).max(u64::from(count > 0) * 2);
        let bar = |(at, (date, uses)): (u64, (Date, DailyUses))| {
            let (whole, part) = (height(uses.calls), height(uses.refusals));
            Bar {
                x: at * STEP + 1,
                calls: uses.calls,
                refusals: uses.refusals,
                day: page_frame::day(date),
                whole: (whole, HEIGHT - whole),
                part: (part, HEIGHT - part),
            }
        };
        let bars: Vec<_> = (0..).zip(days).map(bar).collect();
        let width = STEP * u64::try_from(bars.len()).unwrap_or_default();
        Self { bars, calls, refusals, width, most }
    }
}
