//! How generated Python is laid out: lines of at most 120 characters, what is longer broken inside its brackets or
//! between its words.

/// Most characters of a line.
const WIDTH: usize = 120;

/// Lines of Python.
pub(crate) struct Lines(pub(crate) String);

impl Lines {
    pub(crate) fn empty(&mut self) {
        self.0.push('\n');
    }

    /// A line, indented `depth` times.
    pub(crate) fn add(&mut self, depth: usize, line: &str) {
        self.0 += &"    ".repeat(depth);
        self.0 += line;
        self.0.push('\n');
    }

    /// Text, in as many lines as it needs.
    pub(crate) fn wrapped(&mut self, depth: usize, text: &str) {
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && 4 * depth + line.len() + 1 + word.len() > WIDTH {
                self.add(depth, &line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        self.add(depth, &line);
    }

    /// What stands in brackets: in one line, or on a line of its own, or each on a line.
    pub(crate) fn bracketed(&mut self, depth: usize, head: &str, items: &[String], tail: &str) {
        let inner = items.join(", ");
        let is_long = |length: usize| 4 * depth + length > WIDTH;
        if !is_long(head.len() + inner.len() + tail.len()) {
            return self.add(depth, &format!("{head}{inner}{tail}"));
        }
        self.add(depth, head);
        if !is_long(4 + inner.len()) {
            self.add(depth + 1, &inner);
        } else {
            items.iter().for_each(|item| self.item(depth + 1, &format!("{item},")));
        }
        self.add(depth, tail);
    }

    /// One of what stands in brackets. A text that is too long for its line becomes several, which Python joins.
    fn item(&mut self, depth: usize, item: &str) {
        let room = WIDTH - 4 * depth;
        let mut rest = item.to_string();
        while rest.len() > room && rest.contains('"') {
            let spaces = rest.match_indices(' ').map(|(at, _)| at);
            let Some(space) = spaces.take_while(|at| at + 2 <= room).last() else { break };
            self.add(depth, &format!("{} \"", &rest[..space]));
            rest = format!("\"{}", &rest[space + 1..]);
        }
        self.add(depth, &rest);
    }
}

/// A text as Python writes it.
pub(crate) fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
