//! `passerelle admin certificate`: the public list of certified software. Names come from strangers, so each is approved.

use clap::Subcommand;
use serde_json::{Value, json};

use super::GlobalArgs;
use super::report::CommandReport;
use crate::cli::CliError;
use crate::clock::{Clock as _, System};
use crate::sandbox::worlds::certification::{Approval, CertificateId, IssuedCertificate, IssuedCertificates};

#[derive(Debug, Subcommand)]
pub(super) enum CertificateCommand {
    /// List the certificates that were issued here, the latest first.
    List,
    /// Show a certificate in the public list: its name and its vendor were looked at.
    Approve {
        /// The certificate.
        #[arg(value_name = "ID", value_parser = certificate_id)]
        id: CertificateId,
    },
    /// Take a certificate out of the public list. It stays valid.
    Withdraw {
        /// The certificate.
        #[arg(value_name = "ID", value_parser = certificate_id)]
        id: CertificateId,
    },
}

fn certificate_id(text: &str) -> Result<CertificateId, &'static str> {
    CertificateId::try_from(text.to_owned())
}

impl CertificateCommand {
    pub(super) fn run(self, args: &GlobalArgs) -> Result<CommandReport, CliError> {
        let worlds =
            args.config.load()?.worlds.directory.ok_or("worlds.directory is not set: there are no certificates")?;
        let issued = IssuedCertificates::beside(&std::path::absolute(worlds)?);
        match self {
            Self::List => list(&issued),
            Self::Approve { id } => {
                let approval = Approval { by: args.operator.clone(), at: System.now() };
                set(&issued, &id, Some(approval), "is in the public list now")
            }
            Self::Withdraw { id } => set(&issued, &id, None, "is not in the public list any more"),
        }
    }
}

fn list(issued: &IssuedCertificates) -> Result<CommandReport, CliError> {
    let item = |(id, certificate): &(CertificateId, IssuedCertificate)| {
        json!({
            "id": id,
            "product": certificate.product(),
            "profile": certificate.profile(),
            "issuedAt": certificate.issued_at(),
            "practice": certificate.is_practice(),
            "listed": certificate.is_listed(),
        })
    };
    let items: Vec<_> = issued.all()?.iter().map(item).collect();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let state = |item: &Value| match (&item["practice"], &item["listed"]) {
        (Value::Bool(true), _) => "practice",
        (_, Value::Bool(true)) => "listed",
        _ => "not listed",
    };
    Ok(CommandReport::list(
        &items,
        ["id", "product", "profile", "issued at", ""],
        |item| {
            let texts = ["id", "product", "profile", "issuedAt"].map(|name| text(item, name));
            let [id, product, profile, at] = texts;
            [id, product, profile, at, state(item).to_owned()]
        },
        "No certificate was issued here.",
    ))
}

fn set(
    issued: &IssuedCertificates,
    id: &CertificateId,
    approval: Option<Approval>,
    done: &str,
) -> Result<CommandReport, CliError> {
    let is_approved = approval.is_some();
    let found = issued.all()?.into_iter().find(|(known, _)| known == id).map(|(_, certificate)| certificate);
    let certificate =
        found.ok_or("there is no certificate with this id: `passerelle admin certificate list` has all")?;
    if is_approved && certificate.is_practice() {
        return Err(
            "a practice certificate is never listed: set worlds.issuesCertificates where the agency certifies".into()
        );
    }
    let line = format!("The certificate of {} {done}.", certificate.product());
    issued.list(id, certificate, approval)?;
    Ok(CommandReport::new(&json!({ "id": id, "listed": is_approved }), line))
}
