//! Charts: lines as SVG that stretches, words as text that does not.

use std::fmt::Write as _;
use std::string::{String, ToString as _};
use std::vec::Vec;
use std::{format, vec};

use super::page::{Page, escape};

/// Width and height of the drawing, in its own units.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 300.0;
/// Points of a line at most; of more, the lowest and the highest of each stretch are kept.
const MOST_POINTS: usize = 1200;

pub(super) struct Line {
    name: String,
    class: &'static str,
    points: Vec<(f64, f64)>,
    filled: bool,
}

impl Line {
    pub(super) fn new(name: &str, class: &'static str, points: &[(f64, f64)]) -> Self {
        Self { name: name.to_string(), class, points: thin(points), filled: false }
    }

    pub(super) fn filled(mut self) -> Self {
        self.filled = true;
        self
    }
}

fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= MOST_POINTS {
        return points.to_vec();
    }
    let stretch = points.len().div_ceil(MOST_POINTS / 2);
    let ends = |part: &[(f64, f64)]| {
        let finite = || part.iter().enumerate().filter(|(_, point)| point.1.is_finite());
        let low = finite().min_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let high = finite().max_by(|a, b| a.1.1.total_cmp(&b.1.1));
        match (low, high) {
            (Some(low), Some(high)) if low.0 < high.0 => vec![*low.1, *high.1],
            (Some(low), Some(high)) => vec![*high.1, *low.1],
            _ => vec![part[0]],
        }
    };
    points.chunks(stretch).flat_map(ends).collect()
}

pub(super) struct Chart {
    title: String,
    note: String,
    x: (f64, f64),
    y: (f64, f64),
    step: f64,
    unit: &'static str,
    logarithmic: bool,
    tall: bool,
    ticks: Vec<(f64, String)>,
    mark: Option<f64>,
    lines: Vec<Line>,
}

impl Chart {
    pub(super) fn new(
        title: &str,
        note: &str,
        x: (f64, f64),
        y: (f64, f64),
        step: f64,
        unit: &'static str,
    ) -> Self {
        let (title, note) = (title.to_string(), note.to_string());
        let (logarithmic, tall, mark) = (false, false, None);
        Self { title, note, x, y, step, unit, logarithmic, tall, ticks: Vec::new(), mark, lines: Vec::new() }
    }

    pub(super) fn over_time(mut self) -> Self {
        let steps = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0];
        let step = steps.into_iter().find(|step| self.x.1 / step <= 6.0).unwrap_or(3600.0);
        let count = (self.x.1 / step) as usize;
        let clock = |seconds: f64| format!("{}:{:02}", seconds as u64 / 60, seconds as u64 % 60);
        self.ticks = (0..=count).map(|at| (at as f64 * step, clock(at as f64 * step))).collect();
        self
    }

    pub(super) fn over_frequency(mut self) -> Self {
        self.logarithmic = true;
        let ticks = [(50.0, "50"), (200.0, "200"), (1000.0, "1 k"), (5000.0, "5 k"), (15_000.0, "15 k")];
        self.ticks = ticks.into_iter().map(|(hz, text)| (hz, text.to_string())).collect();
        self
    }

    pub(super) fn tall(&mut self) {
        self.tall = true;
    }

    /// A dashed line at this value.
    pub(super) fn mark(&mut self, value: f64) {
        self.mark = Some(value);
    }

    pub(super) fn line(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Place of a value, as a share from the left.
    fn across(&self, x: f64) -> f64 {
        let (from, to) = self.x;
        if self.logarithmic { (x / from).ln() / (to / from).ln() } else { (x - from) / (to - from) }
    }

    /// Place of a value, as a share from the top.
    fn down(&self, y: f64) -> f64 {
        ((self.y.1 - y) / (self.y.1 - self.y.0)).clamp(-0.1, 1.1)
    }

    fn path(&self, line: &Line) -> String {
        let mut path = String::new();
        let mut pen = false;
        for (x, y) in &line.points {
            if !y.is_finite() {
                pen = *y == f64::NEG_INFINITY && pen;
                continue;
            }
            let command = if pen { 'L' } else { 'M' };
            // Writing to a string does not fail.
            let _ = write!(path, "{command}{:.1} {:.1}", self.across(*x) * WIDTH, self.down(*y) * HEIGHT);
            pen = true;
        }
        if let (true, Some(first), Some(last)) = (line.filled, line.points.first(), line.points.last()) {
            let _ =
                write!(path, "L{:.1} 0L{:.1} 0Z", self.across(last.0) * WIDTH, self.across(first.0) * WIDTH);
        }
        path
    }

    pub(super) fn write(&self, out: &mut Page) {
        writeln!(
            out,
            "<section class=\"chart\"><h2>{}</h2><p class=\"note\">{}</p>",
            escape(&self.title),
            escape(&self.note)
        );
        let mut classes: Vec<(&str, &str)> = Vec::new();
        for line in &self.lines {
            let name = if line.class == "stem" { "stems" } else { line.name.as_str() };
            if !classes.iter().any(|(class, _)| *class == line.class) {
                classes.push((line.class, name));
            }
        }
        out.push_str("<p class=\"legend\">");
        for (class, name) in classes {
            write!(out, "<span class=\"{class}\">{}</span>", escape(name));
        }
        write!(out, "<span class=\"unit\">{}</span>", self.unit);
        let tall = if self.tall { " tall" } else { "" };
        write!(
            out,
            "</p>\n<div class=\"plot{tall}\"><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\n"
        );
        let count = ((self.y.1 - self.y.0) / self.step).round() as usize;
        for at in 0..=count {
            let y = at as f64 / count as f64 * HEIGHT;
            write!(out, "<path class=\"grid\" d=\"M0 {y:.1}H{WIDTH}\"/>");
        }
        for (x, _) in &self.ticks {
            write!(out, "<path class=\"grid\" d=\"M{:.1} 0V{HEIGHT}\"/>", self.across(*x) * WIDTH);
        }
        if let Some(mark) = self.mark {
            write!(out, "<path class=\"mark\" d=\"M0 {:.1}H{WIDTH}\"/>", self.down(mark) * HEIGHT);
        }
        for line in &self.lines {
            let filled = if line.filled { " filled" } else { "" };
            writeln!(
                out,
                "<path class=\"{}{filled}\" d=\"{}\"><title>{}</title></path>",
                line.class,
                self.path(line),
                escape(&line.name)
            );
        }
        out.push_str("</svg>\n");
        for at in 0..=count {
            let value = self.y.1 - at as f64 * self.step;
            let share = at as f64 / count as f64 * 100.0;
            write!(out, "<b class=\"y\" style=\"top:{share:.2}%\">{value}</b>");
        }
        for (x, text) in &self.ticks {
            let share = self.across(*x) * 100.0;
            if (0.0..=97.0).contains(&share) {
                write!(out, "<b class=\"x\" style=\"left:{share:.2}%\">{text}</b>");
            }
        }
        out.push_str("</div></section>\n");
    }
}
