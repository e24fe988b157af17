//! What the contracts share: going through the catalogue and the trees of nodes, and collecting what was found.

use crate::common::depth;
use crate::common::entry::{Entry, entries};
use crate::common::settings::sample_name;
use crate::common::trees::trees;
use crate::common::{Bound, Case, report};
use mixdsp::catalogue::BoxedSample;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) const CHANNELS: [usize; 4] = [1, 2, 6, 24];
pub(crate) const RATES: [f64; 8] =
    [8_000.0, 11_025.0, 22_050.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 384_000.0];

/// Something that every processor keeps.
pub(crate) trait Contract {
    /// Number and name: `3 any block`.
    const NAME: &'static str;
    /// Where the truth comes from, for the report.
    const ORACLE: &'static str;
    /// Whether trees of nodes keep it too.
    const TREES: bool = true;

    fn check<T: BoxedSample>(&self, entry: Entry<T>, findings: &mut Findings);
}

/// What was measured of one thing: its worst value.
struct Measure {
    what: &'static str,
    unit: &'static str,
    bound: Bound,
    worst: f64,
    /// Processor and sample type of the worst value.
    who: String,
    times: usize,
}

/// What a contract finds out about one processor.
#[derive(Default)]
pub(crate) struct Findings {
    who: String,
    contract: &'static str,
    case: String,
    failures: Vec<String>,
    notes: Vec<String>,
    measures: Vec<Measure>,
}

/// Failures of one processor that are told in full.
const TOLD: usize = 6;

impl Findings {
    fn new(contract: &'static str, who: String) -> Self {
        Self { who, contract, ..Self::default() }
    }

    /// Contract, processor and sample type: what decides which cases of a sweep are seen.
    pub(crate) fn place(&self) -> String {
        format!("{} {}", self.contract, self.who)
    }

    /// Runs `act` for a case; a panic in it is a failure of the case.
    pub(crate) fn case(&mut self, case: &dyn std::fmt::Display, act: impl FnOnce(&mut Self)) {
        self.case = case.to_string();
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| act(self))) {
            self.fail(format!("panic: {}", text_of(&payload)));
        }
        self.case.clear();
    }

    pub(crate) fn fail(&mut self, what: String) {
        let Self { who, contract, case, .. } = self;
        let text = format!("{who} breaks contract {contract}: {what}\n    {case}");
        self.failures.push(text);
    }

    pub(crate) fn require(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.fail(what());
        }
    }

    /// Something to print beside the measured values.
    pub(crate) fn note(&mut self, text: String) {
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// Keeps the worst value and fails when the bound is broken.
    pub(crate) fn measured(&mut self, what: &'static str, value: f64, bound: Bound, unit: &'static str) {
        self.measured_as(what, "", value, bound, unit);
    }

    /// The same; `of` says more when it fails.
    pub(crate) fn measured_as(
        &mut self,
        what: &'static str,
        of: &str,
        value: f64,
        bound: Bound,
        unit: &'static str,
    ) {
        if !bound.holds(value) {
            self.fail(format!("{what}{of}: measured {} {unit}, bound {bound} {unit}", report::short(value)));
        }
        self.keep(Measure { what, unit, bound, worst: value, who: self.who.clone(), times: 1 });
    }

    /// Counts what should be the same and is not; `differs` says where.
    pub(crate) fn same(&mut self, what: &'static str, of: &str, differs: Option<String>) {
        let count = if differs.is_some() { 1.0 } else { 0.0 };
        let of = format!(" ({of}{}{})", if of.is_empty() { "" } else { ": " }, differs.unwrap_or_default());
        self.measured_as(what, &of, count, Bound::Equals(0.0), "");
    }

    fn keep(&mut self, new: Measure) {
        match self.measures.iter_mut().find(|it| it.what == new.what && it.bound == new.bound) {
            None => self.measures.push(new),
            Some(old) => {
                let times = old.times + new.times;
                if new.bound.room(new.worst) < old.bound.room(old.worst) {
                    *old = new;
                }
                old.times = times;
            }
        }
    }

    /// One line.
    fn print(&self) {
        let values = self.measures.iter().map(|Measure { what, worst, unit, times, .. }| {
            format!(
                "{what} {}{}{unit} ({times} times)",
                report::short(*worst),
                if unit.is_empty() { "" } else { " " }
            )
        });
        let parts: Vec<_> = values.chain(self.notes.iter().cloned()).collect();
        let verdict = if self.failures.is_empty() { "holds" } else { "BROKEN" };
        println!("{:<24} {:<18} {verdict}: {}", self.contract, self.who, parts.join("; "));
    }
}

fn text_of(payload: &Box<dyn Any + Send>) -> String {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|text| text.to_string())).unwrap_or_default()
}

struct Walk<'a, C> {
    contract: &'a C,
    only: Option<String>,
    total: Findings,
    processors: usize,
}

impl<C: Contract> Walk<'_, C> {
    fn run<T: BoxedSample>(&mut self, entry: Entry<T>) {
        let who = format!("{} {}", entry.key, sample_name::<T>());
        let mut findings = Findings::new(C::NAME, who);
        self.contract.check::<T>(entry, &mut findings);
        findings.print();
        let told = findings.failures.len().min(TOLD);
        let rest = findings.failures.len() - told;
        self.total.failures.extend(findings.failures.drain(..told));
        if rest > 0 {
            self.total.failures.push(format!("    and {rest} more of {}", findings.who));
        }
        findings.measures.into_iter().for_each(|measure| self.total.keep(measure));
    }
}

/// Asserts that every processor of the catalogue, and every tree of nodes, keeps a contract, for both sample types. With
/// `MIXDSP_ONLY=equalizer` in the environment only that one is asked, and nothing is reported.
pub(crate) fn hold<C: Contract>(contract: C) {
    let only = std::env::var("MIXDSP_ONLY").ok();
    let total = Findings::new(C::NAME, "catalogue".into());
    let mut walk = Walk { contract: &contract, only, total, processors: 0 };
    let mut asked = 0;
    let double = entries::<f64>().chain(trees());
    for (single, double) in entries::<f32>().chain(trees()).zip(double) {
        if walk.only.as_ref().is_some_and(|only| only != single.key) {
            continue;
        }
        asked += 1;
        if C::TREES || !single.is_tree() {
            walk.processors += 1;
            walk.run(single);
            walk.run(double);
        }
    }
    assert!(asked > 0, "no processor was asked");
    if walk.only.is_none() {
        for Measure { what, unit, bound, worst, who, times } in &walk.total.measures {
            let requirement = format!("{}: {what}", C::NAME);
            let bound = format!("{bound} {unit}");
            let measured = format!(
                "{} {unit} (worst of {times} over {} processors: {who})",
                report::short(*worst),
                walk.processors
            );
            report("contracts", &requirement, bound.trim(), &measured, C::ORACLE);
        }
    }
    let failures = &walk.total.failures;
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

/// Runs `act` for random cases: all pairs of channels, rates and sample types, a case each.
pub(crate) fn sweep<T: BoxedSample>(
    entry: Entry<T>,
    findings: &mut Findings,
    act: impl Fn(&mut Findings, &Case<T>),
) {
    let wide = size_of::<T>() == 8;
    let pairs = CHANNELS.into_iter().enumerate().flat_map(|(c, channels)| {
        RATES.into_iter().enumerate().map(move |(r, rate)| (c + r, channels, rate))
    });
    let mine = pairs.filter(|(sum, ..)| (sum % 2 == 1) == wide).enumerate();
    // Of the sixteen a quarter, another one for each contract and processor.
    for (number, (_, channels, rate)) in depth::every(4, &findings.place(), mine) {
        match Case::random(entry, findings.contract, number, channels, rate) {
            Some(case) => findings.case(&case, |findings| act(findings, &case)),
            None => findings.fail("no spec is taken at all".into()),
        }
    }
}
