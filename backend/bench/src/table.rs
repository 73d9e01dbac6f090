//! What is shown: tables on stdout, progress on stderr.

use std::fmt;
use std::time::Instant;

/// A Markdown table that reads well as plain text. The first column is text, the others are numbers.
pub struct Table {
    title: String,
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    pub fn new(title: impl Into<String>, header: &[&'static str]) -> Self {
        Self { title: title.into(), header: header.to_vec(), rows: Vec::new(), notes: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.header.len());
        self.rows.push(cells);
    }

    /// A sentence below the table.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([self.header[column].chars().count()]).max().unwrap_or_default()
        };
        (0..self.header.len()).map(width).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let line = |cells: Vec<&str>| {
            let padded: Vec<String> = cells
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(i, (cell, width))| if i == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") })
                .collect();
            format!("| {} |", padded.join(" | "))
        };
        let rule: Vec<String> = widths
            .iter()
            .enumerate()
            .map(|(i, width)| if i == 0 { "-".repeat(*width) } else { format!("{}:", "-".repeat(*width - 1)) })
            .collect();
        writeln!(f, "## {}\n", self.title)?;
        writeln!(f, "{}", line(self.header.clone()))?;
        writeln!(f, "{}", line(rule.iter().map(String::as_str).collect()))?;
        for row in &self.rows {
            writeln!(f, "{}", line(row.iter().map(String::as_str).collect()))?;
        }
        for note in &self.notes {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}

/// Says on stderr how far it is, so that it never looks hung.
pub struct Progress(Instant);

impl Progress {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn say(&self, text: &str) {
        eprintln!("{:>6.1} s  {text}", self.0.elapsed().as_secs_f64());
    }
}

/// The middle value, or the mean of the two in the middle; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.len() / 2, values.len() % 2) {
        (0, 0) => 0.0,
        (middle, 0) => (values[middle - 1] + values[middle]) / 2.0,
        (middle, _) => values[middle],
    }
}

/// The value that so large a part of them, which are ascending, does not exceed (nearest rank); 0 of none.
pub fn quantile(ascending: &[f64], part: f64) -> f64 {
    let rank = (ascending.len() as f64 * part).ceil() as usize;
    ascending.get(rank.max(1) - 1).copied().unwrap_or_default()
}

/// The median of a sample per round.
pub fn median_of<T>(rounds: &[T], sample: impl Fn(&T) -> f64) -> f64 {
    median(rounds.iter().map(sample).collect())
}

/// A whole number with its thousands set apart.
pub fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub fn millis(seconds: f64) -> String {
    format!("{:.1}", seconds * 1000.0)
}

/// How many times one is the other; small ones with two decimals.
pub fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { whole(ratio) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(vec![]), 0.0);
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!((quantile(&values, 0.5), quantile(&values, 0.95), quantile(&values, 1.0)), (50.0, 95.0, 100.0));
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::new("T", &["what", "n"]);
        table.row(vec!["a".into(), whole(1234567.0)]);
        assert_eq!(table.to_string(), "## T\n\n| what |         n |\n| ---- | --------: |\n| a    | 1,234,567 |\n");
    }
}
