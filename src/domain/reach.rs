//! The crèches of an organiser within a caller's reach, and the one rule for writes to what spans several of them:
//! **what is out of reach stays as it is**. It is not returned, leaving it out does not remove it, and naming it is
//! refused.

use crate::ids::CrecheId;

/// The crèches within a caller's reach, for the present operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrecheReach<'a> {
    /// Every crèche of the organiser, future ones too.
    Every,
    /// These and no others.
    Only(&'a [CrecheId]),
}

impl CrecheReach<'_> {
    /// Whether the crèche is within reach.
    pub fn includes(self, creche: CrecheId) -> bool {
        match self {
            Self::Every => true,
            Self::Only(creches) => creches.contains(&creche),
        }
    }

    /// Whether all of these are within reach.
    pub fn includes_all(self, creches: &[CrecheId]) -> bool {
        creches.iter().all(|creche| self.includes(*creche))
    }

    /// Whether any of these is within reach.
    pub fn includes_any(self, creches: &[CrecheId]) -> bool {
        creches.iter().any(|creche| self.includes(*creche))
    }
}

/// A part of something that spans crèches; each part belongs to one crèche.
pub trait CrechePart: Clone {
    /// The crèche.
    fn creche(&self) -> CrecheId;
}

impl CrechePart for CrecheId {
    fn creche(&self) -> CrecheId {
        *self
    }
}

/// The parts within reach, which are visible to the caller.
pub fn within_reach<P: CrechePart>(parts: &[P], reach: CrecheReach<'_>) -> Vec<P> {
    parts.iter().filter(|part| reach.includes(part.creche())).cloned().collect()
}

/// The parts out of reach, which a write leaves unchanged.
pub fn out_of_reach<P: CrechePart>(parts: &[P], reach: CrecheReach<'_>) -> Vec<P> {
    parts.iter().filter(|part| !reach.includes(part.creche())).cloned().collect()
}

/// The parts after a write with `sent` in place of those within reach: parts of `held` that are out of reach stay, each
/// at its index; parts of `sent` that are out of reach are ignored.
pub fn replace_within_reach<P: CrechePart>(stored: &[P], sent: &[P], reach: CrecheReach<'_>) -> Vec<P> {
    let mut parts = within_reach(sent, reach);
    for (at, part) in stored.iter().enumerate().filter(|(_, part)| !reach.includes(part.creche())) {
        parts.insert(at.min(parts.len()), part.clone());
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn creche(number: u8) -> CrecheId {
        format!("019a5c00-0000-7000-8000-0000000000{number:02}").parse().unwrap()
    }

    fn creches() -> impl Strategy<Value = Vec<CrecheId>> {
        prop::collection::vec((10_u8..20).prop_map(creche), 0..8)
    }

    proptest! {
        #[test]
        fn parts_out_of_reach_stay_whatever_is_sent(stored in creches(), sent in creches(), granted in creches()) {
            let reach = CrecheReach::Only(&granted);
            let after = replace_within_reach(&stored, &sent, reach);
            prop_assert_eq!(out_of_reach(&after, reach), out_of_reach(&stored, reach));
            prop_assert_eq!(within_reach(&after, reach), within_reach(&sent, reach));
        }

        #[test]
        fn what_was_seen_and_is_sent_back_changes_nothing(stored in creches(), granted in creches()) {
            let reach = CrecheReach::Only(&granted);
            prop_assert_eq!(replace_within_reach(&stored, &within_reach(&stored, reach), reach), stored);
        }
    }
}
