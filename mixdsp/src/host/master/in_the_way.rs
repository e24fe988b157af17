//! What stands in the way of a loudness: what the highest peaks are made of.
//!
//! ```text
//! loudest passages --> the forty highest peaks --> at each: sample of every band / sample --> mean: shares
//!                  `--> bands, both ways through each filter: no phase, and they add up to the input
//! ```

use crate::dsp::filter::design::Pass;
use crate::dsp::filter::{Biquad, Coefficients};
use crate::host::master::excerpts::Excerpts;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Between bands, in hertz.
const SPLITS_HZ: [f64; 4] = [60.0, 250.0, 2_000.0, 6_000.0];
/// Peaks that count, and the least distance of two of them in seconds.
const PEAKS: usize = 40;
const APART_SECONDS: f64 = 0.05;
/// A stem that makes less of the peaks is not named.
const NAMED_SHARE: f64 = 0.1;

/// What a band makes of the peaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeakBand {
    /// Where it begins and ends, in hertz; 0 and infinity at the ends.
    pub from_hz: f64,
    /// See above.
    pub to_hz: f64,
    /// The mean share of the peaks, in which all bands add up to 1; a band that is against them has less than 0.
    pub share: f64,
}

/// What makes the highest peaks of a programme. `Display` is one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InTheWay {
    /// From the lowest.
    pub bands: Vec<PeakBand>,
    /// Where the peaks are: frames of the programme, the channel, and the sign.
    pub peaks: Vec<(u64, usize, f64)>,
    /// What each stem makes of the peaks, from the most, where the mix is known.
    pub stems: Vec<(String, f64)>,
}

impl InTheWay {
    pub(super) fn of(excerpts: &Excerpts, audio: &[Vec<f32>]) -> Self {
        let rate = excerpts.spec().sample_rate;
        let found = peaks(audio, (APART_SECONDS * rate) as usize);
        let mut shares = [0.0; SPLITS_HZ.len() + 1];
        for (channel, plane) in audio.iter().enumerate() {
            let of: Vec<usize> = found.iter().filter(|(_, c)| *c == channel).map(|(at, _)| *at).collect();
            if of.is_empty() {
                continue;
            }
            let mut rest: Vec<f64> = plane.iter().map(|x| f64::from(*x)).collect();
            let whole: Vec<f64> = of.iter().map(|at| rest[*at]).collect();
            // From the top: what is under a split goes on, the rest is a band.
            for (band, split) in SPLITS_HZ.iter().enumerate().rev() {
                let low = both_ways(&rest, *split, rate);
                for (at, whole) in of.iter().zip(&whole) {
                    shares[band + 1] += (rest[*at] - low[*at]) / whole;
                }
                rest = low;
            }
            for (at, whole) in of.iter().zip(&whole) {
                shares[0] += rest[*at] / whole;
            }
        }
        let count = found.len().max(1) as f64;
        let bands = shares.iter().enumerate().map(|(band, share)| PeakBand {
            from_hz: if band == 0 { 0.0 } else { SPLITS_HZ[band - 1] },
            to_hz: SPLITS_HZ.get(band).copied().unwrap_or(f64::INFINITY),
            share: share / count,
        });
        let sign = |at: usize, channel: usize| if audio[channel][at] < 0.0 { -1.0 } else { 1.0 };
        let peaks = found.iter().map(|(at, channel)| (excerpts.frame_of(*at), *channel, sign(*at, *channel)));
        Self { bands: bands.collect(), peaks: peaks.collect(), stems: Vec::new() }
    }
}

impl fmt::Display for InTheWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(most) = self.bands.iter().max_by(|a, b| a.share.total_cmp(&b.share)) else {
            return f.write_str("there are no peaks");
        };
        let band = match (most.from_hz, most.to_hz) {
            (0.0, to) => format!("under {to} Hz"),
            (from, f64::INFINITY) => format!("over {from} Hz"),
            (from, to) => format!("{from} to {to} Hz"),
        };
        write!(f, "the highest peaks are made by what is {band}: {:.0} % of them", 100.0 * most.share)?;
        let mut named = self.stems.iter().filter(|(_, share)| *share >= NAMED_SHARE).take(3);
        if let Some((name, share)) = named.next() {
            write!(f, "; by the stem {name:?}: {:.0} %", 100.0 * share)?;
        }
        named.try_for_each(|(name, share)| write!(f, ", {name:?}: {:.0} %", 100.0 * share))
    }
}

/// The highest peaks: frame and channel.
fn peaks(audio: &[Vec<f32>], apart: usize) -> Vec<(usize, usize)> {
    let frames = audio.first().map_or(0, Vec::len);
    let high = |at: usize| audio.iter().fold(0.0_f32, |most, plane| most.max(plane[at].abs()));
    // One for each stretch, and of two that are near each other the higher.
    let mut found: Vec<usize> = (0..frames)
        .step_by(apart.max(1))
        .filter_map(|from| {
            let to = frames.min(from + apart.max(1));
            (from..to).max_by(|a, b| high(*a).total_cmp(&high(*b)))
        })
        .filter(|at| high(*at) > 0.0)
        .collect();
    found.sort_by(|a, b| high(*b).total_cmp(&high(*a)).then(a.cmp(b)));
    let mut kept: Vec<usize> = Vec::new();
    for at in found {
        if kept.len() < PEAKS && kept.iter().all(|other| other.abs_diff(at) >= apart) {
            kept.push(at);
        }
    }
    let channel = |at: usize| {
        (0..audio.len()).max_by(|a, b| audio[*a][at].abs().total_cmp(&audio[*b][at].abs())).unwrap_or(0)
    };
    kept.into_iter().map(|at| (at, channel(at))).collect()
}

/// A low-pass of second order, forwards and backwards.
fn both_ways(x: &[f64], split_hz: f64, rate: f64) -> Vec<f64> {
    let mut y = x.to_vec();
    for _ in 0..2 {
        for section in Coefficients::butterworth(Pass::Low, 2, split_hz, rate) {
            let mut filter = Biquad::new(section);
            y.iter_mut().for_each(|y| *y = filter.run(*y));
        }
        y.reverse();
    }
    y
}
