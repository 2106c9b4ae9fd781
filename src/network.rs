//! Ranges of addresses, as configuration names them.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv6Net};

/// A range of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address. IPv4 is mapped into IPv6, so that both spellings
/// are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(Ipv6Net);

/// Not an address or a range of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address or a range such as 10.0.0.0/8")]
pub struct NetworkError;

/// The bits that stand before an IPv4 address mapped into IPv6.
const MAPPED: u8 = 96;

impl Network {
    /// Whether `address` lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&mapped(address))
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let range = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| NetworkError)?;
        let length = range.prefix_len() + if range.addr().is_ipv4() { MAPPED } else { 0 };
        Ipv6Net::new(mapped(range.network()), length).map(Self).map_err(|_| NetworkError)
    }
}

/// The address as IPv6 writes it.
fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}
