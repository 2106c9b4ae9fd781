//! The transport of webhooks over the network, with the addresses that the configuration allows.

use url::Url;

use super::CliError;
use crate::config::Config;
use crate::domain::key::Deployment;
use crate::network::Network;
use crate::outbound::guard::AddressGuard;
use crate::outbound::transport::HttpTransport;

/// The transport with the settings of `config`.
pub(crate) fn webhook_transport(config: &Config) -> Result<HttpTransport, CliError> {
    let mut allowed = config.webhooks.allowed_networks.clone();
    if may_call_own_machine(config) {
        allowed.extend(["127.0.0.0/8".parse::<Network>()?, "::1".parse()?]);
    }
    let guard = AddressGuard::allowing(allowed).at_ports(config.webhooks.allowed_ports.clone());
    Ok(HttpTransport::new(guard)?)
}

/// Whether webhooks may be sent to this machine: in a sandbox that only this machine can reach. In one that is hosted for
/// others, they could call any service of the machine.
pub(crate) fn may_call_own_machine(config: &Config) -> bool {
    let public = config.public_base_url.as_deref().map(Url::parse);
    let known_here = public.is_none_or(|url| url.is_ok_and(|url| is_loopback(&url)));
    config.deployment == Deployment::Sandbox && config.listen.ip().is_loopback() && known_here
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
