//! Floor 3: the run-time trait, which every unit keeps and which hosts, chains, C and Python see.

use crate::base::error::Error;
use crate::base::sample::Sample;
use crate::engine::kind::ResponseAt;
use crate::params::Id;
use num_complex::Complex;

/// Something that turns blocks of audio into blocks of audio.
///
/// Object safe, so that `[&mut dyn Processor<T>]` is a chain chosen at run time; tuples of processors are
/// chains chosen at compile time. Prefer a tuple where the order is fixed: nothing is looked up, and the
/// compiler sees through it. Both need no heap.
///
/// No method allocates, locks, makes a system call, panics, or loops without bound.
/// [`process`](Processor::process) takes any number of frames, and the bits it gives do not depend on how
/// the audio was cut into blocks; setting a parameter between two blocks is therefore exact to the sample.
pub trait Processor<T: Sample> {
    /// Processes a block in place.
    ///
    /// `audio` has as many channels as the larger of the spec's inputs and outputs, all of one length,
    /// from 0 frames up; outputs overwrite from the first channel on. `key` has the spec's key channels,
    /// of the same length, or is empty, and then dynamics listen to their input. A sample that is not
    /// finite reads as 0 and one beyond ±1e9 as ±1e9; both are counted in [`sanitized_samples`](Processor::sanitized_samples).
    ///
    /// Fails, with the audio untouched, when channels are missing or of unequal length.
    fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error>;

    /// Clears all audio state and ends every ramp and glide where it was going; parameters stay.
    fn reset(&mut self);

    /// The audio ends here: what follows is silence that brings out what is still inside, until the next reset. For
    /// who writes files that are cut there; a running stream has no end. A limiter then holds its ceiling also on
    /// meters that mirror the end of a file; to all others it makes no difference.
    fn end(&mut self) {
        self.end_after(0);
    }

    /// The same after so many more frames: what stands behind another processor hears the end later, by the latency of
    /// that. What is made of processors tells each of its own; who runs processors one by one does so too.
    fn end_after(&mut self, _frames: usize) {}

    /// Frames by which the output is late. Fixed when built.
    fn latency(&self) -> usize;

    /// Frames after the end of the input until the output stays under -120 dB of what a full-scale input
    /// makes of it at the present parameters: an upper bound. `None` when it never ends.
    fn tail(&self) -> Option<usize>;

    /// How many processors ids may name here: 1, or those of a chain together.
    fn nodes(&self) -> u16 {
        1
    }

    /// Sets a parameter. The sound moves there silently, in about 20 ms. A value outside the range is an
    /// error and the old value stays.
    fn set(&mut self, id: Id, value: f64) -> Result<(), Error>;

    /// Moves a parameter along a straight line from its present value, to reach `target` after `frames`
    /// frames, and follows that line without ramp or lag: for automation. Switches and choices have no
    /// values in between and refuse.
    fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error>;

    /// The present value of a parameter, or a reading. `None` when there is no such id or no reading yet.
    fn get(&self, id: Id) -> Option<f64>;

    /// The course of a reading: its value at each of the latest frames, oldest first, at the end of `out`.
    /// Returns for how many frames it is known: those of the latest call, where that had at most 16 frames and
    /// did not pass a multiple of 16 frames since reset or the end of a glide; otherwise fewer. 0 for a reading
    /// that is only known at the latest frame, and when there is no such reading.
    fn trace(&self, _id: Id, _out: &mut [f64]) -> usize {
        0
    }

    /// Response to a steady sine of `frequency_hz`, 0 to half the sample rate: magnitude and phase of the
    /// coefficients that run at that moment. `None` when the processor is not a filter.
    fn response(&self, _frequency_hz: f64, _moment: ResponseAt) -> Option<Complex<f64>> {
        None
    }

    /// The static curve of dynamics: the level in decibels that leaves for a steady level that comes in, once everything
    /// has come to rest at the present parameters. `None` when the processor's gain does not follow the level.
    fn static_curve_db(&self, _level_db: f64) -> Option<f64> {
        None
    }

    /// How many samples of input and key were not finite, or beyond ±1e9, since the unit was built.
    fn sanitized_samples(&self) -> u64;
}

/// Processors behind a pointer are processors.
macro_rules! behind {
    ($pointer:ty $(, $sized:tt Sized)?) => {
        impl<T: Sample, P: Processor<T> $(+ $sized Sized)?> Processor<T> for $pointer {
            fn process(&mut self, audio: &mut [&mut [T]], sidechain: &[&[T]]) -> Result<(), Error> {
                (**self).process(audio, sidechain)
            }
            fn reset(&mut self) {
                (**self).reset();
            }
            fn end_after(&mut self, frames: usize) {
                (**self).end_after(frames);
            }
            fn latency(&self) -> usize {
                (**self).latency()
            }
            fn tail(&self) -> Option<usize> {
                (**self).tail()
            }
            fn nodes(&self) -> u16 {
                (**self).nodes()
            }
            fn set(&mut self, id: Id, value: f64) -> Result<(), Error> {
                (**self).set(id, value)
            }
            fn glide(&mut self, id: Id, target: f64, frames: usize) -> Result<(), Error> {
                (**self).glide(id, target, frames)
            }
            fn get(&self, id: Id) -> Option<f64> {
                Processor::get(&**self, id)
            }
            fn trace(&self, id: Id, out: &mut [f64]) -> usize {
                (**self).trace(id, out)
            }
            fn response(&self, frequency_hz: f64, moment: ResponseAt) -> Option<Complex<f64>> {
                (**self).response(frequency_hz, moment)
            }
            fn static_curve_db(&self, level_db: f64) -> Option<f64> {
                (**self).static_curve_db(level_db)
            }
            fn sanitized_samples(&self) -> u64 {
                (**self).sanitized_samples()
            }
        }
    };
}
behind!(&mut P, ?Sized);
#[cfg(feature = "alloc")]
behind!(alloc::boxed::Box<P>, ?Sized);
#[cfg(feature = "alloc")]
behind!(alloc::vec::Vec<P>);
