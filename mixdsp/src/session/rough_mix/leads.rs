//! The lead of a song whose names tell none: a voice, or what sings most like one.
//!
//! A voice lies between 150 Hz and 4 kHz, is a tone, comes in phrases, and now and then most of it is a sibilant. Where nothing is a
//! voice, the lead is the most prominent melody: a tone in the middle that is held, moves, and stands in the centre.

use crate::session::rough_mix::features::Features;
use crate::session::rough_mix::role::Role;

/// How much it seems to be a voice; more than 0 is one.
pub(super) fn voice(heard: &Features) -> f64 {
    let is_in_range = heard.middle > 0.6 && heard.low < 0.03 && heard.high < 0.25;
    // What is plucked or struck is soon over; a voice is not.
    let is_held = heard.decay_db < 12.0 && heard.attacks_per_second < 6.0;
    let is_tone = heard.tonal_db < -5.0;
    let speaks = (0.02..0.4).contains(&heard.sibilants);
    if is_in_range && is_held && is_tone && speaks && heard.phrases_per_minute > 5.0 {
        heard.activity * heard.middle
    } else {
        0.0
    }
}

/// How much it seems to be a melody in front.
fn melody(heard: &Features) -> f64 {
    let within = |x: f64, from: f64, to: f64| {
        let off = (from - x).max(x - to).max(0.0);
        libm::exp(-off * off)
    };
    let place = within(libm::log2(heard.centre_hz / 700.0), -0.7, 0.7);
    let tone = within(heard.tonal_db / 6.0, -10.0, -1.5);
    let held = within(heard.attacks_per_second, 0.0, 2.0) * libm::exp(-heard.decay_db / 6.0);
    let moves = within(4.0 * heard.movement_octaves, 0.5, 8.0);
    let stands = within(heard.side_db / 6.0, -20.0, -2.0);
    let rests = within(4.0 * heard.activity, 0.6, 3.4);
    place * tone * held * moves * stands * rests * (0.3 + heard.purity)
}

/// Which of these, whose names tell no lead, are it; none where nothing sings.
pub(super) fn find(roles: &[(Option<Role>, Features)]) -> Option<usize> {
    let open = |at: &usize| {
        let (role, heard) = &roles[*at];
        heard.activity > 0.0 && matches!(role, None | Some(Role::Chords | Role::Backing))
    };
    let best = |score: &dyn Fn(&Features) -> f64| {
        let scores = (0..roles.len()).filter(open).map(|at| (score(&roles[at].1), at));
        scores.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|best| best.0 > 0.05)
    };
    best(&voice).or_else(|| best(&melody)).map(|(_, at)| at)
}
