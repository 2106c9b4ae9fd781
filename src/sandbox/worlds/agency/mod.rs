//! The simulated agency of a world: it answers claims, decides on doctors, pays and publishes as the owner of the world has
//! chosen, by the use cases that agents use.

mod acts;
pub mod policy;
mod work;

pub(super) use self::work::SimulatedAgency;
