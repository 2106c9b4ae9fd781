//! The paths of the parts of the console in the navigation of every page.

/// The organisers, for agents of the agency.
pub(super) const AGENCY_ORGANISERS: &str = "/console/agency/organisers";
/// The doctors to be validated, for agents.
pub(super) const AGENCY_DOCTORS: &str = "/console/agency/doctors";
/// The signed claims, for agents.
pub(super) const AGENCY_CLAIMS: &str = "/console/agency/claims";
/// The webhook endpoints of an organiser.
pub(super) const WEBHOOKS: &str = "/console/webhooks";
/// The activity reports.
pub(super) const REPORTS: &str = "/console/reports";
/// What was paid to an organiser.
pub(super) const SUBSIDIES: &str = "/console/subsidies";
/// The payments of subsidies, for agents.
pub(super) const AGENCY_PAYMENTS: &str = "/console/agency/payments";
/// The import of payments of a file, for agents.
pub(super) const AGENCY_PAYMENT_IMPORT: &str = "/console/agency/payments/import";
/// The communications of the agency, for an organiser.
pub(super) const COMMUNICATIONS: &str = "/console/communications";
/// The communications that agents prepare, publish and withdraw.
pub(super) const AGENCY_COMMUNICATIONS: &str = "/console/agency/communications";
