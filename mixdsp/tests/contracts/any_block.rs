//! Contract 3: the output bits do not depend on how the input was cut, and a change between two blocks is
//! exact to the sample.

use crate::common::depth;
use crate::common::script::{Script, play};
use crate::common::{Audio, Case, Cut, Entry, Random};
use crate::harness::{Contract, Findings, sweep};
use crate::silent::bases;
use mixdsp::SimdLevel;
use mixdsp::catalogue::BoxedSample;

pub(crate) struct AnyBlock;

const FRAMES: usize = 4_500;

impl Contract for AnyBlock {
    const NAME: &'static str = "3 any block";
    const ORACLE: &'static str = "itself in the longest blocks";

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings) {
        sweep(entry, findings, |findings, case| {
            let mut level = case.spec.simd;
            for _ in 0..2 {
                let case = Case { spec: case.spec.with_simd(level), ..case.clone() };
                check_case(findings, &case);
                level = if level.resolve().name() == SimdLevel::baseline().name() {
                    SimdLevel::BEST
                } else {
                    SimdLevel::baseline()
                };
            }
        });
        // Half a second with the defaults of what is fixed: long enough to hear the first echoes.
        for case in bases(entry, 8_000.0, depth::count(1, 3)).into_iter().skip(1) {
            findings.case(&case, |findings| check_case(findings, &case));
        }
    }
}

fn check_case<T: BoxedSample>(findings: &mut Findings, case: &Case<T>) {
    let mut random = case.random_source();
    let mut script = Script::random(case, FRAMES, 14, &mut random);
    script.with_resets_and_misfits(&mut random);
    let inputs =
        [case.spec.channels(), case.spec.sidechain].map(|channels| input::<T>(channels, &mut random));
    let expected = play(case, &script, &inputs, Cut::Whole);
    let cuts = [
        ("ones", Cut::Ones),
        ("growing blocks", Cut::Growing(0)),
        ("random blocks", Cut::Random(random.clone())),
        ("other random blocks", Cut::Random(Random::new(random.bits()))),
    ];
    for (name, cut) in cuts {
        let heard = play(case, &script, &inputs, cut);
        let of = format!("{name} at {:?}", case.spec.simd);
        findings.same("cuts that change a bit", &of, expected.audio.difference(&heard.audio));
        let same = expected.told == heard.told;
        findings.require(same, || {
            let mut pairs = expected.told.iter().zip(&heard.told);
            let first = pairs.position(|(a, b)| a != b).unwrap_or(0);
            format!("{name} change what is told: {:?} and {:?}", expected.told[first], heard.told[first])
        });
    }
}

/// Noise, silence, noise around the threshold of what counts as zero, silence: recursion on every scale.
fn input<T: BoxedSample>(channels: usize, random: &mut Random) -> Audio<T> {
    Audio::from_fn(channels, FRAMES, |_, frame| {
        let level = match frame {
            0..1_400 => 0.7,
            2_200..2_600 => 1e-14,
            2_600..2_700 => 1e-3,
            3_300..3_500 => 1e-15,
            4_000..4_400 => 0.3,
            _ => 0.0,
        };
        level * random.noise()
    })
}
