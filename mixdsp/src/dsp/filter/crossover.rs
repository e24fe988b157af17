//! Floor 4: the sections of a crossover, bands and channels side by side.
//!
//! ```text
//! band 0:  low 0  -->  all-pass 1  -->  all-pass 2       one lane per band and channel,
//! band 1:  high 0 -->  low 1       -->  all-pass 2       one layer per section,
//! band 2:  high 0 -->  high 1      -->  low 2            layers from left to right
//! band 3:  high 0 -->  high 1      -->  high 2
//! ```
//!
//! Low and high are Linkwitz-Riley: two Butterworth filters each, so that low plus high of a split is the
//! all-pass of its Butterworth denominator (S. Linkwitz, "Active Crossover Networks for Noncoincident
//! Drivers", JAES 24, 1976). A band that was cut off earlier passes the all-passes of all later splits, and
//! so all bands have turned the phase alike and add up to the product of the all-passes: flat, for any
//! frequencies in any order. The bilinear transform keeps these sums; no matched design does.
//!
//! Each lane runs its whole path, even where several lanes begin alike: all lanes do the same work then,
//! and a frame costs one vector step per layer and eight lanes.
//!
//! State, in the caller's words: `s1` and `s2` per layer and lane. What moves is a [`SplitTangent`] per split.

use super::design::{Prototype, Shape, Svf, bilinear, butterworth_q};
use super::svf::{COEFFICIENTS, coefficients, step};
use crate::base::audio::{Block, MAX_CHANNELS};
use crate::base::sample::Sample;
use crate::base::simd::transpose;
use crate::params::ramp::CHUNK;
use crate::params::smoothed::{Frames, smoothed};
use fearless_simd::Simd;
use fearless_simd::prelude::*;

/// Most frequencies at which audio is split.
pub(crate) const SPLITS: usize = 5;
/// Lanes of a group.
const LANES: usize = 8;
/// Most layers: five splits of two Butterworth filters of fourth order.
const LAYERS: usize = SPLITS * 4;
/// Most inputs: each has at least two bands.
const INPUTS: usize = MAX_CHANNELS / 2;

/// Coefficients of one layer of a group.
pub(crate) type Packed<T> = [[T; LANES]; COEFFICIENTS];
/// `s1` and `s2` of one layer of a group.
pub(crate) type State<T> = [[T; LANES]; 2];

smoothed! {
    /// Where a split is: what moves when its frequency does.
    pub(crate) struct SplitTangent {
        /// The `g` of all its sections.
        g,
    }
}

/// Where all splits are; those that are not there stay at one.
pub(crate) type Splits = [SplitTangent; SPLITS];

/// What a section does at its split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Keeps what lies below.
    Low,
    /// Keeps what lies above.
    High,
    /// Turns the phase as low and high together do.
    AllPass,
}

const ROLES: [Role; 3] = [Role::Low, Role::High, Role::AllPass];

/// Which sections there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    /// Frequencies at which audio is split, 1 to [`SPLITS`].
    pub(crate) splits: usize,
    /// Order of each of the two Butterworth filters of a pass: 1, 2 or 4.
    pub(crate) order: usize,
    /// Channels in.
    pub(crate) inputs: usize,
}

impl Network {
    /// Sections of a low or a high.
    const fn pass_sections(&self) -> usize {
        self.order
    }

    /// Sections of an all-pass; also how many kinds of section a pass has.
    const fn all_pass_sections(&self) -> usize {
        self.order.div_ceil(2)
    }

    /// Sections one after the other.
    pub(crate) const fn layers(&self) -> usize {
        self.splits * self.pass_sections()
    }

    /// Bands times channels.
    pub(crate) const fn lanes(&self) -> usize {
        (self.splits + 1) * self.inputs
    }

    /// Layers of all groups of eight lanes.
    pub(crate) const fn packed(&self) -> usize {
        self.layers() * self.lanes().div_ceil(LANES)
    }

    /// Split, kind and role of the section of a band in a layer; `None` where it only passes.
    fn section(&self, band: usize, layer: usize) -> Option<(usize, usize, Role)> {
        let (split, place) = (layer / self.pass_sections(), layer % self.pass_sections());
        let role = match band {
            _ if band == split => Role::Low,
            _ if band > split => Role::High,
            _ if place < self.all_pass_sections() => Role::AllPass,
            _ => return None,
        };
        Some((split, place % self.all_pass_sections(), role))
    }

    /// The section of one kind, 0 or 1, and role at a frequency.
    fn design(&self, kind: usize, role: Role, frequency_hz: f64, sample_rate: f64) -> Svf {
        // Two first-order filters in one section; what lies above is turned round to fit.
        let first_order = self.order == 1;
        let q = if first_order { 0.5 } else { butterworth_q(self.order, kind) };
        let shape = match role {
            Role::Low => Shape::LowPass,
            Role::High => Shape::HighPass,
            Role::AllPass if first_order => Shape::AllPass1,
            Role::AllPass => Shape::AllPass,
        };
        let svf = bilinear(&Prototype { shape, frequency_hz, q, gain_db: 0.0 }, sample_rate);
        let sign = if first_order && role == Role::High { -1.0 } else { 1.0 };
        Svf { m0: sign * svf.m0, m1: sign * svf.m1, m2: sign * svf.m2, ..svf }
    }

    /// Where a split of this frequency is.
    pub(crate) fn tangent(&self, frequency_hz: f64, sample_rate: f64) -> SplitTangent {
        SplitTangent { g: self.design(0, Role::Low, frequency_hz, sample_rate).g }
    }

    /// The sections of a band.
    pub(crate) fn sections(&self, band: usize, splits: Splits) -> impl Iterator<Item = Svf> {
        let network = *self;
        (0..self.layers()).filter_map(move |layer| {
            let (split, kind, role) = network.section(band, layer)?;
            Some(Svf { g: splits[split].g, ..network.shape(kind, role) })
        })
    }

    /// A section apart from where its split is: only its `g` depends on the frequency.
    fn shape(&self, kind: usize, role: Role) -> Svf {
        self.design(kind, role, 0.25, 1.0)
    }

    /// All of them.
    pub(crate) fn shapes(&self) -> Shapes {
        let last = self.all_pass_sections() - 1;
        [0, 1].map(|kind| ROLES.map(|role| self.shape(kind.min(last), role)))
    }

    /// Coefficients of every kind of section.
    #[inline(always)]
    fn coefficients<T: Sample>(&self, shapes: &Shapes, splits: Splits) -> SplitCoefficients<T> {
        let mut all = [[[[T::ZERO; COEFFICIENTS]; ROLES.len()]; 2]; SPLITS];
        for (of_split, SplitTangent { g }) in all.iter_mut().zip(splits).take(self.splits) {
            for (of_kind, shapes) in of_split.iter_mut().zip(shapes).take(self.all_pass_sections()) {
                for (of_role, Svf { k, m0, m1, m2, .. }) in of_kind.iter_mut().zip(shapes) {
                    *of_role = coefficients([g, *k, *m0, *m1, *m2]).map(T::from_f64);
                }
            }
        }
        all
    }

    /// The coefficients of one layer of the group that begins at lane `first`.
    #[inline(always)]
    fn pack<T: Sample>(&self, all: &SplitCoefficients<T>, first: usize, layer: usize) -> Packed<T> {
        let mut packed = [[T::ZERO; LANES]; COEFFICIENTS];
        // A lane that only passes multiplies its input, coefficient 4, by one.
        packed[4] = [T::ONE; LANES];
        for lane in 0..(self.lanes() - first).min(LANES) {
            if let Some((split, kind, role)) = self.section((first + lane) / self.inputs, layer) {
                for (lanes, coefficient) in packed.iter_mut().zip(all[split][kind][role as usize]) {
                    lanes[lane] = coefficient;
                }
            }
        }
        packed
    }

    /// Writes what runs while the splits stay where they are.
    pub(crate) fn write<T: Sample>(&self, packed: &mut [Packed<T>], splits: Splits) {
        let all = self.coefficients(&self.shapes(), splits);
        for (group, packed) in packed.chunks_mut(self.layers()).enumerate() {
            for (layer, packed) in packed.iter_mut().enumerate() {
                *packed = self.pack(&all, group * LANES, layer);
            }
        }
    }
}

/// Per kind and role.
pub(crate) type Shapes = [[Svf; ROLES.len()]; 2];
/// Per split, kind and role.
type SplitCoefficients<T> = [[[[T; COEFFICIENTS]; ROLES.len()]; 2]; SPLITS];

/// What runs over some frames.
pub(crate) enum NetworkCoefficients<'a, T> {
    /// The splits stay; what [`Network::write`] wrote.
    AtRest(&'a [Packed<T>]),
    /// The splits move, for at most [`CHUNK`] frames.
    Moving(&'a [Frames<SplitTangent>; SPLITS], &'a Shapes),
}

/// Splits all frames of the block: band `b` of input `c` comes out at channel `b * inputs + c`.
#[inline(always)]
pub(crate) fn run<S: Simd, T: Sample>(
    simd: S,
    network: &Network,
    coefficients: NetworkCoefficients<'_, T>,
    state: &mut [State<T>],
    block: &mut Block<'_, '_, T>,
) {
    let frames = block.frames();
    for done in (0..frames).step_by(CHUNK) {
        let count = CHUNK.min(frames - done);
        let mut part = block.part(done, done + count);
        // The outputs overwrite the inputs.
        let mut input = [[T::ZERO; CHUNK]; INPUTS];
        for (channel, input) in input.iter_mut().enumerate().take(network.inputs) {
            input[..count].copy_from_slice(part.input(channel));
        }
        for (group, state) in state.chunks_exact_mut(network.layers()).enumerate() {
            let first = group * LANES;
            let lanes = (network.lanes() - first).min(LANES);
            if lanes > 4 {
                self::group::<S, T, T::Lanes8<S>, 8>(
                    simd,
                    network,
                    &coefficients,
                    state,
                    first,
                    &input,
                    &mut part,
                );
            } else {
                self::group::<S, T, T::Lanes4<S>, 4>(
                    simd,
                    network,
                    &coefficients,
                    state,
                    first,
                    &input,
                    &mut part,
                );
            }
        }
    }
}

/// The lanes from `first` on, at most `W`, `W` frames at a time.
#[inline(always)]
fn group<S: Simd, T: Sample, V: SimdFloat<S, Element = T>, const W: usize>(
    simd: S,
    network: &Network,
    coefficients: &NetworkCoefficients<'_, T>,
    state: &mut [State<T>],
    first: usize,
    input: &[[T; CHUNK]; INPUTS],
    block: &mut Block<'_, '_, T>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let (frames, layers) = (block.frames(), network.layers());
            let lanes = (network.lanes() - first).min(W);
            let load = |values: &[T; LANES]| V::from_slice(simd, &values[..W]);
            let zero = V::splat(simd, T::ZERO);
            let mut states = [[zero; 2]; LAYERS];
            for (now, state) in states.iter_mut().zip(&*state) {
                *now = [load(&state[0]), load(&state[1])];
            }
            for f in (0..frames).step_by(W) {
                let count = W.min(frames - f);
                let mut rows = [zero; W];
                for (lane, row) in rows.iter_mut().enumerate().take(lanes) {
                    *row = V::from_slice(simd, &input[(first + lane) % network.inputs][f..f + W]);
                }
                let mut rows = transpose(rows);
                for (i, row) in rows.iter_mut().enumerate().take(count) {
                    let mut x = *row;
                    match coefficients {
                        NetworkCoefficients::AtRest(packed) => {
                            let packed = &packed[first / LANES * layers..][..layers];
                            for ([s1, s2], packed) in states.iter_mut().zip(packed) {
                                let c = core::array::from_fn(|n| load(&packed[n]));
                                x = step(&c, s1, s2, x);
                            }
                        }
                        NetworkCoefficients::Moving(splits, shapes) => {
                            let now = core::array::from_fn(
                                #[inline(always)]
                                |split| splits[split].at(f + i),
                            );
                            let all = network.coefficients(shapes, now);
                            for (layer, [s1, s2]) in states.iter_mut().enumerate().take(layers) {
                                let packed = network.pack(&all, first, layer);
                                let c = core::array::from_fn(|n| load(&packed[n]));
                                x = step(&c, s1, s2, x);
                            }
                        }
                    }
                    *row = x;
                }
                let rows = transpose(rows);
                for (lane, row) in rows.iter().enumerate().take(lanes) {
                    let channel = &mut block.channel(first + lane)[f..f + count];
                    if count == W {
                        row.store_slice(channel);
                    } else {
                        channel.copy_from_slice(&row.as_slice()[..count]);
                    }
                }
            }
            for (now, state) in states.iter().zip(state) {
                for (now, state) in now.iter().zip(state) {
                    now.store_slice(&mut state[..W]);
                }
            }
        },
    )
}
