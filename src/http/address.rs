//! Whose address a request comes from. What a header says is believed only when a trusted proxy says it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::Request;

use crate::network::Network;

/// The address that the request comes from: the peer's, or, while the nearer ones are trusted proxies, the one that
/// they say they speak for.
pub(super) fn of<B>(request: &Request<B>, trusted: &[Network]) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let mut address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip().to_canonical());
    for hop in hops(request) {
        if !trusted.iter().any(|network| network.contains(address)) {
            break;
        }
        // An unreadable hop (`unknown`, `_hidden`) ends what the proxies can tell.
        let Some(hop) = hop else { break };
        address = hop.to_canonical();
    }
    address
}

/// Who the proxies say they speak for, the nearest first: `Forwarded` when there is one, else `X-Forwarded-For`.
fn hops<B>(request: &Request<B>) -> Vec<Option<IpAddr>> {
    let listed = |name: &str| -> Vec<String> {
        let values = request.headers().get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(|item| item.trim().to_owned()).collect()
    };
    let forwarded: Vec<_> = listed("forwarded").iter().map(|element| forwarded_for(element)).collect();
    let mut hops = if forwarded.is_empty() {
        listed("x-forwarded-for").iter().map(|item| node(item)).collect()
    } else {
        forwarded
    };
    hops.reverse();
    hops
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

/// What is counted as one sender: an IPv4 address, or the /64 that an IPv6 household has.
pub(super) fn sender(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        IpAddr::V4(_) => address,
    }
}
