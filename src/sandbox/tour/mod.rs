//! A vendor's first day, played over real HTTP against a running sandbox.
//!
//! Every exchange is printed and compared with what was expected: the tour is a test that can be read.

mod client;
mod kinds;
mod screen;
mod steps;

use serde_json::Value;

use client::{Exchange, TourClient};
use screen::Screen;

/// Why the tour stopped: the sandbox did not respond as expected.
#[derive(Debug, thiserror::Error)]
pub(super) enum TourError {
    /// No answer.
    #[error("the sandbox did not answer: {0}")]
    Http(#[from] reqwest::Error),
    /// Another answer than expected.
    #[error("{step}: expected {expected}, got {got}")]
    Unexpected {
        /// Which step of the tour.
        step: String,
        /// The expected value.
        expected: String,
        /// The actual value.
        got: String,
    },
    /// The terminal cannot be written to.
    #[error("cannot write to the terminal: {0}")]
    Screen(#[from] std::io::Error),
}

/// Plays the tour against the sandbox whose `sandbox.json` this is, on the first crèche of its first organiser.
pub(super) async fn run_tour(sandbox: &Value) -> Result<(), TourError> {
    let text = |pointer: &str| sandbox.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let client = TourClient::new(text("/apiUrl"), text("/organisers/0/applications/0/keys/0/key"))?;
    let tour = Tour {
        client,
        screen: Screen::new(),
        creche: text("/organisers/0/creches/0/id").to_owned(),
        step: 0,
        title: String::new(),
    };
    tour.screen.title("Passerelle: a vendor's first day, over real HTTP")?;
    tour.screen.note(&format!("The sandbox listens at {} with a database of its own.", text("/baseUrl")))?;
    tour.play().await
}

/// A tour in progress.
struct Tour {
    client: TourClient,
    screen: Screen,
    creche: String,
    step: usize,
    title: String,
}

impl Tour {
    /// Announces the next step.
    fn next(&mut self, title: &str) -> Result<(), TourError> {
        self.step += 1;
        title.clone_into(&mut self.title);
        Ok(self.screen.step(self.step, title)?)
    }

    /// Prints an exchange and compares its status with the expected one.
    fn expect(&mut self, exchange: &Exchange, status: u16) -> Result<(), TourError> {
        self.screen.exchange(exchange)?;
        self.expect_value("status", &status.to_string(), &exchange.status.to_string())
    }

    /// Compares one value of the response with the expected one.
    fn expect_value(&self, what: &str, expected: &str, got: &str) -> Result<(), TourError> {
        if expected == got {
            return Ok(());
        }
        Err(TourError::Unexpected {
            step: format!("step {} ({})", self.step, self.title),
            expected: format!("{what} {expected}"),
            got: got.to_owned(),
        })
    }
}
