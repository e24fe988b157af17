//! Everything that a unit must be able to do in a real-time thread, called through a guard that watches.

use super::settings::random_value;
use super::{Audio, Case};
use mixdsp::Id;
use mixdsp::catalogue::BoxedSample;
use std::fmt;

const FRAMES: usize = 1_100;

/// Text in memory that is there already.
struct Fixed<'a> {
    text: &'a mut [u8],
    length: usize,
}

impl fmt::Write for Fixed<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        let place = self.text.get_mut(self.length..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Builds a unit, then processes, sets, glides, reads, resets and loads presets, each within `guard`.
pub(crate) fn exercise<T: BoxedSample>(case: &Case<T>, guard: &mut dyn FnMut(&mut dyn FnMut())) {
    let mut random = case.random_source();
    let mut unit = case.build();
    let params = case.params();
    let mut audio = Audio::<T>::noise(case.spec.channels(), FRAMES, 1.0, &mut random);
    audio.channels[0][3] = T::from_f64(f64::NAN);
    let key = Audio::<T>::noise(case.spec.sidechain, FRAMES, 1.0, &mut random);
    let ids: Vec<Id> =
        params.iter().map(|(id, _)| *id).chain(case.entry.readings.iter().map(|row| row.id())).collect();
    let mut text = vec![0; 1 << 16];
    for turn in 0..4 {
        for (from, to) in [(0, 0), (0, 1), (1, 600), (600, FRAMES)] {
            let mut slices = audio.slices(from..to);
            let views = key.views(from..to);
            guard(&mut || unit.process(&mut slices, &views).expect("the block fits"));
            guard(&mut || assert!(unit.process(&mut [], &views).is_err()));
            for _ in 0..3.min(params.len()) {
                let (id, place) = random.pick(&params);
                let value = random_value(place.row, case.range(place.row), &mut random);
                let frames = random.below(500);
                guard(&mut || unit.set(id, value).expect("in range"));
                guard(&mut || assert!(unit.set(id, f64::NAN).is_err()));
                guard(&mut || assert_eq!(unit.glide(id, value, frames).is_ok(), place.row.is_continuous()));
            }
            guard(&mut || ids.iter().for_each(|id| assert!(unit.get(*id).is_none_or(f64::is_finite))));
            guard(&mut || assert!(unit.get(Id::new(1, 4_095)).is_none()));
            guard(&mut || _ = (unit.tail(), unit.latency(), unit.sanitized_samples()));
        }
        let mut out = Fixed { text: &mut text, length: 0 };
        guard(&mut || unit.write_preset(&mut out).expect("a preset is shorter than 64 kB"));
        let length = out.length;
        let preset = std::str::from_utf8(&text[..length]).expect("it is text");
        guard(&mut || unit.read_preset(preset).expect("it was just written"));
        guard(&mut || unit.set_all(&&case.settings[..]).expect("in range"));
        if turn == 2 {
            guard(&mut || unit.reset());
        }
    }
}
