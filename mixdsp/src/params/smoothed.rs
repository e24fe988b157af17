//! Floor 2: numbers on the move, by name.
//!
//! ```text
//! smoothed! { struct Moving { threshold_db, slope } }
//! moving.over(block, |block, frames| .. frames.at(f).slope .., |block, Moving { threshold_db, slope }| ..)
//! ```
//!
//! How they move is [`Ramp`]'s: a set by a step of minimum jerk, a glide along its line.

use crate::base::audio::Block;
use crate::base::sample::Sample;
use crate::params::ramp::{CHUNK, Change, Ramp, ramp_frames};
use core::fmt;

/// `N` numbers that move together, without their names: a [`Ramp`], or nothing.
pub trait Movement: Copy + fmt::Debug + Send + 'static {
    /// The numbers of one moment.
    type Values: Copy + PartialEq;
    /// Those of up to [`CHUNK`] frames.
    type Frames: Copy + fmt::Debug;
    /// No numbers yet.
    const EMPTY: Self::Frames;
    /// At rest; each later step takes `frames`. What is one design moves as one; see [`Ramp::of_design`].
    fn start(values: Self::Values, frames: usize, is_design: bool) -> Self;
    /// Moves as a parameter's change says.
    fn change(&mut self, values: Self::Values, change: Change);
    /// Is there at once.
    fn jump(&mut self, values: Self::Values);
    /// Where the numbers are going.
    fn target(&self) -> Self::Values;
    /// The numbers of the next frame.
    fn value(&self) -> Self::Values;
    /// Whether they stay where they are.
    fn is_settled(&self) -> bool;
    /// Frames until they do, if nothing else is set.
    fn frames_left(&self) -> usize;
    /// Writes the numbers of the next frames and moves on.
    fn fill(&mut self, out: &mut Self::Frames, frames: usize);
    /// Writes the same numbers to every frame.
    fn repeat(values: Self::Values, out: &mut Self::Frames);
}

impl<const N: usize> Movement for Ramp<N> {
    type Values = [f64; N];
    type Frames = [[f64; CHUNK]; N];
    const EMPTY: [[f64; CHUNK]; N] = [[0.0; CHUNK]; N];
    fn start(values: [f64; N], frames: usize, is_design: bool) -> Self {
        if is_design { Ramp::of_design(values, frames) } else { Ramp::new(values, frames) }
    }
    fn change(&mut self, values: [f64; N], change: Change) {
        Ramp::change(self, values, change);
    }
    fn jump(&mut self, values: [f64; N]) {
        Ramp::jump(self, values);
    }
    #[inline(always)]
    fn target(&self) -> [f64; N] {
        Ramp::target(self)
    }
    fn value(&self) -> [f64; N] {
        Ramp::value(self)
    }
    #[inline(always)]
    fn is_settled(&self) -> bool {
        Ramp::is_settled(self)
    }
    fn frames_left(&self) -> usize {
        Ramp::frames_left(self)
    }
    #[inline(always)]
    fn fill(&mut self, out: &mut [[f64; CHUNK]; N], frames: usize) {
        Ramp::fill(self, out, frames);
    }
    #[inline(always)]
    fn repeat(values: [f64; N], out: &mut [[f64; CHUNK]; N]) {
        out.iter_mut().zip(values).for_each(|(out, value)| out.fill(value));
    }
}

/// Named numbers that move together; written by `smoothed!`.
pub trait Smoothed: Copy + fmt::Debug + Send + 'static {
    /// What moves them.
    type Movement: Movement;
    /// Whether they belong together, as a filter's numbers do.
    const IS_DESIGN: bool;
    /// Without their names.
    fn values(self) -> <Self::Movement as Movement>::Values;
    /// With their names.
    fn named(values: <Self::Movement as Movement>::Values) -> Self;
    /// Those of one frame.
    fn at(frames: &<Self::Movement as Movement>::Frames, frame: usize) -> Self;
}

/// Nothing moves, or what moves lies in the caller's words.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Movement for Nothing {
    type Values = ();
    type Frames = ();
    const EMPTY: () = ();
    fn start(_: (), _: usize, _: bool) -> Self {
        Self
    }
    fn change(&mut self, _: (), _: Change) {}
    fn jump(&mut self, _: ()) {}
    fn target(&self) {}
    fn value(&self) {}
    fn is_settled(&self) -> bool {
        true
    }
    fn frames_left(&self) -> usize {
        0
    }
    fn fill(&mut self, _: &mut (), _: usize) {}
    fn repeat(_: (), _: &mut ()) {}
}

impl Smoothed for () {
    type Movement = Nothing;
    const IS_DESIGN: bool = false;
    fn values(self) {}
    fn named(_: ()) {}
    fn at(_: &(), _: usize) {}
}

/// A processor's numbers on the move.
#[derive(Clone, Copy, Debug)]
pub struct Smoother<M: Smoothed> {
    movement: M::Movement,
}

/// What the numbers are in some frames.
#[derive(Clone, Copy, Debug)]
pub struct Frames<M: Smoothed>(<M::Movement as Movement>::Frames);

impl<M: Smoothed> Frames<M> {
    /// No numbers yet.
    pub(crate) const EMPTY: Self = Self(M::Movement::EMPTY);

    /// These numbers.
    pub(crate) fn of(numbers: <M::Movement as Movement>::Frames) -> Self {
        Self(numbers)
    }

    /// The numbers of one frame.
    #[inline(always)]
    pub fn at(&self, frame: usize) -> M {
        M::at(&self.0, frame)
    }
    /// Something of the numbers of every frame.
    #[inline(always)]
    pub fn map<R>(&self, act: impl Fn(M) -> R) -> [R; CHUNK] {
        core::array::from_fn(
            #[inline(always)]
            |frame| act(self.at(frame)),
        )
    }
}

impl<M: Smoothed> Smoother<M> {
    /// At rest.
    pub fn new(target: M, sample_rate: f64) -> Self {
        let frames = ramp_frames(sample_rate);
        Self { movement: M::Movement::start(target.values(), frames, M::IS_DESIGN) }
    }
    /// Moves as a parameter's change says.
    pub fn change(&mut self, target: M, change: Change) {
        self.movement.change(target.values(), change);
    }
    /// The same where there is somewhere to go.
    pub fn change_to(&mut self, target: M, change: Change) {
        if target.values() != self.movement.target() {
            self.change(target, change);
        }
    }
    /// Is there at once.
    pub fn jump(&mut self, target: M) {
        self.movement.jump(target.values());
    }
    /// Where the numbers are going.
    #[inline(always)]
    pub fn target(&self) -> M {
        M::named(self.movement.target())
    }
    /// The numbers of the next frame.
    pub fn value(&self) -> M {
        M::named(self.movement.value())
    }
    /// Whether the numbers stay where they are.
    #[inline(always)]
    pub fn is_settled(&self) -> bool {
        self.movement.is_settled()
    }
    /// Frames until they do, if nothing else is set.
    pub fn frames_left(&self) -> usize {
        self.movement.frames_left()
    }
    /// Writes the numbers of the next frames, at most [`CHUNK`], and moves on. They are filled in place: returned by
    /// value they would be copied, which costs a fifth of a gain on the move.
    #[inline(always)]
    pub fn fill(&mut self, out: &mut Frames<M>, frames: usize) {
        self.movement.fill(&mut out.0, frames);
    }
    /// Writes the numbers of every frame while they stay where they are.
    #[inline(always)]
    pub(crate) fn repeat(&self, out: &mut Frames<M>) {
        M::Movement::repeat(self.movement.target(), &mut out.0);
    }
    /// Walks a block: while numbers move in parts of at most [`CHUNK`] frames, then the rest at once. A part ends where
    /// the numbers come to rest, so that this is at the same frame however the audio is cut.
    #[inline(always)]
    pub fn over<T: Sample>(
        &mut self,
        mut block: Block<'_, '_, T>,
        mut moving: impl FnMut(Block<'_, '_, T>, &Frames<M>),
        still: impl FnOnce(Block<'_, '_, T>, M),
    ) {
        let (mut done, frames) = (0, block.frames());
        if !self.is_settled() {
            let mut numbers = Frames::EMPTY;
            while done < frames && !self.is_settled() {
                let end = frames.min(done + CHUNK.min(self.frames_left()));
                self.fill(&mut numbers, end - done);
                moving(block.part(done, end), &numbers);
                done = end;
            }
        }
        if done < frames {
            still(block.part(done, frames), self.target());
        }
    }
    /// Walks a block in parts of at most [`CHUNK`] frames, with the numbers of each frame whether they move or not, and
    /// whether they are others than in the part before.
    #[inline(always)]
    pub fn over_chunks<T: Sample>(
        &mut self,
        mut block: Block<'_, '_, T>,
        mut act: impl FnMut(&mut Block<'_, '_, T>, &Frames<M>, bool),
    ) {
        let (mut done, mut numbers, mut moved) = (0, Frames::EMPTY, true);
        while done < block.frames() {
            let mut end = block.frames().min(done + CHUNK);
            let moves = !self.is_settled();
            if moves {
                end = end.min(done + self.frames_left());
                self.fill(&mut numbers, end - done);
            } else if moved {
                self.repeat(&mut numbers);
            }
            act(&mut block.part(done, end), &numbers, moves || moved);
            moved = moves;
            done = end;
        }
    }
}

/// Declares numbers that move together: a struct of `f64`. With `design struct` they belong together, as a filter's
/// numbers do: on their way they are always a mean of what was asked for.
macro_rules! smoothed {
    ($(#[$meta:meta])* $vis:vis design struct $($rest:tt)*) => {
        $crate::params::smoothed::smoothed!(@struct true [$(#[$meta])*] $vis struct $($rest)*);
    };
    ($(#[$meta:meta])* $vis:vis struct $($rest:tt)*) => {
        $crate::params::smoothed::smoothed!(@struct false [$(#[$meta])*] $vis struct $($rest)*);
    };
    (@struct $is_design:literal [$(#[$meta:meta])*]
     $vis:vis struct $name:ident { $($(#[$field_meta:meta])* $field:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        $vis struct $name { $($(#[$field_meta])* pub(crate) $field: f64),+ }
        #[allow(clippy::allow_attributes, dead_code, reason = "few ask")]
        impl $name {
            /// How many numbers there are.
            $vis const COUNT: usize = [$(stringify!($field)),+].len();
        }
        impl $crate::params::smoothed::Smoothed for $name {
            type Movement = $crate::params::ramp::Ramp<{ [$(stringify!($field)),+].len() }>;
            const IS_DESIGN: bool = $is_design;
            #[inline(always)]
            fn values(self) -> [f64; { [$(stringify!($field)),+].len() }] {
                [$(self.$field),+]
            }
            #[inline(always)]
            fn named([$($field),+]: [f64; { [$(stringify!($field)),+].len() }]) -> Self {
                Self { $($field),+ }
            }
            #[inline(always)]
            fn at(
                [$($field),+]: &[[f64; $crate::params::ramp::CHUNK]; { [$(stringify!($field)),+].len() }],
                frame: usize,
            ) -> Self {
                Self { $($field: $field[frame]),+ }
            }
        }
    };
}
pub(crate) use smoothed;
