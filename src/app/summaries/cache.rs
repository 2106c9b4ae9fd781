//! Figures of crèches that were read before: they are used for as long as nothing of the organiser has changed.
//!
//! Whatever changes a figure is recorded in the organiser's audit chain, in the same transaction (`Unrecorded` refuses the
//! commit otherwise). So figures that were read at an end of the chain are those of the present for as long as the chain has
//! that end, whichever gateway writes. The end is read for each request, unless nothing at all was committed to the embedded file
//! since it was last read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::CrecheFigures;
use crate::domain::audit::ChainHead;
use crate::domain::period::Period;
use crate::ids::{CrecheId, OrganiserId};
use crate::store::FileVersion;

/// How many figures are in memory; above that all are forgotten, which only costs queries.
const MOST: usize = 2_000;

/// How long figures are used: rows that were written by anybody but a gateway are found after this time at the latest.
const USED: SignedDuration = SignedDuration::from_mins(1);

/// What figures depend on beside what is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FigureKey {
    pub(super) organiser: OrganiserId,
    pub(super) creche: CrecheId,
    pub(super) period: Period,
    /// Staffing is that of today while the period runs.
    pub(super) today: Date,
    /// Kind by kind, whether the caller may see the details of the sums.
    pub(super) details: Vec<bool>,
}

/// Figures, with the end of the organiser's audit chain and the instant (in machine time) at which they were read.
struct CachedFigures {
    end: ChainHead,
    read_at: Timestamp,
    /// The version of the file before the end was read last, where it has one.
    version: Option<FileVersion>,
    figures: Arc<CrecheFigures>,
}

impl CachedFigures {
    /// The figures, unless they were read too long ago.
    fn of(&self, now: Timestamp) -> Option<Arc<CrecheFigures>> {
        (now.duration_since(self.read_at).abs() < USED).then(|| Arc::clone(&self.figures))
    }
}

/// The figures by what they depend on.
#[derive(Default)]
pub struct FigureCache(Mutex<HashMap<FigureKey, CachedFigures>>);

impl FigureCache {
    /// The figures, where nothing was committed since they were last found to be those of the present.
    pub(super) fn get_at_version(
        &self,
        key: &FigureKey,
        version: FileVersion,
        now: Timestamp,
    ) -> Option<Arc<CrecheFigures>> {
        self.figures().get(key).filter(|cached| cached.version == Some(version))?.of(now)
    }

    /// The figures that were read at this end of the chain, which was read after this version of the file.
    pub(super) fn get(
        &self,
        key: &FigureKey,
        (end, version): (&ChainHead, Option<FileVersion>),
        now: Timestamp,
    ) -> Option<Arc<CrecheFigures>> {
        let mut all = self.figures();
        let cached = all.get_mut(key).filter(|cached| cached.end == *end)?;
        cached.version = version;
        cached.of(now)
    }

    /// Replaces the figures; the end of the chain was read with them, after this version of the file.
    pub(super) fn set(
        &self,
        key: FigureKey,
        (end, version): (ChainHead, Option<FileVersion>),
        read_at: Timestamp,
        figures: Arc<CrecheFigures>,
    ) {
        let mut all = self.figures();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(key, CachedFigures { end, read_at, version, figures });
    }

    fn figures(&self) -> MutexGuard<'_, HashMap<FigureKey, CachedFigures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
