//! The durations of deliveries, hour by hour, as a bar chart.

use crate::app::webhooks::AttemptHour;
use crate::console::page_frame::date_time;

/// The height of the tallest bar.
const HEIGHT: u64 = 80;
/// The distance between bars.
const STEP: u64 = 10;

/// An hour: its bar and its figures.
pub(super) struct Bar {
    pub(super) x: u64,
    pub(super) hour: String,
    pub(super) attempts: u64,
    pub(super) failures: u64,
    pub(super) mean: u64,
    pub(super) longest: u64,
    /// Height and upper edge.
    pub(super) whole: (u64, u64),
    /// Whether anything failed.
    pub(super) failed: bool,
}

/// The figures of the last hours, ready to be drawn.
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    pub(super) attempts: u64,
    pub(super) failures: u64,
    pub(super) width: u64,
}

impl Chart {
    pub(super) fn new(hours: &[AttemptHour]) -> Self {
        let most = hours.iter().map(|hour| hour.mean).max().unwrap_or_default();
        let bar = |(at, hour): (u64, &AttemptHour)| {
            // A small value is still visible.
            let height = (hour.mean * HEIGHT / most.max(1)).max(2);
            Bar {
                x: at * STEP + 1,
                hour: date_time(hour.begins),
                attempts: hour.attempts,
                failures: hour.failures,
                mean: hour.mean,
                longest: hour.longest,
                whole: (height, HEIGHT - height),
                failed: hour.failures > 0,
            }
        };
        let bars: Vec<_> = (0..).zip(hours).map(bar).collect();
        // As wide as two days, so that a single hour does not fill the chart.
        let width = STEP * u64::try_from(bars.len().max(48)).unwrap_or_default();
        let sum = |figure: fn(&AttemptHour) -> u64| hours.iter().map(figure).sum();
        Self { attempts: sum(|hour| hour.attempts), failures: sum(|hour| hour.failures), width, bars }
    }
}
