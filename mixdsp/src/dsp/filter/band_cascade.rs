//! Floor 4: bands in series: what an equalizer runs.
//!
//! Each band has the sections that its steepest slope takes, one after the other in a [`SvfCascade`].

use super::band::{Band, Slope};
use super::design::{Prototype, Svf, matched};
use super::svf_cascade::{State, SvfCascade};
use crate::base::sample::Sample;
use crate::params::Row;
use crate::params::ramp::Change;

/// Bands in series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BandCascade {
    /// The steepest slope that a band may have.
    pub(crate) steepest_slope: Slope,
    pub(crate) sample_rate: f64,
}

impl BandCascade {
    /// At rest with these bands; the words are zero.
    pub(crate) fn start<T: Sample>(
        self,
        cascade: &mut SvfCascade<'_, T>,
        band: impl Fn(usize) -> Band,
    ) -> State {
        let (per_band, mut place) = (self.steepest_slope.sections(), Svf::IDENTITY);
        cascade.start(
            self.sample_rate,
            |section| {
                let band = band(section / per_band);
                section_of(matched, &band, section % per_band, self.sample_rate, &mut place)
            },
            |section| band(section / per_band).placement.stereo(),
        )
    }

    /// Moves a band to where it is now.
    pub(crate) fn change<T: Sample>(
        self,
        cascade: &mut SvfCascade<'_, T>,
        state: &mut State,
        (item, band): (usize, &Band),
        change: Change,
    ) {
        let (per_band, mut place) = (self.steepest_slope.sections(), Svf::IDENTITY);
        for at in 0..per_band {
            let section = item * per_band + at;
            cascade.change(
                state,
                section,
                section_of(matched, band, at, self.sample_rate, &mut place),
                change,
            );
            cascade.place(state, section, band.placement.stereo(), change);
        }
    }

    /// The range of a row: of a band slopes that there is memory for, and placements only where there are two channels.
    pub(crate) fn range(self, row: &Row, two_channels: bool) -> (f64, f64) {
        let (minimum, maximum) = row.range_at(self.sample_rate);
        if row.id() == Band::SLOPE_DB_PER_OCTAVE.any() {
            (minimum, self.steepest_slope as usize as f64)
        } else if row.id() == Band::PLACEMENT.any() && !two_channels {
            (minimum, minimum)
        } else {
            (minimum, maximum)
        }
    }
}

/// A band's section. They are asked for in order, and `place` is kept between them. One
/// that the band does not need takes the place of the first in frequency and passes everything, and so do all
/// while the band is off, each in its own place: they move there and back without a click.
pub(crate) fn section_of(
    design: fn(&Prototype, f64) -> Svf,
    band: &Band,
    section: usize,
    sample_rate: f64,
    place: &mut Svf,
) -> Svf {
    let prototype = Band { enabled: true, ..*band }.prototype(section);
    let svf = prototype.map_or(*place, |prototype| design(&prototype, sample_rate));
    if section == 0 {
        *place = svf;
    }
    if prototype.is_some() && band.enabled { svf } else { svf.bypassed() }
}
