//! An honest sender: a typical statement ten times a second, in turn on a connection that is kept and on a new one.

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use tokio::time::MissedTickBehavior;

use crate::house::figures::milliseconds;
use crate::house::{Tenant, client, documents};

/// How many deposits are measured, and how much time lies between the beginnings of two: what the limits allow for good.
const DEPOSITS: usize = 200;
const EVERY: Duration = Duration::from_millis(100);

pub struct Honest {
    kept: Client,
    new: Client,
    address: String,
    key: String,
    editions: [Vec<u8>; 2],
}

impl Honest {
    /// For an organiser, which has deposited its first statement.
    pub async fn new(api: &str, tenant: &Tenant) -> Self {
        let new = passerelle::outbound::client::loopback().pool_max_idle_per_host(0);
        let this = Self {
            kept: client(),
            new: new.timeout(Duration::from_mins(2)).build().unwrap(),
            address: format!("{api}/creches/{}/attendanceStatements/2026-07", tenant.creches[0]),
            key: tenant.key.clone(),
            editions: [0, 1].map(|edition| documents::statement("2026-07", 40, 21, edition)),
        };
        let first = this.kept.put(&this.address).bearer_auth(&this.key).header("content-type", "application/json");
        let answer = first.body(this.editions[1].clone()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED, "{}", answer.text().await.unwrap());
        this
    }

    async fn deposit(&self, turn: usize) -> f64 {
        let client = if turn.is_multiple_of(2) { &self.kept } else { &self.new };
        let request = client.put(&self.address).bearer_auth(&self.key).header("content-type", "application/json");
        let request = request.header("if-match", "*").body(self.editions[turn / 2 % 2].clone());
        let begun = Instant::now();
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
        milliseconds(begun.elapsed())
    }

    /// Deposits, and says how soon it was answered.
    pub async fn measure(&self, during: &str) {
        let (mut ticks, mut times) = (tokio::time::interval(EVERY), Vec::new());
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for turn in 0..DEPOSITS {
            ticks.tick().await;
            times.push(self.deposit(turn).await);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        let (count, [half, most, all]) = (times.len(), [50, 99, 100].map(at));
        println!("{during:<18} {half:>6.1} ms {most:>6.1} ms {all:>6.1} ms {count:>8}");
    }
}
