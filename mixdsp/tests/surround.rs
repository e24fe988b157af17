//! Sounds among loudspeakers, and surround mixes for fewer of them.

mod common;

use common::level::{decibels, gain};
use common::{Bound, measured};
use mixdsp::{
    FoldDown, FoldDownConfig, FoldDownParams, FoldTo, Processor, Spec, SurroundLayout, Vbap, VbapConfig,
    VbapParams,
};
use std::f64::consts::FRAC_1_SQRT_2;

const RATE: f64 = 48_000.0;

/// Azimuth and elevation of every loudspeaker by Rec. ITU-R BS.2051; of the low-frequency effects none.
fn places(layout: SurroundLayout) -> Vec<Option<[f64; 2]>> {
    let pair = |azimuth: f64, elevation: f64| [Some([azimuth, elevation]), Some([-azimuth, elevation])];
    let mut all = vec![Some([30.0, 0.0]), Some([-30.0, 0.0]), Some([0.0, 0.0]), None];
    let (ear, above): (&[f64], &[f64]) = match layout {
        SurroundLayout::Surround51 => (&[110.0], &[]),
        SurroundLayout::Surround71 => (&[90.0, 135.0], &[]),
        SurroundLayout::Surround514 => (&[110.0], &[30.0, 110.0]),
        SurroundLayout::Surround714 => (&[90.0, 135.0], &[45.0, 135.0]),
    };
    all.extend(ear.iter().flat_map(|azimuth| pair(*azimuth, 0.0)));
    all.extend(above.iter().flat_map(|azimuth| pair(*azimuth, 30.0)));
    all
}

fn gains(layout: SurroundLayout, azimuth_deg: f64, elevation_deg: f64, spread_deg: f64) -> Vec<f64> {
    let outputs = layout.channels();
    let params = VbapParams { azimuth_deg, elevation_deg, spread_deg };
    let spec = Spec::new(RATE, 1).with_outputs(outputs);
    let mut unit = Vbap::<f64>::new(spec, VbapConfig { layout }, params).expect("in range");
    let mut audio = vec![[1.0]; outputs];
    let mut block: Vec<&mut [f64]> = audio.iter_mut().map(|channel| &mut channel[..]).collect();
    unit.process(&mut block, &[]).expect("it fits");
    audio.iter().map(|channel| channel[0]).collect()
}

fn towards([azimuth, elevation]: [f64; 2]) -> [f64; 3] {
    let (azimuth, elevation) = (azimuth.to_radians(), elevation.to_radians());
    [elevation.cos() * azimuth.cos(), elevation.cos() * azimuth.sin(), elevation.sin()]
}

#[test]
fn a_sound_at_a_loudspeaker_comes_from_it_alone() {
    for layout in SurroundLayout::ALL {
        for (at, place) in places(*layout).into_iter().enumerate() {
            let Some([azimuth, elevation]) = place else { continue };
            let gains = gains(*layout, azimuth, elevation, 0.0);
            let others = gains.iter().enumerate().filter(|(other, _)| *other != at);
            assert!(others.map(|(_, gain)| *gain).all(|gain| gain == 0.0), "{layout:?} {at}: {gains:?}");
            assert!((gains[at] - 1.0).abs() < 1e-12, "{layout:?} {at}: {gains:?}");
        }
    }
    let what = "VBAP at each loudspeaker of all layouts: others that sound";
    measured("placement", what, Bound::Equals(0.0), 0.0, "", "theory");
}

#[test]
fn the_power_is_even_and_nothing_jumps() {
    let (mut power, mut step) = (0.0f64, 0.0f64);
    for layout in SurroundLayout::ALL {
        for spread in [0.0, 30.0, 120.0] {
            for elevation in [-20.0, 0.0, 10.0, 25.0, 30.0, 50.0, 80.0, 90.0] {
                let mut before = gains(*layout, -180.0, elevation, spread);
                for azimuth in -179..=180 {
                    let now = gains(*layout, f64::from(azimuth), elevation, spread);
                    power = power.max((10.0 * now.iter().map(|gain| gain * gain).sum::<f64>().log10()).abs());
                    let moved = now.iter().zip(&before).map(|(now, before)| (now - before).abs());
                    step = step.max(moved.fold(0.0, f64::max));
                    assert_eq!(now[3], 0.0, "nothing for the low-frequency effects");
                    before = now;
                }
            }
        }
    }
    measured("placement", "VBAP: power in any direction", Bound::AtMost(0.001), power, "dB", "theory");
    let what = "VBAP: change of a gain by a degree of azimuth";
    measured("placement", what, Bound::AtMost(0.09), step, "", "theory");
}

#[test]
fn the_sound_comes_from_where_it_was_placed() {
    // The velocity vector, where only loudspeakers are around the direction.
    let cases = [
        (SurroundLayout::Surround51, 0.0, -109..=109),
        (SurroundLayout::Surround71, 0.0, -180..=180),
        (SurroundLayout::Surround514, 15.0, -100..=100),
        (SurroundLayout::Surround714, 20.0, -130..=130),
    ];
    let mut worst = 0.0f64;
    for (layout, elevation, azimuths) in cases {
        for azimuth in azimuths {
            let gains = gains(layout, f64::from(azimuth), elevation, 0.0);
            let mut sum = [0.0; 3];
            for (gain, place) in gains.iter().zip(places(layout)) {
                let Some(place) = place else { continue };
                sum.iter_mut().zip(towards(place)).for_each(|(sum, x)| *sum += gain * x);
            }
            let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
            let cosine: f64 =
                sum.iter().zip(towards([f64::from(azimuth), elevation])).map(|(a, b)| a * b).sum();
            worst = worst.max((cosine / length).min(1.0).acos().to_degrees());
        }
    }
    measured("placement", "VBAP: direction of the velocity vector", Bound::AtMost(0.1), worst, "°", "theory");
}

/// The gain of every input to every output.
fn matrix(inputs: usize, to: FoldTo, params: FoldDownParams) -> Vec<Vec<f64>> {
    let spec = Spec::new(RATE, inputs).with_outputs(to.channels());
    let mut unit = FoldDown::<f64>::new(spec, FoldDownConfig { to }, params).expect("in range");
    let mut audio: Vec<Vec<f64>> =
        (0..inputs).map(|input| (0..inputs).map(|f| if f == input { 1.0 } else { 0.0 }).collect()).collect();
    let mut block: Vec<&mut [f64]> = audio.iter_mut().map(|channel| &mut channel[..]).collect();
    unit.process(&mut block, &[]).expect("it fits");
    audio.truncate(to.channels());
    audio
}

/// How far gains are from what they should be, in decibels; infinite where one is nothing and should not be.
fn worst(is: &[Vec<f64>], should_be: &[&[f64]]) -> f64 {
    assert_eq!(is.len(), should_be.len());
    let pairs = is.iter().zip(should_be).flat_map(|(is, should_be)| is.iter().zip(*should_be));
    let off = pairs.map(|(is, should_be)| {
        if *should_be == 0.0 {
            if *is == 0.0 { 0.0 } else { f64::INFINITY }
        } else {
            decibels(is / should_be).abs()
        }
    });
    off.fold(0.0, f64::max)
}

#[test]
fn fold_down_by_the_stated_coefficients() {
    const R: f64 = FRAC_1_SQRT_2;
    let plain = FoldDownParams { normalise: false, ..Default::default() };
    let mut off = 0.0f64;
    // BS.775-4, Annex 4, Table 2: 3/2 to 2/0 and to 1/0.
    let left = [1.0, 0.0, R, 0.0, R, 0.0];
    let right = [0.0, 1.0, R, 0.0, 0.0, R];
    off = off.max(worst(&matrix(6, FoldTo::Stereo, plain), &[&left, &right]));
    off = off.max(worst(&matrix(6, FoldTo::Mono, plain), &[&[R, R, 1.0, 0.0, 0.5, 0.5]]));
    // 7.1 first to 5.1, the backs at 0.7071.
    let left = [1.0, 0.0, R, 0.0, R, 0.0, 0.5, 0.0];
    let right = [0.0, 1.0, R, 0.0, 0.0, R, 0.0, 0.5];
    off = off.max(worst(&matrix(8, FoldTo::Stereo, plain), &[&left, &right]));
    off = off.max(worst(&matrix(8, FoldTo::Mono, plain), &[&[R, R, 1.0, 0.0, 0.5, 0.5, 0.5 * R, 0.5 * R]]));
    // 7.1.4: the heights at 0.7071 in what they stand above.
    let left = [1.0, 0.0, R, 0.0, R, 0.0, 0.5, 0.0, R, 0.0, 0.5, 0.0];
    let right = [0.0, 1.0, R, 0.0, 0.0, R, 0.0, 0.5, 0.0, R, 0.0, 0.5];
    off = off.max(worst(&matrix(12, FoldTo::Stereo, plain), &[&left, &right]));
    let mono = [R, R, 1.0, 0.0, 0.5, 0.5, 0.5 * R, 0.5 * R, 0.5, 0.5, 0.5 * R, 0.5 * R];
    off = off.max(worst(&matrix(12, FoldTo::Mono, plain), &[&mono]));
    // To 5.1, with other levels.
    let levels = FoldDownParams { back_db: -6.0, height_db: -4.5, lfe_db: 4.0, normalise: false, ..plain };
    let (back, height) = (gain(-6.0), gain(-4.5));
    let row = |all: &[(usize, f64)]| {
        let mut row = [0.0; 12];
        all.iter().for_each(|(at, gain)| row[*at] = *gain);
        row
    };
    let rows = [
        row(&[(0, 1.0), (8, height)]),
        row(&[(1, 1.0), (9, height)]),
        row(&[(2, 1.0)]),
        row(&[(3, 1.0)]),
        row(&[(4, 1.0), (6, back), (10, height)]),
        row(&[(5, 1.0), (7, back), (11, height)]),
    ];
    let rows: Vec<&[f64]> = rows.iter().map(|row| &row[..]).collect();
    off = off.max(worst(&matrix(12, FoldTo::Surround51, levels), &rows));
    let left = [1.0, 0.0, R, gain(4.0), R, 0.0];
    let right = [0.0, 1.0, R, gain(4.0), 0.0, R];
    off = off.max(worst(&matrix(6, FoldTo::Stereo, levels), &[&left, &right]));
    let what = "fold-down of 5.1, 7.1 and 7.1.4 to 5.1, stereo and mono: coefficients";
    measured("placement", what, Bound::AtMost(0.001), off, "dB", "BS.775-4 and as stated");
}

#[test]
fn normalised_it_never_exceeds_full_scale() {
    for inputs in [6, 8, 10, 12] {
        for to in FoldTo::ALL {
            let rows = matrix(inputs, *to, FoldDownParams { lfe_db: 0.0, ..Default::default() });
            let loudest = rows.iter().map(|row| row.iter().sum::<f64>()).fold(0.0, f64::max);
            assert!(loudest < 1.0 + 1e-12, "{inputs} {to:?}: {loudest}");
        }
    }
    let spec = Spec::new(RATE, 7).with_outputs(2);
    assert!(FoldDown::<f64>::new(spec, FoldDownConfig::default(), ()).is_err());
}
