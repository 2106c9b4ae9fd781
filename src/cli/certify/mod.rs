//! `passerelle certify`: leads a vendor's software through the published cases of a sandbox. The gateway judges and signs; this
//! command passes on what the software is told and what it reports.

mod driver;
mod progress;
mod sandbox;

use std::path::PathBuf;
use std::process::ExitCode;

use reqwest::Url;
use serde_json::{Value, json};

use self::driver::Driver;
use self::progress::Progress;
use self::sandbox::CertificationClient;
use super::{CliError, CliLanguage, print_line};
use crate::words::Language;

/// Try your software in the published cases of a profile, in a world that is made for it, and earn a certificate. Each step is given to
/// the driver as a line of JSON, and its report is read as a line of JSON; without a driver, steps are printed and their outcome is
/// asked for.
///
/// Exit status: 0 every case was passed, 1 one was not, 2 the cases could not be played.
#[derive(Debug, clap::Args)]
pub(super) struct Certify {
    /// The sandbox.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    api: Url,
    /// A world that you have, by the answer that made it (`world.json`), in place of one that is made for the run: it is reset.
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// What is to be certified: attendance, medical, staff, reports, webhooks or all.
    #[arg(long)]
    profile: String,
    /// The name of the software.
    #[arg(long, value_name = "NAME")]
    product: String,
    /// Its version.
    #[arg(long, value_name = "VERSION")]
    product_version: String,
    /// Who makes it.
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,
    /// Play this case alone, or these: the option may be repeated. Some cases earn no certificate.
    #[arg(long = "case", value_name = "ID")]
    cases: Vec<String>,
    /// A command that is given a step on each line and answers with a line, or an address that is given them by POST.
    #[arg(long, value_name = "COMMAND|URL")]
    driver: Option<String>,
    /// The seconds that a step may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    /// Write what came of the cases as JUnit.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write what came of them as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the certificate as a page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the signed certificate.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The language of the texts.
    #[arg(long, value_enum, default_value = "en")]
    lang: CliLanguage,
}

impl Certify {
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let language = Language::from(self.lang);
        let mut driver = Driver::new(self.driver.as_deref(), self.timeout, language)?;
        let client = match &self.world {
            Some(file) => CertificationClient::in_world(&self.api, file)?,
            None => CertificationClient::with_a_new_world(&self.api).await?,
        };
        let played = self.play(&client, &mut driver, language).await;
        driver.close().await;
        let run = match played {
            Ok(run) => run,
            Err(error) => {
                client.discard().await;
                return Err(error);
            }
        };
        self.write_results(&client, &run).await?;
        if run["state"] == "passed" {
            client.discard().await;
            return Ok(ExitCode::SUCCESS);
        }
        client.keep();
        Ok(ExitCode::from(1))
    }

    /// Plays the cases; the run at its end.
    async fn play(
        &self,
        client: &CertificationClient,
        driver: &mut Driver,
        language: Language,
    ) -> Result<Value, CliError> {
        let mut progress = Progress::new(language);
        let mut run = client.begin(&self.request()).await?;
        while let Some(step) = run.get("next").filter(|next| next.is_object()).cloned() {
            progress.show(&run);
            let report = driver.carry_out(&step).await?;
            run = client.report(&report).await?;
        }
        progress.show(&run);
        Ok(run)
    }

    fn request(&self) -> Value {
        let mut request = json!({ "profile": self.profile, "product": self.product, "version": self.product_version });
        if let Some(vendor) = &self.vendor {
            request["vendor"] = json!(vendor);
        }
        if !self.cases.is_empty() {
            request["cases"] = json!(self.cases);
        }
        request
    }

    async fn write_results(&self, client: &CertificationClient, run: &Value) -> Result<(), CliError> {
        let write = |file: &PathBuf, text: &str| {
            std::fs::write(file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))
        };
        if let Some(file) = &self.json {
            write(file, &serde_json::to_string_pretty(run)?)?;
        }
        if let Some(file) = &self.junit {
            write(file, &client.junit().await?)?;
        }
        let Some(address) = run["certificate"].as_str() else { return Ok(()) };
        print_line(&format!("certificate: {address}/page"));
        if let Some(file) = &self.html {
            write(file, &client.text(&format!("{address}/page")).await?)?;
        }
        if let Some(file) = &self.certificate {
            let signed: Value = serde_json::from_str(&client.text(address).await?)?;
            write(file, signed["jws"].as_str().unwrap_or_default())?;
        }
        Ok(())
    }
}
