//! The time of a world: its clock, and what happens when it is moved.

mod advance;
mod clock;
pub mod clock_request;
mod happened;
pub mod target;

pub(super) use self::advance::Advances;
pub(super) use self::clock::WorldClock;
