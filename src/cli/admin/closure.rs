//! `passerelle admin closure`.

use clap::Subcommand;
use serde_json::json;

use super::context::AdminContext;
use super::listing::Listing;
use super::report::CommandReport;
use crate::app::closures::import::{self, ClosureImportOptions, ImportedClosures};
use crate::cli::CliError;

/// All that an operator needs to write such a file.
const IMPORT: &str = r#"Bring in the closures of many crèches from one file: all of it, or nothing when there is an error in it.

Closures are added to those that a crèche has; one that it has already changes nothing. With --replace, the file
has all closures of each crèche it names, and others of that crèche are taken away.

The file is a table (CSV) or JSON, in UTF-8.

A table has the headings creche, startDate, endDate and reason, in any order; other columns are ignored. Columns
are parted by semicolons, commas or tabs. The crèche is given by its id or its ONE number, dates as 2026-12-24 or
24/12/2026, the reason as publicHoliday, strike, annualClosure or other. A single day begins and ends on it:

    creche;startDate;endDate;reason
    63/25118/01;24/12/2026;01/01/2027;annualClosure
    63/25118/01;2026-11-11;2026-11-11;publicHoliday

JSON is one object with a property for each crèche, named by its id or its ONE number, that holds what
PUT /creches/{crecheId}/closures takes:

    {"63/25118/01": {"items": [{"startDate": "2026-12-24", "endDate": "2027-01-01", "reason": "annualClosure"}]}}"#;

#[derive(Debug, Subcommand)]
pub(super) enum ClosureCommand {
    /// Bring in the closures of many crèches from one file: all of it, or nothing when there is an error in it.
    #[command(long_about = IMPORT)]
    Import {
        #[command(flatten)]
        listing: Listing,
        /// Take away closures that the file does not have, of the crèches it names.
        #[arg(long)]
        replace: bool,
    },
}

impl ClosureCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        let Self::Import { listing, replace } = self;
        let options = ClosureImportOptions { replace, dry_run: listing.dry_run };
        let outcome = import::import(admin.act(), &listing.read()?, options).await?;
        let creche = |closures: &ImportedClosures| {
            json!({ "organiserId": closures.organiser, "crecheId": closures.creche, "added": closures.added, "removed": closures.removed,
                    "total": closures.total })
        };
        let sentence = |closures: &ImportedClosures| {
            let ImportedClosures { creche, added, removed, total, .. } = closures;
            format!("  crèche {creche}: {added} added, {removed} removed, {total} in all")
        };
        let items: Vec<_> = outcome.creches.iter().map(creche).collect();
        let lines = outcome.creches.iter().map(sentence).collect();
        Ok(listing.report(&outcome.findings, "creches", &items, lines))
    }
}
