//! The certificates that were issued, each in a file beside the worlds: they outlive the world in which they were earned.

use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::certificate::{Certified, Issuer};
use super::certificate_id::CertificateId;
use crate::cli::CliError;

/// A certificate as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssuedCertificate {
    pub(super) certified: Certified,
    /// The signed text.
    pub(super) jws: String,
    /// Who approved its listing, and when; `None` where it is not listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) listed: Option<Approval>,
}

/// The approval of a listing in public.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Approval {
    /// Who approved it.
    pub(crate) by: String,
    pub(crate) at: Timestamp,
}

impl IssuedCertificate {
    /// The software and its version.
    pub(crate) fn product(&self) -> String {
        format!("{} {}", self.certified.product.name, self.certified.product.version)
    }

    /// The profile, by its code.
    pub(crate) const fn profile(&self) -> &'static str {
        self.certified.profile.code()
    }

    pub(crate) const fn issued_at(&self) -> Timestamp {
        self.certified.issued_at
    }

    /// Whether it was made for practice: such a certificate is never listed.
    pub(crate) const fn is_practice(&self) -> bool {
        self.certified.practice
    }

    /// Whether it is listed in public.
    pub(crate) const fn is_listed(&self) -> bool {
        self.listed.is_some() && !self.certified.practice
    }
}

/// The certificates of a gateway.
pub(crate) struct IssuedCertificates {
    directory: PathBuf,
}

impl IssuedCertificates {
    /// Those beside this directory of worlds.
    pub(crate) fn beside(worlds: &Path) -> Self {
        Self { directory: worlds.with_file_name("certificates") }
    }

    /// Signs what is certified and stores it.
    pub(super) async fn issue(&self, issuer: &Issuer, certified: Certified) -> Result<CertificateId, CliError> {
        let id = CertificateId::generate();
        let jws = issuer.sign(&certified).await?;
        self.write(&id, &IssuedCertificate { certified, jws, listed: None })?;
        Ok(id)
    }

    /// The certificate with this id; `None` where there is none.
    pub(super) fn find(&self, id: &CertificateId) -> std::io::Result<Option<IssuedCertificate>> {
        match std::fs::read(self.file(id)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every certificate, the latest first.
    pub(crate) fn all(&self) -> std::io::Result<Vec<(CertificateId, IssuedCertificate)>> {
        let entries = match std::fs::read_dir(&self.directory) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let Some(Ok(id)) = name.strip_suffix(".json").map(|id| CertificateId::try_from(id.to_owned())) else {
                continue;
            };
            if let Some(certificate) = self.find(&id)? {
                found.push((id, certificate));
            }
        }
        found.sort_by_key(|(_, certificate)| std::cmp::Reverse(certificate.certified.issued_at));
        Ok(found)
    }

    /// Lists a certificate in public by an approval, or without one no more.
    pub(crate) fn list(
        &self,
        id: &CertificateId,
        of: IssuedCertificate,
        listed: Option<Approval>,
    ) -> std::io::Result<()> {
        self.write(id, &IssuedCertificate { listed, ..of })
    }

    fn file(&self, id: &CertificateId) -> PathBuf {
        self.directory.join(format!("{id}.json"))
    }

    fn write(&self, id: &CertificateId, certificate: &IssuedCertificate) -> std::io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.directory)?;
        let mut new = NamedTempFile::new_in(&self.directory)?;
        new.write_all(&serde_json::to_vec(certificate)?)?;
        new.as_file().sync_all()?;
        new.persist(self.file(id))?;
        Ok(())
    }
}
