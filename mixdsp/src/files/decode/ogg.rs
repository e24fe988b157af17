//! Ogg: the links of a chain.
//!
//! ```text
//! link 0: first pages, pages, last page | link 1: first pages, ... | something else
//! ```
//!
//! Files put one behind the other are an Ogg file again (a chain), with a header, numbers and time stamps of
//! their own in each link. Pages are walked once when the file is opened, a few bytes of each: that finds the
//! links and where the last page ends. Each link is then decoded for itself, as if it were a file.
//!
//! Source: RFC 3533, The Ogg Encapsulation Format; Xiph.org, Vorbis I specification, A.2.

use std::boxed::Box;
use std::io::{BufReader, Read};
use std::string::ToString;
use std::vec::Vec;
use std::{format, vec};

use super::place::{Place, Window};
use super::source::{Fault, Opened, Source, frames_after};
use super::{coded, trailing};

/// Links of one file: a chain of more is not one that a program wrote.
const MOST_LINKS: usize = 4096;

/// One link: a stream, and where its frames stand in the whole.
struct Link {
    place: Place,
    /// Number of its first frame.
    first: u64,
    /// Frames of start-up, which are not counted.
    skip: u64,
}

/// The links of a file, decoded one after the other.
struct Chain {
    links: Vec<Link>,
    /// The link that is decoded.
    current: usize,
    source: Box<dyn Source>,
}

impl Chain {
    fn enter(&mut self, link: usize) -> Result<(), Fault> {
        self.source = coded::open_ogg(self.links[link].place.clone())?.source;
        self.current = link;
        Ok(())
    }
}

impl Source for Chain {
    fn next(&mut self, planes: &mut Vec<Vec<f32>>) -> Result<Option<u64>, Fault> {
        loop {
            let Link { first, skip, .. } = self.links[self.current];
            if let Some(start) = self.source.next(planes)? {
                let length = planes.first().map_or(0, Vec::len);
                let early = usize::try_from(skip.saturating_sub(start)).unwrap_or(usize::MAX).min(length);
                planes.iter_mut().for_each(|plane| drop(plane.drain(..early)));
                let start = (start + early as u64).saturating_sub(skip);
                // What a link has beyond its stated end belongs to no one.
                let end = self.links.get(self.current + 1).map_or(u64::MAX, |next| next.first);
                let start = start.saturating_add(first);
                let kept = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX);
                planes.iter_mut().for_each(|plane| plane.truncate(kept));
                return Ok(Some(start));
            }
            if self.current + 1 == self.links.len() {
                return Ok(None);
            }
            self.enter(self.current + 1)?;
        }
    }

    fn seek(&mut self, frame: u64) -> Result<(), Fault> {
        let link = self.links.partition_point(|link| link.first <= frame).max(1) - 1;
        if link != self.current {
            self.enter(link)?;
        }
        self.source.seek(frame - self.links[link].first + self.links[link].skip)
    }
}

/// Opens an Ogg file.
pub(super) fn open(whole: &Place, strict: bool) -> Result<Opened, Fault> {
    let mut pages = Pages::new(Window::open(whole)?);
    let walked = pages.walk(strict)?;
    let note = trailing::note(&mut pages.file, walked.end, pages.length)?.filter(|_| !walked.cut);
    let place = |n: usize, &start: &u64| {
        let end = walked.links.get(n + 1).copied().unwrap_or(walked.end);
        whole.part(start, end)
    };
    let mut places = walked.links.iter().enumerate().map(|(n, start)| place(n, start));
    let Some(first) = places.next() else { return Err(Fault::Ended) };
    let mut opened = coded::open_ogg(first.clone())?;
    opened.notes.extend(note);
    let mut links = vec![Link { place: first, first: 0, skip: 0 }];
    for place in places {
        let Some(first) = opened.frames else {
            return Err(Fault::Damaged(format!("part {} of the chain has no end mark", links.len())));
        };
        let (frames, skip) = continued(&opened, first, &links[0].place, place.clone())?;
        opened.frames = frames.map(|frames| first.saturating_add(frames));
        links.push(Link { place, first: first.saturating_add(opened.skip), skip });
    }
    if links.len() > 1 {
        opened.source = Box::new(Chain { links, current: 0, source: opened.source });
    }
    Ok(opened)
}

/// Length and start-up of the link at `place`, which begins at frame `first` of the whole, if it can go on there.
fn continued(whole: &Opened, first: u64, before: &Place, place: Place) -> Result<(Option<u64>, u64), Fault> {
    let at = frames_after(first, whole.sample_rate);
    let [kind, other] = [coding(before)?, coding(&place)?];
    if kind != other {
        let what = format!("an Ogg file that changes from {kind} to {other} at {at:.3} s");
        return Err(Fault::Unsupported(what));
    }
    let link = coded::open_ogg(place).map_err(|fault| match fault {
        Fault::Unsupported(what) => Fault::Unsupported(format!("{what}, in the part from {at:.3} s on")),
        Fault::Damaged(reason) => Fault::DamagedAt { at, reason },
        Fault::Ended => Fault::Truncated { at, stated_seconds: None },
        fault => fault,
    })?;
    if (link.sample_rate, link.channels) == (whole.sample_rate, whole.channels) {
        return Ok((link.frames, link.skip));
    }
    let [before, after] =
        [whole, &link].map(|part| format!("{} Hz in {} channels", part.sample_rate, part.channels));
    Err(Fault::Unsupported(format!("an Ogg file that changes from {before} to {after} at {at:.3} s")))
}

/// What is coded in the link at a place, by its first packet.
fn coding(place: &Place) -> Result<&'static str, Fault> {
    const CODINGS: [(&[u8], &str); 4] =
        [(b"\x01vorbis", "Vorbis"), (b"OpusHead", "Opus"), (b"\x7fFLAC", "FLAC"), (b"Speex   ", "Speex")];
    let mut head = Vec::new();
    Window::open(place)?.take(64).read_to_end(&mut head)?;
    let packet = head.get(28..).unwrap_or_default();
    let found = CODINGS.iter().find(|(letters, _)| packet.starts_with(letters));
    Ok(found.map_or("something else", |(_, name)| name))
}

/// What walking the pages shows.
#[derive(Default)]
struct Walked {
    /// Where the links begin.
    links: Vec<u64>,
    /// Where the last whole page ends.
    end: u64,
    /// A page follows that is not whole.
    cut: bool,
}

/// The head of a page.
struct Page {
    start: u64,
    end: u64,
    /// It begins a stream.
    first: bool,
    /// It ends a stream.
    last: bool,
}

/// Walks the pages of a file.
struct Pages {
    file: BufReader<Window>,
    /// Place of the file's next byte.
    place: u64,
    /// Where the next page is searched.
    at: u64,
    length: u64,
}

impl Pages {
    fn new(file: Window) -> Self {
        let length = file.length();
        Self { file: BufReader::with_capacity(1 << 15, file), place: 0, at: 0, length }
    }

    fn walk(&mut self, strict: bool) -> Result<Walked, Fault> {
        let mut walked = Walked::default();
        let (mut first, mut last) = (false, false);
        while let Some(page) = self.next()? {
            walked.cut = page.end > self.length;
            if walked.cut {
                continue;
            }
            // The first pages of streams that run side by side stand together.
            if page.first && !first {
                walked.links.push(page.start);
            }
            if walked.links.len() > MOST_LINKS {
                return Err(Fault::Unsupported(format!("a chain of more than {MOST_LINKS} Ogg files")));
            }
            (first, last) = (page.first, page.last);
            walked.end = page.end;
        }
        if strict && walked.cut && last {
            return Err(Fault::Damaged("it ends within a page behind its end mark".to_string()));
        }
        Ok(walked)
    }

    /// The next page. Where another does not follow it at once, its length is not to be trusted, and the one
    /// after it is searched from its beginning on.
    fn next(&mut self) -> Result<Option<Page>, Fault> {
        let Some(start) = self.find()? else { return Ok(None) };
        self.at = start + 4;
        let mut page = Page { start, end: u64::MAX, first: false, last: false };
        let (mut head, mut segments) = ([0; 23], [0; 255]);
        if self.read(start + 4, &mut head)? {
            let segments = &mut segments[..usize::from(head[22])];
            if self.read(start + 27, segments)? {
                let bytes: u64 = segments.iter().map(|&bytes| u64::from(bytes)).sum();
                page.end = start + 27 + segments.len() as u64 + bytes;
                (page.first, page.last) = (head[1] & 2 != 0, head[1] & 4 != 0);
                let mut letters = [0; 4];
                if page.end == self.length || (self.read(page.end, &mut letters)? && &letters == b"OggS") {
                    self.at = page.end;
                }
            }
        }
        Ok(Some(page))
    }

    /// Where the next four letters stand that begin a page.
    fn find(&mut self) -> Result<Option<u64>, Fault> {
        let mut letters = [0; 4];
        if !self.read(self.at, &mut letters)? {
            return Ok(None);
        }
        while &letters != b"OggS" {
            letters.rotate_left(1);
            if !self.read(self.at + 4, &mut letters[3..])? {
                return Ok(None);
            }
            self.at += 1;
        }
        Ok(Some(self.at))
    }

    /// Reads the bytes at `place`, if the file has them all.
    fn read(&mut self, place: u64, bytes: &mut [u8]) -> Result<bool, Fault> {
        let end = place + bytes.len() as u64;
        if end > self.length {
            return Ok(false);
        }
        // A relative move keeps what is buffered.
        self.file.seek_relative(place as i64 - self.place as i64)?;
        self.place = place;
        self.file.read_exact(bytes)?;
        self.place = end;
        Ok(true)
    }
}
