//! `passerelle admin import`.

use serde_json::{Value, json};

use super::context::AdminContext;
use super::listing::Listing;
use super::report::CommandReport;
use crate::app::registry::{self, ImportOutcome, ImportedCreche, ImportedOrganiser, RegistryImportOptions};
use crate::cli::CliError;

/// The help text: the form of the file.
pub(super) const IMPORT: &str = r#"Bring in organisers, their crèches and first administrators from one file: all of it, or nothing when there is an error in it.

An organiser is recognised by its enterprise number, a crèche by its ONE number. What is not there is added; what is
there and differs is changed; what the file leaves out stays as it is. The same file a second time changes nothing.
Administrators who are not known yet are let in, if --certified-consent says that they agree; people who are known stay
what they are.

The file is a table (CSV) or JSON, in UTF-8.

A table has the headings enterpriseNumber and legalName, and as many of these as it needs, in any order:
  of a crèche         oneNumber, name, subsidised, authorisedFrom, authorisedUntil
  of its places       placesFrom, places
  of an administrator givenName, familyName, email, ssin
Columns are parted by semicolons, commas or tabs; dates are written 2024-09-01 or 01/09/2024, subsidised as yes or no
(oui, non, ja, nee). Lines on the same organiser or crèche add up, one for each number of places and each
administrator; what a line repeats must be the same, and what it leaves empty another one says:

    enterpriseNumber;legalName;oneNumber;name;subsidised;authorisedFrom;placesFrom;places
    0566.988.259;ASBL Les Lucioles;73/1;Le Nid;oui;01/09/2020;01/09/2020;14
    0566.988.259;;73/1;;;;01/01/2026;18

JSON is described by schemas/registry.schema.json:

    {"organisers": [{"legalName": "ASBL Les Lucioles", "enterpriseNumber": "0566988259", "creches": [
      {"name": "Le Nid", "oneNumber": "73/1", "subsidised": true, "authorisedFrom": "2020-09-01",
       "capacity": [{"from": "2020-09-01", "places": 14}, {"from": "2026-01-01", "places": 18}]}]}]}"#;

/// The file, and the consent of the people in it.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    listing: Listing,
    /// You certify that the administrators whom the file names agree that these data are used to give access.
    #[arg(long)]
    certified_consent: bool,
}

pub(super) async fn import(
    admin: &AdminContext,
    ImportArgs { listing, certified_consent }: ImportArgs,
) -> Result<CommandReport, CliError> {
    let options = RegistryImportOptions { dry_run: listing.dry_run, certified_consent };
    let outcome = registry::import(admin.act(), &listing.read()?, options).await?;
    let items: Vec<_> =
        outcome.organisers.iter().map(|organiser_result| organiser(organiser_result, listing.dry_run)).collect();
    let lines = outcome.organisers.iter().flat_map(sentences).collect();
    Ok(listing.report(&outcome.findings, "organisers", &items, lines))
}

/// An organiser, as JSON output. One that is not stored yet has no id.
fn organiser(imported: &ImportedOrganiser, dry_run: bool) -> Value {
    let is_stored = |outcome: &ImportOutcome| !dry_run || *outcome != ImportOutcome::Added;
    let creche = |creche: &ImportedCreche| {
        json!({
            "id": is_stored(&creche.fate).then_some(creche.id),
            "oneNumber": creche.one_number,
            "outcome": outcome(&creche.fate),
            "changed": changed(&creche.fate),
        })
    };
    json!({
        "id": is_stored(&imported.fate).then_some(imported.id),
        "enterpriseNumber": imported.enterprise_number,
        "outcome": outcome(&imported.fate),
        "changed": changed(&imported.fate),
        "creches": imported.creches.iter().map(creche).collect::<Vec<_>>(),
        "administratorsAdded": imported.administrators,
    })
}

fn sentences(imported: &ImportedOrganiser) -> Vec<String> {
    let ImportedOrganiser { enterprise_number, legal_name, fate, creches, administrators, .. } = imported;
    let more = if *administrators > 0 { format!(", {administrators} administrator(s) added") } else { String::new() };
    let organiser = format!("  organiser {enterprise_number} ({legal_name}): {}{more}", words(fate));
    let creche = |creche: &ImportedCreche| {
        format!("    crèche {} ({}): {}", creche.one_number, creche.name, words(&creche.fate))
    };
    std::iter::once(organiser).chain(creches.iter().map(creche)).collect()
}

fn words(fate: &ImportOutcome) -> String {
    match changed(fate) {
        [] => outcome(fate).to_owned(),
        changed => format!("{} ({})", outcome(fate), changed.join(", ")),
    }
}

const fn outcome(fate: &ImportOutcome) -> &'static str {
    match fate {
        ImportOutcome::Added => "added",
        ImportOutcome::Changed(_) => "changed",
        ImportOutcome::Unchanged => "unchanged",
    }
}

fn changed(fate: &ImportOutcome) -> &[&'static str] {
    match fate {
        ImportOutcome::Changed(properties) => properties,
        ImportOutcome::Added | ImportOutcome::Unchanged => &[],
    }
}
