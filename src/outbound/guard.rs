//! Which addresses given by others the gateway may call: those of the public internet, and networks that the operator has
//! allowed. Internal and reserved addresses are refused (IANA special-purpose registries).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::domain::webhook::UrlObjection;
use crate::network::Network;

/// The host has no address that may be called.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the host has no address that may be called")]
pub(super) struct ForbiddenHost;

/// The addresses that may be called.
#[derive(Debug, Clone)]
pub struct AddressGuard {
    /// Networks that may be called although they are not public, without encryption and at every port.
    allowed: Vec<Network>,
    /// The ports at which every other address may be called.
    ports: Vec<u16>,
}

/// The port of `https`.
const HTTPS: u16 = 443;

impl AddressGuard {
    /// Allows the public internet at the port of `https`, and these networks.
    pub fn allowing(allowed: Vec<Network>) -> Self {
        Self { allowed, ports: vec![HTTPS] }
    }

    /// Sets the ports at which the public internet may be called.
    pub fn at_ports(self, ports: Vec<u16>) -> Self {
        Self { ports, ..self }
    }

    /// Whether this address may be called, encrypted.
    pub fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.is_allowed(address)
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(address))
    }

    /// Whether the URL has a literal address in a network that the operator has allowed.
    pub fn is_within_allowed(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(address)) => self.is_allowed(address.into()),
            Some(Host::Ipv6(address)) => self.is_allowed(address.into()),
            Some(Host::Domain(name)) if is_local(name) => self.is_allowed(Ipv4Addr::LOCALHOST.into()),
            Some(Host::Domain(_)) | None => false,
        }
    }

    /// Why a URL may not be called, as far as its text shows; names are checked again after their resolution.
    pub fn objection(&self, url: &Url) -> Option<UrlObjection> {
        let port = url.port_or_known_default().is_some_and(|port| self.ports.contains(&port));
        let port = (!port && !self.is_within_allowed(url)).then_some(UrlObjection::Port);
        self.objection_to_host(url).or(port)
    }

    fn objection_to_host(&self, url: &Url) -> Option<UrlObjection> {
        let encrypted = url.scheme() == "https";
        let literal = |address: IpAddr| match (self.is_allowed(address), encrypted, is_public(address)) {
            (true, ..) | (_, true, true) => None,
            (_, _, false) => Some(UrlObjection::Inside),
            (_, false, true) => Some(UrlObjection::NotEncrypted),
        };
        match url.host() {
            Some(Host::Ipv4(address)) => literal(address.into()),
            Some(Host::Ipv6(address)) => literal(address.into()),
            Some(Host::Domain(name)) if is_local(name) => literal(Ipv4Addr::LOCALHOST.into()),
            Some(Host::Domain(_)) => (!encrypted).then_some(UrlObjection::NotEncrypted),
            None => Some(UrlObjection::Inside),
        }
    }
}

/// A name of the machine itself (RFC 6761), with or without the dot of the root.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address is one of the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 88, 99)
            | (192, 168, _)
            | (192, 175, 48)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = || Ipv4Addr::from((u32::from(segments[6]) << 16) | u32::from(segments[7]));
    match segments {
        // Another spelling of an IPv4 address: mapped, or translated on its way (NAT64).
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(embedded()),
        // Protocol assignments with Teredo and ORCHID, documentation, 6to4, the translator of AS112.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] | [0x2620, 0x4f, 0x8000, ..] => false,
        // Global unicast; everything else is loopback, link-local, unique-local, multicast, or unassigned.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Resolves names and returns only addresses that may be called. The connection is made to these, so that a later change of
/// the name's records has no effect.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    pub(super) guard: AddressGuard,
    /// Whether only what the operator has allowed may be called.
    pub(super) allowed_only: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { guard, allowed_only } = self.clone();
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admits = |address: &SocketAddr| {
                if allowed_only { guard.is_allowed(address.ip()) } else { guard.allows(address.ip()) }
            };
            let admitted: Vec<SocketAddr> = addresses.filter(admits).collect();
            if admitted.is_empty() {
                return Err(ForbiddenHost.into());
            }
            Ok::<Addrs, _>(Box::new(admitted.into_iter()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(guard: &AddressGuard, url: &str) -> Option<UrlObjection> {
        guard.objection(&Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}")))
    }

    /// Known spellings of internal addresses that attackers use.
    #[test]
    fn every_spelling_of_an_internal_address_is_refused() {
        let guard = AddressGuard::allowing(Vec::new());
        let hostile = "
            127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.255.255.254 0 0.0.0.0
            localhost LOCALHOST localhost. api.localhost 127.0.0.1. %31%32%37.0.0.1 １２７.0.0.1 ①②⑦.0.0.1
            10.0.0.1 10.255.255.255 0xa000001 012.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 192.168.257 3232235521
            100.64.0.1 100.127.255.255 169.254.169.254 0xa9fea9fe 2852039166 169.254.43518 0251.0376.0251.0376
            192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
            224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
            [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:169.254.169.254]
            [::127.0.0.1] [::10.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b::10.0.0.1] [64:ff9b:1::1]
            [fe80::1] [fe80::a9fe:a9fe] [fec0::1] [fc00::1] [fd00:ec2::254] [fdff::1] [ff02::1] [ff05::2]
            [2001::1] [2001:0:a00:1::] [2001:10::1] [2001:20::1] [2001:db8::1] [2002:7f00:1::] [2002:a00:1::1]
            [3fff::1] [100::1] [5f00::1] [4000::1] [2620:4f:8000::1]";
        for host in hostile.split_whitespace() {
            for scheme in ["https", "http"] {
                let url = format!("{scheme}://{host}/hook");
                assert_eq!(objects(&guard, &url), Some(UrlObjection::Inside), "{url}");
            }
        }
    }

    #[test]
    fn public_addresses_may_be_called_when_encrypted() {
        let guard = AddressGuard::allowing(Vec::new());
        for host in [
            "creche.example",
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "[2a00:1450::1]",
            "[64:ff9b::808:808]",
            "[::ffff:8.8.8.8]",
        ] {
            assert_eq!(objects(&guard, &format!("https://{host}/hook")), None, "{host}");
            assert_eq!(objects(&guard, &format!("http://{host}/hook")), Some(UrlObjection::NotEncrypted), "{host}");
        }
    }

    #[test]
    fn only_listed_ports_of_the_internet_are_called() {
        let usual = AddressGuard::allowing(vec!["10.1.0.0/16".parse().unwrap()]);
        let two = usual.clone().at_ports(vec![443, 8443]);
        for (url, by_usual, by_two) in [
            ("https://creche.example/", None, None),
            ("https://creche.example:443/", None, None),
            ("https://creche.example:8443/", Some(UrlObjection::Port), None),
            ("https://8.8.8.8:25/", Some(UrlObjection::Port), Some(UrlObjection::Port)),
            ("https://10.1.2.3:25/", None, None),
            ("https://10.2.0.1:25/", Some(UrlObjection::Inside), Some(UrlObjection::Inside)),
            ("http://creche.example/", Some(UrlObjection::NotEncrypted), Some(UrlObjection::NotEncrypted)),
        ] {
            assert_eq!((objects(&usual, url), objects(&two, url)), (by_usual, by_two), "{url}");
        }
    }

    #[test]
    fn what_the_operator_allows_may_be_called_even_without_encryption() {
        let guard = AddressGuard::allowing(vec!["127.0.0.0/8".parse().unwrap(), "10.1.0.0/16".parse().unwrap()]);
        for host in ["127.0.0.1", "localhost", "2130706433", "10.1.2.3", "[::ffff:10.1.2.3]"] {
            for scheme in ["https", "http"] {
                assert_eq!(objects(&guard, &format!("{scheme}://{host}:8080/")), None, "{host}");
            }
        }
        assert_eq!(objects(&guard, "https://10.2.0.1/"), Some(UrlObjection::Inside));
        assert_eq!(objects(&guard, "http://creche.example/"), Some(UrlObjection::NotEncrypted));
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_an_internal_address_is_refused() {
        let resolve = async |guard: AddressGuard, allowed_only| {
            let resolver = Resolver { guard, allowed_only };
            let found = resolver.resolve("localhost".parse().unwrap()).await;
            found.map(Iterator::count).map_err(|error| error.downcast_ref::<ForbiddenHost>().is_some())
        };
        let strict = AddressGuard::allowing(Vec::new());
        assert_eq!(resolve(strict, false).await, Err(true));
        let ours = AddressGuard::allowing(vec!["127.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()]);
        assert!(resolve(ours.clone(), false).await.is_ok_and(|found| found > 0));
        assert!(resolve(ours, true).await.is_ok_and(|found| found > 0));
    }
}
