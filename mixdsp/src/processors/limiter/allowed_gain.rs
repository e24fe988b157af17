//! The gain that each frame allows: by its peak, and by the low frequencies around it.
//!
//! ```text
//! p --> ceiling / p, at most 1, as a whole number --> linked with the other channels
//! in --> low-pass x weight: q --> ceiling / q, likewise
//! ```

use super::memory::Memory;
use super::smoothed_params::SmoothedParams;
use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::dsp::envelope::{CHUNK, UNITY, allow, larger};
use crate::dsp::true_peak::{DELAY, HISTORY};

/// What the low frequencies allow.
#[inline(always)]
pub(super) fn allow_low<T: Sample>(
    channels: usize,
    params: &SmoothedParams,
    memory: &mut Memory<'_, T>,
    block: &Block<'_, '_, T>,
    allowed: &mut [[u32; CHUNK]],
) {
    let frames = block.frames();
    let together = allowed.len() == 1;
    let mut loudest = [0.0; CHUNK];
    // Four low-passes side by side: each waits for its last frame.
    for first in (0..channels).step_by(4) {
        let count = (channels - first).min(4);
        let mut rows = [[0.0; 4]; CHUNK];
        for i in 0..count {
            let samples = match memory.window.get(first + i) {
                Some(window) => &window[HISTORY - DELAY..][..frames],
                None => block.input(first + i),
            };
            for (row, sample) in rows.iter_mut().zip(samples) {
                row[i] = sample.to_f64();
            }
        }
        let mut state = [0.0; 4];
        state[..count].copy_from_slice(&memory.low[first..first + count]);
        let moving = params.low_share.iter().zip(&params.low_weight);
        for (row, (share, weight)) in rows[..frames].iter_mut().zip(moving) {
            for i in 0..4 {
                state[i] += share * (row[i] - state[i]);
                row[i] = state[i].abs() * weight;
            }
        }
        memory.low[first..first + count].copy_from_slice(&state[..count]);
        if together {
            for (loudest, row) in loudest.iter_mut().zip(&rows[..frames]) {
                *loudest = larger(*loudest, larger(larger(row[0], row[1]), larger(row[2], row[3])));
            }
        } else {
            for i in 0..count {
                let mut own = [0.0; CHUNK];
                for frame in 0..frames {
                    own[frame] = rows[frame][i];
                }
                allow(&params.ceiling, &own[..frames], &mut allowed[first + i]);
            }
        }
    }
    if together {
        allow(&params.ceiling, &loudest[..frames], &mut allowed[0]);
    } else {
        link(&params.link, &mut allowed[..channels], frames);
    }
}

/// Brings gains towards the smallest.
#[inline(always)]
pub(super) fn link(link: &[f64; CHUNK], allowed: &mut [[u32; CHUNK]], frames: usize) {
    for frame in 0..frames {
        let least = allowed.iter().fold(UNITY, |least, gains| least.min(gains[frame]));
        for gains in allowed.iter_mut() {
            let above = gains[frame] - least;
            gains[frame] -= ((above as f64 * link[frame]) as u32).min(above);
        }
    }
}
