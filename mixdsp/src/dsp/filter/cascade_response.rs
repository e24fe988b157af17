//! Floor 4: what a cascade of sections reports: its response and its tail, of the numbers that run.
//!
//! State: none; it reads the words of [`SvfCascadeRef`].

use super::design::Svf;
use super::placement::Placement;
use super::stereo_placement::{self, Matrix, StereoPlacement};
use super::svf_cascade::SvfCascadeRef;
use crate::base::sample::Sample;
use crate::engine::kind::ResponseAt;
use crate::params::ramp::Ramp;
use crate::params::smoothed::Smoothed;
use num_complex::Complex;

/// The numbers that a response is of.
fn numbers_at<const N: usize>(ramp: &Ramp<N>, at: ResponseAt) -> [f64; N] {
    match at {
        ResponseAt::Settled => ramp.target(),
        ResponseAt::Now => ramp.value(),
    }
}

/// Response of all sections to a steady sine that stands in one place, as heard in that place.
fn response(
    designs: &[Ramp<5>],
    placements: &[Ramp<3>],
    place: Placement,
    frequency_hz: f64,
    sample_rate: f64,
    at: ResponseAt,
) -> Complex<f64> {
    let sections = designs.iter().map(|design| Svf::from(numbers_at(design, at)));
    let responses = sections.map(|section| section.response(frequency_hz, sample_rate));
    if placements.is_empty() {
        return responses.product();
    }
    let (one, zero) = (Complex::ONE, Complex::ZERO);
    let placements = placements.iter().map(|ramp| StereoPlacement::named(numbers_at(ramp, at)));
    let sections = responses.zip(placements);
    let [[ll, lr], [rl, rr]]: Matrix = sections.fold([[one, zero], [zero, one]], |before, (h, placement)| {
        stereo_placement::then(&before, placement, h)
    });
    match place {
        Placement::All | Placement::Mid => 0.5 * (ll + lr + rl + rr),
        Placement::Side => 0.5 * (ll - lr - rl + rr),
        Placement::Left => ll,
        Placement::Right => rr,
    }
}

/// Upper bound of the frames until sections in series are silent.
fn tail(designs: &[Ramp<5>], placements: &[Ramp<3>]) -> usize {
    let sections = designs.iter().map(|design| Svf::from(design.target()));
    let active = sections.filter(|section| !section.is_identity());
    let decay: f64 = active.map(|section| libm::ceil(section.decay_frames(120.0))).sum();
    let moving = designs.iter().map(Ramp::frames_left).chain(placements.iter().map(Ramp::frames_left));
    decay as usize + moving.max().unwrap_or(0)
}

impl<T: Sample> SvfCascadeRef<'_, T> {
    /// Response to a steady sine that stands in one place, as heard there. A cascade whose sections work everywhere
    /// has one response, whatever the place.
    pub(crate) fn response(
        &self,
        place: Placement,
        frequency_hz: f64,
        sample_rate: f64,
        at: ResponseAt,
    ) -> Complex<f64> {
        response(self.designs, self.placements, place, frequency_hz, sample_rate, at)
    }

    /// Upper bound of the frames until the output stays under -120 dB.
    pub(crate) fn tail(&self) -> usize {
        tail(self.designs, self.placements)
    }
}
