//! Channel pointers become slices, checked first: nothing is written before every pointer was looked at.
//!
//! Where a block lies as the processor wants it (planar, with room for the inputs in the outputs), it is
//! processed where it lies. Anything else goes through [`CHUNK`] frames on the stack at a time, which
//! changes no bit, because no processor's output depends on how its input is cut.

use crate::running::Running;
use crate::status::Status;
use core::array::from_fn;
use mixdsp::base::audio::MAX_CHANNELS;
use mixdsp::{Error, Processor, Sample, Spec};

/// Frames that go over the stack at a time.
const CHUNK: usize = 32;

/// Pointers to the channels of a block.
pub(crate) type Channels<T> = *const *const T;

/// A sample type that crosses the border.
pub(crate) trait Crossing: Sample {
    /// The unit, if it works on this type.
    fn unit(running: Running<'_>) -> Result<&mut dyn Processor<Self>, Status>;
}

impl Crossing for f32 {
    fn unit(running: Running<'_>) -> Result<&mut dyn Processor<f32>, Status> {
        if let Running::F32(unit) = running { Ok(unit) } else { Err(Status::TYPE) }
    }
}

impl Crossing for f64 {
    fn unit(running: Running<'_>) -> Result<&mut dyn Processor<f64>, Status> {
        if let Running::F64(unit) = running { Ok(unit) } else { Err(Status::TYPE) }
    }
}

/// Some samples of one channel, or of all channels one after the other.
#[derive(Clone, Copy)]
struct Span<T> {
    first: *const T,
    len: usize,
}

impl<T> Span<T> {
    const NONE: Self = Self { first: core::ptr::null(), len: 0 };

    /// Refuses NULL, misalignment and lengths that no memory has.
    fn new(first: *const T, len: usize) -> Result<Self, Status> {
        let fits = len <= isize::MAX as usize / size_of::<T>();
        let is_sound = !first.is_null() && first.is_aligned() && fits;
        is_sound.then_some(Self { first, len }).ok_or(Status::ARGUMENT)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let (a, b) = (self.first.addr(), other.first.addr());
        let end = |from: usize, len: usize| from.saturating_add(len * size_of::<T>());
        a < end(b, other.len) && b < end(a, self.len)
    }
}

/// Writes the channels of a block, each checked.
///
/// # Safety
///
/// `list` is NULL or points to as many pointers as there are spans.
unsafe fn read_spans<T>(list: Channels<T>, frames: usize, spans: &mut [Span<T>]) -> Result<(), Status> {
    if list.is_null() || !list.is_aligned() {
        return Err(Status::ARGUMENT);
    }
    for (channel, span) in spans.iter_mut().enumerate() {
        // SAFETY: there are as many pointers as spans.
        *span = Span::new(unsafe { *list.add(channel) }, frames)?;
    }
    Ok(())
}

/// Refuses outputs that overlap each other, the sidechain, or an input other than their own.
fn check_overlaps<T>(inputs: &[Span<T>], sidechain: &[Span<T>], outputs: &[Span<T>]) -> Result<(), Status> {
    for (at, output) in outputs.iter().enumerate() {
        let own = |channel: usize, input: &Span<T>| channel == at && input.first == output.first;
        let mut inputs = inputs.iter().enumerate().filter(|(channel, input)| !own(*channel, input));
        let clashes = inputs.any(|(_, input)| input.overlaps(output))
            || sidechain.iter().any(|span| span.overlaps(output))
            || outputs[..at].iter().any(|other| other.overlaps(output));
        if clashes {
            return Err(Status::ARGUMENT);
        }
    }
    Ok(())
}

/// A block that was checked and can be processed.
pub(crate) trait Block<T: Crossing> {
    /// Processes it. Each block once.
    fn run(&self, spec: &Spec, unit: &mut dyn Processor<T>) -> Result<(), Status>;
}

/// A planar block. Without outputs only the unit hears it.
pub(crate) struct Planar<'a, T> {
    input: [Span<T>; MAX_CHANNELS],
    output: [Span<T>; MAX_CHANNELS],
    outputs: usize,
    sidechain: [&'a [T]; MAX_CHANNELS],
    sidechains: usize,
    frames: usize,
}

impl<T: Crossing> Planar<'_, T> {
    /// Checks a block. `sidechain` and `output` may be NULL.
    ///
    /// # Safety
    ///
    /// Every list is NULL or has as many pointers as the spec names channels, and every pointer is NULL or
    /// has `frames` samples, which may be read, and written in `output`, for as long as the block lives.
    pub(crate) unsafe fn check(
        spec: &Spec,
        input: Channels<T>,
        sidechain: Channels<T>,
        output: Channels<T>,
        frames: usize,
    ) -> Result<Self, Status> {
        let none = [Span::NONE; MAX_CHANNELS];
        let sidechains = if sidechain.is_null() { 0 } else { spec.sidechain };
        let outputs = if output.is_null() { 0 } else { spec.outputs };
        let (mut inputs, mut heard, mut written) = (none, none, none);
        // SAFETY: as the caller promises.
        unsafe {
            if sidechains != 0 {
                read_spans(sidechain, frames, &mut heard[..sidechains])?;
            }
            if outputs != 0 {
                read_spans(output, frames, &mut written[..outputs])?;
            }
            read_spans(input, frames, &mut inputs[..spec.inputs])?;
        }
        check_overlaps(&inputs[..spec.inputs], &heard[..sidechains], &written[..outputs])?;
        let mut slices: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        for (slice, span) in slices.iter_mut().zip(&heard[..sidechains]) {
            // SAFETY: the pointer is good for as many samples; what is written overlaps none of it.
            *slice = unsafe { core::slice::from_raw_parts(span.first, frames) };
        }
        Ok(Self { input: inputs, output: written, outputs, sidechain: slices, sidechains, frames })
    }

    fn over_the_stack(&self, spec: &Spec, unit: &mut dyn Processor<T>) -> Result<(), Status> {
        let read = |channel: usize, from: usize, plane: &mut [T]| {
            let input = self.input[channel].first;
            // SAFETY: `from` and the plane's length lie within the frames; a plane overlaps nothing.
            unsafe { input.add(from).copy_to_nonoverlapping(plane.as_mut_ptr(), plane.len()) }
        };
        let write = |channel: usize, from: usize, plane: &[T]| {
            if channel < self.outputs {
                let to = self.output[channel].first.cast_mut();
                // SAFETY: as above, and outputs may be written.
                unsafe { to.add(from).copy_from_nonoverlapping(plane.as_ptr(), plane.len()) }
            }
        };
        let run = |audio: &mut [&mut [T]], sidechain: &[&[T]]| unit.process(audio, sidechain);
        in_chunks(spec, &self.sidechain[..self.sidechains], self.frames, read, run, write)
    }
}

impl<T: Crossing> Block<T> for Planar<'_, T> {
    fn run(&self, spec: &Spec, unit: &mut dyn Processor<T>) -> Result<(), Status> {
        if self.outputs < spec.inputs {
            return self.over_the_stack(spec, unit);
        }
        let &Self { ref input, ref output, outputs, frames, .. } = self;
        for (channel, output) in output[..outputs].iter().enumerate() {
            let to = output.first.cast_mut();
            // SAFETY: both have `frames` samples, outputs may be written, and an input that is not the output
            // itself does not overlap it.
            unsafe {
                if channel >= spec.inputs {
                    (0..frames).for_each(|frame| to.add(frame).write(T::ZERO));
                } else if input[channel].first != output.first {
                    to.copy_from_nonoverlapping(input[channel].first, frames);
                }
            }
        }
        let mut audio: [&mut [T]; MAX_CHANNELS] = from_fn(|_| Default::default());
        for (slice, span) in audio.iter_mut().zip(&output[..outputs]) {
            // SAFETY: the outputs have `frames` samples each, all written by now, and overlap nothing else.
            *slice = unsafe { core::slice::from_raw_parts_mut(span.first.cast_mut(), frames) };
        }
        Ok(unit.process(&mut audio[..outputs], &self.sidechain[..self.sidechains])?)
    }
}

/// Frames that lie one after the other. Without an output only the unit hears them.
pub(crate) struct Interleaved<T> {
    input: *const T,
    output: *mut T,
    frames: usize,
}

impl<T: Crossing> Interleaved<T> {
    /// Checks a block. `output` may be NULL, or the input where both have as many channels.
    ///
    /// # Safety
    ///
    /// `input` is NULL or has `frames` times the inputs samples, `output` likewise, and that may be written,
    /// for as long as the block lives.
    pub(crate) unsafe fn check(
        spec: &Spec,
        input: *const T,
        output: *mut T,
        frames: usize,
    ) -> Result<Self, Status> {
        let span = |first: *const T, channels: usize| {
            Span::new(first, frames.checked_mul(channels).ok_or(Status::ARGUMENT)?)
        };
        let from = span(input, spec.inputs)?;
        if !output.is_null() {
            let to = span(output, spec.outputs)?;
            let in_place = input == output.cast_const() && spec.inputs == spec.outputs;
            if !in_place && from.overlaps(&to) {
                return Err(Status::ARGUMENT);
            }
        }
        Ok(Self { input, output, frames })
    }
}

impl<T: Crossing> Block<T> for Interleaved<T> {
    fn run(&self, spec: &Spec, unit: &mut dyn Processor<T>) -> Result<(), Status> {
        let &Self { input, output, frames } = self;
        let read = |channel: usize, first: usize, plane: &mut [T]| {
            for (frame, sample) in (first..).zip(plane) {
                // SAFETY: frame and channel lie within the input.
                *sample = unsafe { input.add(frame * spec.inputs + channel).read() };
            }
        };
        let write = |channel: usize, first: usize, plane: &[T]| {
            for (frame, sample) in (first..).zip(plane).take_while(|_| !output.is_null()) {
                // SAFETY: frame and channel lie within the output, which may be written.
                unsafe { output.add(frame * spec.outputs + channel).write(*sample) };
            }
        };
        in_chunks(spec, &[], frames, read, |audio, _| unit.process(audio, &[]), write)
    }
}

/// How interleaved samples that are only heard are written.
#[derive(Clone, Copy)]
#[repr(u32)]
pub(crate) enum Format {
    F32 = 0,
    F64 = 1,
    I16 = 2,
    I32 = 3,
}

impl Format {
    pub(crate) const ALL: [Self; 4] = [Self::F32, Self::F64, Self::I16, Self::I32];

    /// Bytes of a sample.
    fn size(self) -> usize {
        match self {
            Self::I16 => 2,
            Self::F32 | Self::I32 => 4,
            Self::F64 => 8,
        }
    }

    /// The sample at a place; whole numbers are shares of full scale.
    ///
    /// # Safety
    ///
    /// `samples` is aligned to [`size`](Self::size) and has more than `at` samples.
    unsafe fn sample(self, samples: *const u8, at: usize) -> f64 {
        // SAFETY: as the caller promises.
        unsafe {
            match self {
                Self::F32 => samples.cast::<f32>().add(at).read().into(),
                Self::F64 => samples.cast::<f64>().add(at).read(),
                Self::I16 => f64::from(samples.cast::<i16>().add(at).read()) / 32_768.0,
                Self::I32 => f64::from(samples.cast::<i32>().add(at).read()) / 2_147_483_648.0,
            }
        }
    }
}

/// Interleaved samples of any format, which only the unit hears.
pub(crate) struct Feed {
    samples: *const u8,
    format: Format,
    frames: usize,
}

impl Feed {
    /// Checks a block.
    ///
    /// # Safety
    ///
    /// `samples` is NULL or has `frames` times the inputs samples of this format, for as long as the block
    /// lives.
    pub(crate) unsafe fn check(
        spec: &Spec,
        samples: *const u8,
        format: Format,
        frames: usize,
    ) -> Result<Self, Status> {
        let size = format.size();
        Span::new(samples, frames.checked_mul(spec.inputs * size).ok_or(Status::ARGUMENT)?)?;
        let is_aligned = samples.addr().is_multiple_of(size);
        is_aligned.then_some(Self { samples, format, frames }).ok_or(Status::ARGUMENT)
    }
}

impl<T: Crossing> Block<T> for Feed {
    fn run(&self, spec: &Spec, unit: &mut dyn Processor<T>) -> Result<(), Status> {
        self.each_chunk(spec, |audio| unit.process(audio, &[]))
    }
}

impl Feed {
    /// Hands all frames over, some at a time.
    pub(crate) fn each_chunk<T: Crossing>(
        &self,
        spec: &Spec,
        mut hear: impl FnMut(&mut [&mut [T]]) -> Result<(), Error>,
    ) -> Result<(), Status> {
        let &Self { samples, format, frames } = self;
        let read = |channel: usize, first: usize, plane: &mut [T]| {
            for (frame, sample) in (first..).zip(plane) {
                // SAFETY: frame and channel lie within the samples; their alignment was checked.
                *sample = T::from_f64(unsafe { format.sample(samples, frame * spec.inputs + channel) });
            }
        };
        in_chunks(spec, &[], frames, read, |audio, _| hear(audio), |_, _, _| ())
    }
}

/// Takes frames over the stack. `read` fills frames from a place on of an input, `run` does something with
/// the block and the sidechain, `write` gets the frames of every output.
fn in_chunks<T: Crossing>(
    spec: &Spec,
    sidechain: &[&[T]],
    frames: usize,
    read: impl Fn(usize, usize, &mut [T]),
    mut run: impl FnMut(&mut [&mut [T]], &[&[T]]) -> Result<(), Error>,
    write: impl Fn(usize, usize, &[T]),
) -> Result<(), Status> {
    let mut planes = [[T::ZERO; CHUNK]; MAX_CHANNELS];
    let mut first = 0;
    while first < frames {
        let count = CHUNK.min(frames - first);
        let mut audio: [&mut [T]; MAX_CHANNELS] = from_fn(|_| Default::default());
        for (channel, (slice, plane)) in audio.iter_mut().zip(&mut planes[..spec.channels()]).enumerate() {
            *slice = &mut plane[..count];
            if channel < spec.inputs { read(channel, first, slice) } else { slice.fill(T::ZERO) }
        }
        let mut parts: [&[T]; MAX_CHANNELS] = [&[]; MAX_CHANNELS];
        parts.iter_mut().zip(sidechain).for_each(|(part, whole)| *part = &whole[first..first + count]);
        run(&mut audio[..spec.channels()], &parts[..sidechain.len()])?;
        audio[..spec.outputs].iter().enumerate().for_each(|(channel, slice)| write(channel, first, slice));
        first += count;
    }
    Ok(())
}
