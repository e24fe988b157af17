//! Attack and release of a gain reduction in decibels: the smooth decoupled form.
//!
//! ```text
//! held = max(c, r held + (1 - r) c)        r = exp(-1 / (release frames)):  falls by the release
//! out  = a out + (1 - a) held              a = exp(-1 / (attack frames)):   rises by the attack
//! ```
//!
//! Times are time constants: 63.2 % of the way in decibels. The attack's smoother also slows the release,
//! so the release is shortened by the attack's time. Source: Giannoulis, Massberg, Reiss, "Digital Dynamic
//! Range Compressor Design", JAES 60(6), 2012. Runs in f64: a release of seconds at a high rate is lost in
//! f32.

/// The two factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ballistics {
    attack: f64,
    release: f64,
}

/// What one channel remembers: `held` and `out`, in decibels.
pub(crate) type Memory = [f64; 2];

impl Ballistics {
    /// For these times at this sample rate. An attack of 0 is instant.
    pub(crate) fn new(attack_ms: f64, release_ms: f64, sample_rate: f64) -> Self {
        let factor = |milliseconds: f64| {
            let frames = milliseconds * 1e-3 * sample_rate;
            if frames > 0.0 { libm::exp(-1.0 / frames) } else { 0.0 }
        };
        let shortest = 1e3 / sample_rate;
        Self { attack: factor(attack_ms), release: factor((release_ms - attack_ms).max(shortest)) }
    }

    /// The factors of attack and release, for recursions that run several times side by side.
    pub(crate) fn factors(&self) -> [f64; 2] {
        [self.attack, self.release]
    }

    /// Smooths the reductions of `N` channels in place; they run in each other's shadow.
    #[inline(always)]
    pub(crate) fn run<const N: usize>(&self, memory: [&mut Memory; N], reductions: [&mut [f64]; N]) {
        let (a, r) = (self.attack, self.release);
        let (b, s) = (1.0 - a, 1.0 - r);
        let mut state = memory.each_ref().map(|memory| **memory);
        let frames = reductions.iter().map(|channel| channel.len()).min().unwrap_or(0);
        for f in 0..frames {
            for n in 0..N {
                let c = reductions[n][f];
                let [held, out] = &mut state[n];
                let falling = r * *held + s * c;
                *held = if c > falling { c } else { falling };
                *out = a * *out + b * *held;
                reductions[n][f] = *out;
            }
        }
        for (memory, state) in memory.into_iter().zip(state) {
            *memory = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_what_they_say() {
        for rate in [44_100.0, 192_000.0] {
            for (attack_ms, release_ms) in [(10.0, 100.0), (1.0, 50.0), (30.0, 1_000.0)] {
                let ballistics = Ballistics::new(attack_ms, release_ms, rate);
                let mut memory = [0.0; 2];
                let settle = (rate * 0.02 * attack_ms) as usize;
                let mut up = alloc::vec![10.0; settle];
                ballistics.run([&mut memory], [&mut up]);
                let reached = 10.0 * (1.0 - libm::exp(-1.0));
                let attack = up.iter().position(|y| *y >= reached).unwrap() as f64 / rate * 1e3;
                let mut down = alloc::vec![0.0; (rate * 0.005 * release_ms) as usize];
                ballistics.run([&mut memory], [&mut down]);
                let left = 10.0 * libm::exp(-1.0);
                let release = down.iter().position(|y| *y <= left).unwrap() as f64 / rate * 1e3;
                std::println!(
                    "{rate}: attack {attack:.3} of {attack_ms} ms, release {release:.2} of {release_ms} ms"
                );
                assert!((attack / attack_ms - 1.0).abs() < 0.02, "{attack} ms for {attack_ms}");
                assert!((release / release_ms - 1.0).abs() < 0.02, "{release} ms for {release_ms}");
            }
        }
    }
}
