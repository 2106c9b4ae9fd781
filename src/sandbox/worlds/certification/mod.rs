//! Certification: software is tried in published cases, in a world. The gateway prepares each step, tells the software what to
//! do, and judges by what it observed. Who has passed every case of a profile gets a signed certificate.

pub mod catalogue;
mod certificate;
mod certificate_id;
mod certifications;
mod content;
mod difference;
pub mod failure;
mod instruction;
mod issued;
mod judge;
mod judge_events;
mod judge_signature;
mod junit;
mod page;
mod prepare;
pub mod report;
pub mod request;
mod run;
mod run_view;
mod seen;
mod stage;

pub(super) use self::certificate::Issuer;
pub(crate) use self::certificate_id::CertificateId;
pub(super) use self::certifications::{CertificationError, Certifications};
pub(crate) use self::issued::{Approval, IssuedCertificate, IssuedCertificates};
pub(super) use self::request::read as read_request;
pub(super) use self::{catalogue::published_cases, junit::junit, page::pages, report::read as read_report};
