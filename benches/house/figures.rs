//! Durations measured in pairs, one of each after the other, and what is said of them.

use std::time::{Duration, Instant};

/// How long the same thing took in two ways, pair by pair.
pub struct Pairs(Vec<(Duration, Duration)>);

/// Does both things in turn, so often, after a warming-up; now one and now the other comes first.
pub async fn pairs(times: usize, mut floor: impl AsyncFnMut(usize), mut gateway: impl AsyncFnMut(usize)) -> Pairs {
    let warm = times / 10 + 3;
    let mut pairs = Vec::new();
    for turn in 0..times + warm {
        let (mut below, mut above) = (Duration::ZERO, Duration::ZERO);
        if turn % 2 == 0 {
            below = timed(floor(turn)).await;
        }
        above += timed(gateway(turn)).await;
        if turn % 2 == 1 {
            below = timed(floor(turn)).await;
        }
        if turn >= warm {
            pairs.push((below, above));
        }
    }
    Pairs(pairs)
}

async fn timed(work: impl Future<Output = ()>) -> Duration {
    let begun = Instant::now();
    work.await;
    begun.elapsed()
}

/// The head of the table that [`Pairs::say`] fills.
pub fn head() {
    println!("{:<44} {:>10} {:>10} {:>7}   middle half of ratios", "median of each", "floor", "gateway", "ratio");
}

impl Pairs {
    /// A line of the table.
    pub fn say(&self, what: &str) {
        let floor = middle(self.0.iter().map(|pair| milliseconds(pair.0)));
        let gateway = middle(self.0.iter().map(|pair| milliseconds(pair.1)));
        let ratio = middle(self.0.iter().map(|pair| pair.1.as_secs_f64() / pair.0.as_secs_f64()));
        println!(
            "{what:<44} {:>7.2} ms {:>7.2} ms {:>7.2}   {:.2} to {:.2}",
            floor[1], gateway[1], ratio[1], ratio[0], ratio[2]
        );
    }
}

/// In milliseconds.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The value below which lie a quarter, half and three quarters.
pub fn middle(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4])
}
