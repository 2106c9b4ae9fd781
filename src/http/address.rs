//! The client's address of a request. A header is used only when a trusted proxy wrote it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::Request;

use crate::config::TrustedHeader;
use crate::network::Network;

/// The address that a request is counted for; set on every request by the address gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// The address of a request; the unspecified one before the address gate.
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        request.extensions().get().copied().unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }

    /// The network that counts as one client: an IPv4 address, or the /64 that an IPv6 household has.
    pub(crate) fn client_network(self) -> IpAddr {
        match self.0 {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            IpAddr::V4(_) => self.0,
        }
    }
}

/// The trusted proxies, and the one header in which they give the client's address.
#[derive(Debug, Clone, Default)]
pub struct ProxyTrust {
    /// The proxies.
    pub proxies: Vec<Network>,
    /// The header.
    pub header: TrustedHeader,
}

impl ProxyTrust {
    /// The address that the request comes from: the peer's or, while that is a trusted proxy, the one before it in the
    /// header. So it is the right-most address that is no trusted proxy; addresses to its left can be forged by the client.
    pub(crate) fn client_address<B>(&self, request: &Request<B>) -> ClientAddress {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let mut address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip().to_canonical());
        let mut hops = forwarded_addresses(request, self.header);
        while self.proxies.iter().any(|network| network.contains(address)) {
            // Nothing before an unreadable hop (`unknown`, `_hidden`) can be trusted.
            let Some(Some(hop)) = hops.next() else { break };
            address = hop.to_canonical();
        }
        ClientAddress(address)
    }
}

/// The addresses in the header, the nearest first. It is split at every comma, also within quotes: a quote that the client
/// left open must not hide what a proxy appended.
fn forwarded_addresses<B>(request: &Request<B>, header: TrustedHeader) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = request.headers().get_all(header.name()).iter().rev();
    let elements = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',')).map(str::trim);
    elements.map(move |element| match header {
        TrustedHeader::XForwardedFor => node(element),
        TrustedHeader::Forwarded => forwarded_for(element),
    })
}

/// The `for` of one element of `Forwarded` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for").then(|| node(value.trim_matches('"')))?
    })
}

/// An address with or without a port, IPv6 with or without brackets.
fn node(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6))
}
