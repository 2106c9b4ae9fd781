//! The output of the tour on a terminal.

use std::io::{IsTerminal as _, Result, Write as _};

use serde_json::Value;

use super::client::Exchange;

/// Standard output, coloured on a terminal.
pub(super) struct Screen {
    coloured: bool,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { coloured: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    fn coloured(&self, colour: &str, text: &str) -> String {
        if self.coloured { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// One line, printed at once.
    #[expect(clippy::unused_self, reason = "all that is shown goes through the screen")]
    pub(super) fn line(&self, text: &str) -> Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{text}")?;
        out.flush()
    }

    pub(super) fn title(&self, text: &str) -> Result<()> {
        self.line(&format!("\n{}", self.coloured("1;36", text)))
    }

    pub(super) fn note(&self, text: &str) -> Result<()> {
        self.line(&format!("  {text}"))
    }

    pub(super) fn step(&self, number: usize, title: &str) -> Result<()> {
        self.line(&format!("\n{} {}", self.coloured("1;33", &format!("{number}.")), self.coloured("1", title)))
    }

    /// Request and response, on two lines.
    pub(super) fn exchange(&self, exchange: &Exchange) -> Result<()> {
        let Exchange { method, path, request_body, status, etag, .. } = exchange;
        self.line(&format!("  {} {method} {path}", self.coloured("34", "→")))?;
        if let Some(request_body) = request_body {
            self.note(&format!("  {request_body}"))?;
        }
        let good = *status < 400;
        let etag = etag.as_ref().map_or_else(String::new, |etag| format!(", ETag: {etag}"));
        self.line(&format!("  {} {status}{etag}", self.coloured(if good { "32" } else { "31" }, "←")))
    }

    /// Findings, one below the other: where, why and what to do.
    pub(super) fn findings(&self, findings: &[Value]) -> Result<()> {
        for finding in findings {
            let text = |name: &str| finding[name].as_str().unwrap_or_default();
            let place = if text("cell").is_empty() { text("name") } else { text("cell") };
            let more = finding["count"].as_u64().map_or_else(String::new, |count| format!(" and {} more", count - 1));
            let colour = if text("severity") == "error" { "31" } else { "33" };
            self.line(&format!("    {} {} at {place}{more}", self.coloured(colour, text("severity")), text("code")))?;
            self.line(&format!("      {}", text("detail")))?;
        }
        Ok(())
    }

    /// A table with a header row; the first column is left-aligned, the others are figures.
    pub(super) fn table(&self, rows: &[Vec<String>]) -> Result<()> {
        let columns = rows.first().map_or(0, Vec::len);
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (index, row) in rows.iter().enumerate() {
            let cell = |(column, text): (usize, &String)| {
                if column == 0 { format!("{text:<0$}", widths[0]) } else { format!("{text:>0$}", widths[column]) }
            };
            let line = row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ");
            self.line(&format!("    {}", if index == 0 { self.coloured("1", &line) } else { line }))?;
        }
        Ok(())
    }
}
