//! Rules of the amount that an organiser stores.

use crate::domain::rule::rules;

rules! {
    words rules_organiser;

    /// More of something than one organiser may store.
    CAP_REACHED = "organiser.capReached", Error, Agency, History;
    example "person 5 001 of a register" => "persons who left long ago taken out first";
}
