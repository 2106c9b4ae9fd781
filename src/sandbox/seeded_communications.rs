//! The communications of a sandbox: tables of invented rates, each as a PDF.

use jiff::civil::Date;
use serde::Deserialize;

use crate::app::App;
use crate::app::communications::{self, CommunicationError};
use crate::app::files::SentFile;
use crate::domain::actor::Actor;
use crate::domain::communication::{Audience, CommunicationType, NewCommunication, Sector, StaffStatus};
use crate::domain::period::Quarter;
use crate::ids::CommunicationId;
use crate::pdf::{self, Block};

const COMMUNICATIONS: &str = include_str!("../../sandbox/communications.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeedCommunication {
    id: CommunicationId,
    date: Date,
    title: String,
    quarter: Quarter,
    sector: Sector,
    staff_status: StaffStatus,
    file_name: String,
    notice: String,
    rates: Vec<Vec<String>>,
}

impl SeedCommunication {
    /// Its file.
    fn file(&self) -> SentFile {
        let blocks = [
            Block::Heading(1, self.title.clone()),
            Block::Paragraph(self.notice.clone()),
            Block::Table(self.rates.clone()),
        ];
        let bytes = pdf::write(&self.title, "fr", &blocks).expect("the embedded text can be written");
        SentFile { name: self.file_name.clone(), bytes }
    }

    fn content(&self) -> NewCommunication {
        NewCommunication {
            date: self.date,
            title: self.title.clone(),
            communication_type: CommunicationType::RateTable,
            quarter: Some(self.quarter),
            sector: Some(self.sector),
            staff_status: Some(self.staff_status),
            audience: Audience::All,
            organisers: Vec::new(),
        }
    }
}

/// Publishes the communications to all organisers; one that is there is left as it is.
pub async fn publish(app: &App) -> Result<(), CommunicationError> {
    let seeds: Vec<SeedCommunication> =
        serde_json::from_str(COMMUNICATIONS).expect("the embedded communications are well-formed");
    for seed in seeds {
        communications::seed(app, &Actor::system("sandbox"), (seed.id, seed.content()), seed.file()).await?;
    }
    Ok(())
}
