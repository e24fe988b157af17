//! The header of WAV.
//!
//! Source: Microsoft, Multiple Channel Audio Data and WAVE Files; EBU Tech 3306 for files over 4 GiB.

use std::vec::Vec;

use super::layout::{BitDepth, Layout};

/// Bytes of the chunk that is kept free for the 64-bit lengths.
const WIDE_BYTES: u32 = 28;

/// The header of a file of so many frames; beyond `most_bytes` it is RF64. `said` are whole chunks that stand before the
/// samples, and `behind` is how many bytes follow them.
pub(super) fn header(layout: &Layout, frames: u64, most_bytes: u64, said: &[u8], behind: u64) -> Vec<u8> {
    let format = format_chunk(layout);
    let fact = layout.depth == BitDepth::Float32;
    let data = frames * u64::from(layout.frame_bytes());
    let head = 4 + 8 + WIDE_BYTES as usize + 8 + format.len() + if fact { 12 } else { 0 } + said.len() + 8;
    let riff = head as u64 + data + data % 2 + behind;
    let wide = riff > most_bytes;
    let short = |length: u64| if wide { u32::MAX } else { length as u32 }.to_le_bytes();
    let mut out = Vec::with_capacity(head + 8);
    out.extend_from_slice(if wide { b"RF64" } else { b"RIFF" });
    out.extend_from_slice(&short(riff));
    out.extend_from_slice(b"WAVE");
    out.extend_from_slice(if wide { b"ds64" } else { b"JUNK" });
    out.extend_from_slice(&WIDE_BYTES.to_le_bytes());
    let lengths = if wide { [riff, data, frames] } else { [0; 3] };
    lengths.iter().for_each(|length| out.extend_from_slice(&length.to_le_bytes()));
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(b"fmt ");
    out.extend_from_slice(&(format.len() as u32).to_le_bytes());
    out.extend_from_slice(&format);
    if fact {
        out.extend_from_slice(b"fact");
        out.extend_from_slice(&4_u32.to_le_bytes());
        out.extend_from_slice(&short(frames));
    }
    out.extend_from_slice(said);
    out.extend_from_slice(b"data");
    out.extend_from_slice(&short(data));
    out
}

fn format_chunk(layout: &Layout) -> Vec<u8> {
    let float = layout.depth == BitDepth::Float32;
    let tag: u16 = if float { 3 } else { 1 };
    // What a player takes mono and stereo for anyway.
    let usual = match layout.channels {
        1 => Some(4),
        2 => Some(3),
        _ => None,
    };
    let extensible = layout.channels > 2 || layout.mask.is_some_and(|mask| Some(mask) != usual);
    let mut out = Vec::with_capacity(40);
    out.extend_from_slice(&if extensible { 0xfffe } else { tag }.to_le_bytes());
    out.extend_from_slice(&(layout.channels as u16).to_le_bytes());
    out.extend_from_slice(&layout.sample_rate.to_le_bytes());
    out.extend_from_slice(&(layout.sample_rate * layout.frame_bytes()).to_le_bytes());
    out.extend_from_slice(&(layout.frame_bytes() as u16).to_le_bytes());
    out.extend_from_slice(&(layout.depth.bits() as u16).to_le_bytes());
    if extensible {
        out.extend_from_slice(&22_u16.to_le_bytes());
        out.extend_from_slice(&(layout.depth.bits() as u16).to_le_bytes());
        // Without a mask no channel has a speaker.
        out.extend_from_slice(&layout.mask.unwrap_or(0).to_le_bytes());
        out.extend_from_slice(&tag.to_le_bytes());
        out.extend_from_slice(&[0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
    } else if float {
        out.extend_from_slice(&[0; 2]);
    }
    out
}
