//! Contract 4: audio is planar and in place; a block that does not fit is refused and left as it was.

use crate::common::audio::{Audio, Cut, process};
use crate::common::{Case, Entry, Random};
use crate::harness::{Contract, Findings, sweep};
use mixdsp::catalogue::{AnyUnit, BoxedSample};
use mixdsp::{Error, Interleaved, Processor};

pub(crate) struct Shapes;

const FRAMES: usize = 700;

impl Contract for Shapes {
    const NAME: &'static str = "4 audio";
    const ORACLE: &'static str = "itself with well-formed blocks";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| {
            misfits_change_nothing(findings, case);
            outputs_overwrite(findings, case);
            interleaved(findings, case);
        });
    }
}

fn noise<T: BoxedSample>(channels: usize, random: &mut Random) -> Audio<T> {
    Audio::noise(channels, FRAMES, 0.5, random)
}

fn misfits_change_nothing<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = case.random_source();
    let (channels, keys) = (case.spec.channels(), case.spec.sidechain);
    let input = noise::<T>(channels, &mut random);
    let key = noise::<T>(keys, &mut random);
    let play = |findings: &mut Findings, asks: bool| {
        let mut unit = case.build();
        let mut audio = input.clone();
        for from in (0..FRAMES).step_by(100) {
            if asks {
                misfits(findings, &mut *unit, &mut audio, &key, [channels, keys]);
            }
            process(&mut *unit, &mut audio, &key, from..from + 100, &mut Cut::Whole).expect("it fits");
        }
        // the same without a key: dynamics listen to their input
        let mut alone = input.clone();
        unit.process(&mut alone.slices(0..FRAMES), &[]).expect("no key is fine");
        audio.channels.extend(alone.channels);
        (audio, unit.sanitized_samples())
    };
    let (calm, calm_faults) = play(findings, false);
    let (asked, asked_faults) = play(findings, true);
    findings.same("sounds changed by a block that does not fit", "", calm.difference(&asked));
    findings.require(calm_faults == asked_faults, || "a refused block counts faults".into());
}

/// Every way not to fit; nothing in `audio` may change.
fn misfits<T: BoxedSample>(
    findings: &mut Findings,
    unit: &mut dyn AnyUnit<T>,
    audio: &mut Audio<T>,
    key: &Audio<T>,
    [channels, keys]: [usize; 2],
) {
    let before = audio.clone();
    let mut ask =
        |unit: &mut dyn AnyUnit<T>, blocks: &mut [&mut [T]], sidechain: &[&[T]], expected: Error| {
            let result = unit.process(blocks, sidechain);
            findings.require(result == Err(expected), || format!("{result:?}, not {expected:?}"));
        };
    let all = 0..FRAMES;
    for given in [0, channels - 1] {
        let expected = Error::BlockChannels { what: "audio", needed: channels, given };
        ask(unit, &mut audio.slices(all.clone())[..given], &key.views(all.clone()), expected);
    }
    if channels > 1 {
        let mut slices = audio.slices(all.clone());
        let short = std::mem::take(&mut slices[channels - 1]);
        slices[channels - 1] = &mut short[..FRAMES - 1];
        let expected = Error::BlockFrames { expected: FRAMES, given: FRAMES - 1 };
        ask(unit, &mut slices, &key.views(all.clone()), expected);
    }
    if keys > 0 {
        let mut views = key.views(all.clone());
        if keys > 1 {
            let expected = Error::BlockChannels { what: "sidechain", needed: keys, given: keys - 1 };
            ask(unit, &mut audio.slices(all.clone()), &views[..keys - 1], expected);
        }
        let expected = Error::BlockFrames { expected: FRAMES, given: FRAMES - 2 };
        ask(unit, &mut audio.slices(all.clone()), &key.views(0..FRAMES - 2), expected);
        views[keys - 1] = &views[keys - 1][..FRAMES - 2];
        ask(unit, &mut audio.slices(all), &views, expected);
    }
    findings.same("refused blocks that were written to", "", before.difference(audio));
}

/// Channels that only carry output may hold anything; channels beyond the spec's are left alone.
fn outputs_overwrite<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = case.random_source();
    let spec = case.spec;
    let key = noise::<T>(spec.sidechain + 1, &mut random);
    let calm = noise::<T>(spec.inputs, &mut random);
    let play = |rest: f64, key: &Audio<T>, more: usize| {
        let mut audio = calm.clone();
        audio.channels.resize_with(spec.channels() + more, || vec![T::from_f64(rest); FRAMES]);
        let mut unit = case.build();
        process(&mut *unit, &mut audio, key, 0..FRAMES, &mut Cut::Whole).expect("it fits");
        (audio, unit.sanitized_samples())
    };
    let (expected, _) = play(0.0, &key.clone().first(spec.sidechain), 0);
    let (heard, faults) = play(f64::NAN, &key, 1);
    let outputs = |audio: &Audio<T>| audio.clone().first(spec.outputs);
    findings.same(
        "sounds changed by what an output channel held",
        "",
        outputs(&expected).difference(&outputs(&heard)),
    );
    let left = heard.channels[spec.channels()].iter().all(|sample| sample.to_f64().is_nan());
    findings.require(left, || "a channel beyond the spec was written to".into());
    findings.require(faults == 0, || format!("{faults} faults counted in channels that are no input"));
}

fn interleaved<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = case.random_source();
    let (channels, outputs) = (case.spec.channels(), case.spec.outputs);
    let mut planar = noise::<T>(channels, &mut random);
    let frame = |f: usize| planar.channels.iter().map(move |channel| channel[f]);
    let mut samples: Vec<T> = (0..FRAMES).flat_map(frame).collect();
    let mut view = Interleaved::new(&mut samples, channels).expect("whole frames");
    view.process_with(&mut case.build()).expect("it fits");
    case.build().process(&mut planar.slices(0..FRAMES), &[]).expect("it fits");
    let heard = Audio::from_fn(outputs, FRAMES, |c, f| samples[f * channels + c].to_f64());
    let differs = planar.first(outputs).difference(&heard);
    findings.same("interleaved sounds that differ from planar", "", differs);

    let rest = Interleaved::new(&mut samples[1..], channels).err();
    let expected = Error::BlockFrames { expected: channels, given: channels - 1 };
    findings.require(channels == 1 || rest == Some(expected), || format!("a rest gives {rest:?}"));
}
