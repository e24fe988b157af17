//! Things done to a unit while it runs, at random, and what came out.

use super::audio::{Audio, Cut, process};
use super::settings::random_value;
use super::{Case, Random};
use mixdsp::catalogue::BoxedSample;
use mixdsp::{Error, Id, Processor};

/// What is done to a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Set(Id, f64),
    Glide(Id, f64, usize),
    Reset,
    /// A block that does not fit.
    Misfit,
}

/// What is done, and before which frame.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) frames: usize,
    pub(crate) events: Vec<(usize, Event)>,
}

impl Script {
    /// So many values set and glides, in the first two thirds of so many frames.
    pub(crate) fn random<T: BoxedSample>(
        case: &Case<T>,
        frames: usize,
        count: usize,
        random: &mut Random,
    ) -> Self {
        let params = case.params();
        let mut events = Vec::new();
        for _ in 0..if params.is_empty() { 0 } else { count } {
            // often on a point of the grid, or a frame beside it
            let frame = match random.below(4) {
                0 => (512 * random.below(8) + random.below(3)).min(frames),
                _ => random.below(frames * 2 / 3),
            };
            let (id, place) = random.pick(&params);
            let value = random_value(place.row, case.range(place.row), random);
            let event = if place.row.is_continuous() && random.once_in(2) {
                let any = random.below(900);
                Event::Glide(id, value, random.pick(&[0, 1, 16, 37, 512, any]))
            } else {
                Event::Set(id, value)
            };
            events.push((frame, event));
        }
        events.sort_by_key(|(frame, _)| *frame);
        Self { frames, events }
    }

    /// Adds a reset, and blocks that do not fit.
    pub(crate) fn with_resets_and_misfits(&mut self, random: &mut Random) {
        self.events.push((self.frames / 3 + random.below(40), Event::Reset));
        self.events.push((random.below(self.frames), Event::Misfit));
        self.events.push((self.frames, Event::Misfit));
        self.events.sort_by_key(|(frame, _)| *frame);
    }
}

/// Channels or bands whose readings are looked at.
const READ: u16 = 4;

/// What came out: the audio, and every value and reading at each event.
pub(crate) struct Played<T> {
    pub(crate) audio: Audio<T>,
    pub(crate) told: Vec<Vec<Option<u64>>>,
}

/// Runs a script over an input and a key.
pub(crate) fn play<T: BoxedSample>(
    case: &Case<T>,
    script: &Script,
    [input, key]: &[Audio<T>; 2],
    mut cut: Cut,
) -> Played<T> {
    let mut audio = input.clone();
    let mut unit = case.build();
    let mut told = Vec::new();
    let mut from = 0;
    for (frame, event) in script
        .events
        .iter()
        .copied()
        .map(|(frame, event)| (frame, Some(event)))
        .chain([(script.frames, None)])
    {
        process(&mut unit, &mut audio, key, from..frame, &mut cut).expect("the block fits");
        from = frame;
        let params = case.params().into_iter().map(|(id, _)| id);
        let readings = case.entry.readings.iter();
        let ids = params.chain(readings.flat_map(|row| (0..READ).map(|item| row.id().at(item))));
        let mut values: Vec<_> = ids.map(|id| unit.get(id).map(f64::to_bits)).collect();
        values.extend([unit.tail(), Some(unit.latency())].map(|frames| frames.map(|f| f as u64)));
        values.push(Some(unit.sanitized_samples()));
        told.push(values);
        match event {
            None => {}
            Some(Event::Set(id, value)) => unit.set(id, value).expect("in range"),
            Some(Event::Glide(id, value, frames)) => unit.glide(id, value, frames).expect("in range"),
            Some(Event::Reset) => unit.reset(),
            Some(Event::Misfit) => {
                let refused = unit.process(&mut [], &[]);
                assert!(matches!(refused, Err(Error::BlockChannels { .. })), "{refused:?}");
            }
        }
    }
    Played { audio: audio.first(case.spec.outputs), told }
}
