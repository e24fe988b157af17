//! Writes what follows from the tables of the catalogue, so that a processor is declared once:
//!
//! `cargo run -p generate` writes the files, `cargo run -p generate -- --check` fails when one is stale.
//!
//! Each output is a path and a function that gives its text; a new one is one line in [`OUTPUTS`].

mod classes;
mod header;
mod layout;
mod pages;
mod python;
mod tables;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

/// A checked-in file, by its path from the root, and what it shall contain.
type Output = (&'static str, fn() -> String);

const OUTPUTS: &[Output] = &[
    ("mixdsp-c/include/mixdsp_params.h", header::params),
    ("mixdsp-c/src/classes.rs", classes::accessors),
    ("mixdsp-py/python/mixdsp/engine/_processors.py", python::classes),
    ("docs/processors.md", pages::processors),
];

fn main() -> ExitCode {
    let check = match env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            eprintln!("generate: unknown argument {other}; there is only --check");
            return ExitCode::FAILURE;
        }
    };
    let stale = stale(root());
    if check {
        stale.iter().for_each(|(path, _)| eprintln!("{path} is stale: run cargo run -p generate"));
        return if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    for (path, text) in stale {
        let file = root().join(path);
        let written = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, text));
        if let Err(error) = written {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
        println!("wrote {path}");
    }
    ExitCode::SUCCESS
}

/// The files that do not contain what they shall, and what that is.
fn stale(root: &Path) -> Vec<(&'static str, String)> {
    let texts = OUTPUTS.iter().map(|(path, text)| (*path, text()));
    texts.filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(text)).collect()
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_checked_in_is_current() {
        let stale: Vec<_> = stale(root()).into_iter().map(|(path, _)| path).collect();
        assert!(stale.is_empty(), "{stale:?}: run cargo run -p generate");
    }

    #[test]
    fn a_missing_file_is_stale() {
        let stale = stale(Path::new("/nonexistent"));
        assert_eq!(stale.len(), OUTPUTS.len());
    }
}
