//! The header of AIFF, and of AIFC for floats.
//!
//! Source: Apple, Audio Interchange File Format AIFF and AIFF-C.

use std::vec::Vec;

use super::layout::{BitDepth, Layout};

/// The longest header.
pub(super) const MOST_HEAD: u64 = 128;
/// The version of AIFC.
const VERSION: u32 = 0xa280_5140;

/// The header of a file of so many frames.
pub(super) fn header(layout: &Layout, frames: u64) -> Vec<u8> {
    let float = layout.depth == BitDepth::Float32;
    let data = (frames * u64::from(layout.frame_bytes())) as u32;
    let mut common = Vec::new();
    common.extend_from_slice(&(layout.channels as u16).to_be_bytes());
    common.extend_from_slice(&(frames as u32).to_be_bytes());
    common.extend_from_slice(&(layout.depth.bits() as u16).to_be_bytes());
    common.extend_from_slice(&extended(layout.sample_rate));
    if float {
        common.extend_from_slice(b"fl32\x0c32-bit float\0");
    }
    let mut out = Vec::new();
    if float {
        out.extend_from_slice(&chunk(b"FVER", &VERSION.to_be_bytes()));
    }
    out.extend_from_slice(&chunk(b"COMM", &common));
    if let Some(mask) = layout.mask.filter(|mask| layout.channels > 2 && *mask < 1 << 18) {
        // The layout that is the bits of a mask, which are those of WAVE (Apple, Core Audio Format, channel layout).
        let content = [0x1_0000, mask, 0].map(u32::to_be_bytes).concat();
        out.extend_from_slice(&chunk(b"CHAN", &content));
    }
    out.extend_from_slice(b"SSND");
    // Behind the length: an offset and a block size, both 0.
    out.extend_from_slice(&data.wrapping_add(8).to_be_bytes());
    out.extend_from_slice(&[0; 8]);
    let form = (4 + out.len() as u32).wrapping_add(data).wrapping_add(data % 2);
    let mut whole = b"FORM".to_vec();
    whole.extend_from_slice(&form.to_be_bytes());
    whole.extend_from_slice(if float { b"AIFC" } else { b"AIFF" });
    whole.extend_from_slice(&out);
    whole
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_vec();
    bytes.extend_from_slice(&(content.len() as u32).to_be_bytes());
    bytes.extend_from_slice(content);
    bytes
}

/// A whole number as a float of 80 bits.
fn extended(value: u32) -> [u8; 10] {
    let shift = value.leading_zeros();
    let exponent = (16_383 + 31 - shift) as u16;
    let mantissa = u64::from(value << shift) << 32;
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&exponent.to_be_bytes());
    bytes[2..].copy_from_slice(&mantissa.to_be_bytes());
    bytes
}
