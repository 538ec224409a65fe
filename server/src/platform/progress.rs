//! How far a long command is, on standard error: a bar that moves on a terminal, and a line now and then elsewhere.

use std::{
    io::{IsTerminal, Write, stderr},
    time::{Duration, Instant},
};

/// How often a terminal is drawn anew.
const MOVES: Duration = Duration::from_millis(200);
/// How often a line is written elsewhere.
const LINES: Duration = Duration::from_secs(10);
/// How many signs the bar has.
const WIDTH: u64 = 30;

/// A bar, or its lines.
pub struct Progress {
    what: &'static str,
    done: u64,
    all: u64,
    terminal: bool,
    told: Option<Instant>,
}

impl Progress {
    /// Begins with some of the rows done already.
    pub fn new(what: &'static str, done: u64, all: u64) -> Self {
        let mut new = Self { what, done, all, terminal: stderr().is_terminal(), told: None };
        new.tell();
        new
    }

    /// Some more rows are done.
    pub fn add(&mut self, rows: u64) {
        self.done += rows;
        let pause = if self.terminal { MOVES } else { LINES };
        // The last one is for the end.
        if self.done < self.all && self.told.is_none_or(|told| told.elapsed() >= pause) {
            self.tell();
        }
    }

    /// All that there was to do is done.
    pub fn end(mut self) {
        self.tell();
        if self.terminal {
            eprintln!();
        }
    }

    fn tell(&mut self) {
        self.told = Some(Instant::now());
        let line = line(self.what, self.done, self.all);
        if self.terminal {
            eprint!("\r{} {line}\u{1b}[K", bar(self.done, self.all));
            // A terminal that takes no more is no reason to stop.
            let _ = stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
}

fn line(what: &str, done: u64, all: u64) -> String {
    format!("{what}: {} of {} rows", grouped(done), grouped(all))
}

fn bar(done: u64, all: u64) -> String {
    let full = (done * WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
    let signs: String = (0..WIDTH).map(|at| if at < full { '#' } else { '.' }).collect();
    format!("[{signs}]")
}

/// A number in groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_how_many_rows_of_how_many() {
        assert_eq!(line("Copying", 0, 7), "Copying: 0 of 7 rows");
        assert_eq!(line("Copying", 1_234, 12_345_678), "Copying: 1,234 of 12,345,678 rows");
        assert_eq!(bar(0, 10), format!("[{}]", ".".repeat(30)));
        assert_eq!(bar(5, 10), format!("[{}{}]", "#".repeat(15), ".".repeat(15)));
        // Rows may come while they are counted, and there may be none.
        for (done, all) in [(11, 10), (0, 0)] {
            assert_eq!(bar(done, all), format!("[{}]", "#".repeat(30)));
        }
    }
}
