//! Who may come in, and how often.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Method;
use passerelle::config::{Config, TrustedHeader};
use passerelle::http::HttpConfig;
use passerelle::http::limits::{LimitSettings, ProxyTrust, RateAllowance};

use super::{KEY, Reply, THING, get_with, request, send, shop, surroundings, with_limits};

#[tokio::test]
async fn each_refusal_of_a_key_has_its_type_and_its_challenge() {
    let cases = [
        ("", "urn:problem-type:belgif:noAccessToken"),
        ("Basic Z29vZDpnb29k", "urn:problem-type:belgif:noAccessToken"),
        ("Bearer ", "urn:problem-type:belgif:noAccessToken"),
        ("Bearer nobodys", "urn:problem-type:belgif:invalidAccessToken"),
        ("Bearer mistyped", "urn:problem-type:belgif:invalidAccessToken"),
        ("Bearer revoked", "urn:problem-type:belgif:invalidAccessToken"),
        ("Bearer expired", "urn:problem-type:belgif:expiredAccessToken"),
        ("Bearer trial", "urn:problem-type:passerelle:wrongKeyKind"),
    ];
    for (authorization, kind) in cases {
        let reply = get_with("/things", &[("authorization", authorization)]).await;
        assert_eq!((reply.status.as_u16(), reply.kind()), (401, kind), "{authorization}");
        let challenge = reply.header("www-authenticate");
        assert!(challenge.starts_with("Bearer realm="), "{authorization}");
        assert_eq!(challenge.contains("invalid_token"), !kind.ends_with("noAccessToken"), "{authorization}");
        assert!(!reply.body.to_string().contains("nobodys"));
    }
    assert_eq!(get_with("/things", &[("authorization", "bearer good")]).await.status, 200);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let headers = [("authorization", "Bearer reader"), ("content-type", "application/json")];
    let reply = send(&shop(surroundings(50)), request(Method::PUT, THING, &headers)).await;
    assert_eq!((reply.status.as_u16(), reply.kind()), (403, "urn:problem-type:belgif:missingScope"));
    assert_eq!(reply.body["requiredScopes"], serde_json::json!(["attendance:write"]));
    assert!(reply.header("www-authenticate").contains("insufficient_scope"));
    assert_eq!(get_with(THING, &headers[..1]).await.status, 200);
}

#[tokio::test]
async fn a_key_gets_its_allowance_and_is_refused_beyond_it() {
    let shop = shop(surroundings(2));
    let first = send(&shop, request(Method::GET, "/things", &[KEY])).await;
    assert_eq!(first.header("ratelimit-policy"), "\"apiKey\";q=60;w=60");
    assert_eq!(first.header("ratelimit"), "\"apiKey\";r=1;t=1");
    assert_eq!(send(&shop, request(Method::GET, "/things", &[KEY])).await.status, 200);
    let third = send(&shop, request(Method::GET, "/things", &[KEY])).await;
    assert_eq!((third.status.as_u16(), third.kind()), (429, "urn:problem-type:belgif:tooManyRequests"));
    assert_eq!(third.header("retry-after"), "1");
    assert_eq!(third.header("ratelimit"), "\"apiKey\";r=0;t=1");
    assert_eq!((&third.body["limit"], &third.body["retryAfterSec"]), (&60.into(), &1.into()));
    let other = send(&shop, request(Method::GET, "/things", &[("authorization", "Bearer other")])).await;
    assert_eq!(other.status, 200, "one key does not pay for another");
}

async fn from(shop: &Router, peer: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = request(Method::GET, "/things", headers);
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    send(shop, request).await
}

#[tokio::test]
async fn an_address_is_refused_for_its_failures_only() {
    let shop = shop(surroundings(50));
    for _ in 0..2 {
        assert_eq!(from(&shop, "192.0.2.1:1000", &[]).await.status, 401);
    }
    let reply = from(&shop, "192.0.2.1:1001", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.kind()), (429, "urn:problem-type:belgif:tooManyFailedRequests"));
    assert_eq!(from(&shop, "192.0.2.1:1002", &[KEY]).await.status, 200, "a valid key still works from there");
    assert_eq!(from(&shop, "192.0.2.2:1000", &[]).await.status, 401);
}

#[tokio::test]
async fn an_ipv6_household_is_one_sender() {
    let shop = shop(surroundings(50));
    for last in 1..=2 {
        assert_eq!(from(&shop, &format!("[2001:db8::{last}]:1000"), &[]).await.status, 401);
    }
    assert_eq!(from(&shop, "[2001:db8::3]:1000", &[]).await.status, 429);
    assert_eq!(from(&shop, "[2001:db8:0:1::3]:1000", &[]).await.status, 401);
}

#[tokio::test]
async fn forwarded_addresses_are_used_from_trusted_proxies_only() {
    let shop = shop(surroundings(50));
    for turn in 0..2 {
        // The peer is no trusted proxy: the invented addresses do not hide it.
        let invented = format!("198.51.100.{turn}");
        assert_eq!(from(&shop, "192.0.2.9:1", &[("x-forwarded-for", &invented)]).await.status, 401);
    }
    assert_eq!(from(&shop, "192.0.2.9:1", &[("x-forwarded-for", "198.51.100.7")]).await.status, 429);
    for _ in 0..2 {
        // The proxy appends the sender's address; what the sender wrote before it is ignored.
        let reply = from(&shop, "10.0.0.1:1", &[("x-forwarded-for", "203.0.113.5, 198.51.100.8")]).await;
        assert_eq!(reply.status, 401);
    }
    let lines = [("x-forwarded-for", "203.0.113.6"), ("x-forwarded-for", "198.51.100.8:4711, 10.9.9.9")];
    assert_eq!(from(&shop, "10.0.0.2:1", &lines).await.status, 429, "the right-most that is no proxy, over all lines");
    assert_eq!(from(&shop, "10.0.0.2:1", &[("x-forwarded-for", "198.51.100.9")]).await.status, 401);
}

/// A shop whose proxies write this header.
fn behind(header: TrustedHeader) -> Router {
    let wide = RateAllowance { per_minute: NonZeroU32::new(60).unwrap(), burst: NonZeroU32::new(2).unwrap() };
    let trust = ProxyTrust { header, ..ProxyTrust::default() };
    shop(with_limits(LimitSettings { trust, ..LimitSettings::uniform(wide) }))
}

#[tokio::test]
async fn a_forwarding_header_that_is_not_the_configured_one_is_ignored() {
    let cases = [
        (TrustedHeader::XForwardedFor, "x-forwarded-for", "198.51.100.8", "forwarded", "for=203.0.113."),
        (TrustedHeader::Forwarded, "forwarded", "for=\"198.51.100.8:1\";proto=https", "x-forwarded-for", "203.0.113."),
    ];
    for (header, name, proxys, other, clients) in cases {
        let shop = behind(header);
        for turn in 0..3 {
            let clients = format!("{clients}{turn}");
            let reply = from(&shop, "10.0.0.1:1", &[(other, &clients), (name, proxys)]).await;
            let expected = if turn < 2 { 401 } else { 429 };
            assert_eq!(reply.status, expected, "{other} hides nobody behind {name}");
        }
        for turn in 0..3 {
            let clients = format!("{clients}{turn}");
            let reply = from(&shop, "10.0.0.1:1", &[(other, &clients)]).await;
            let expected = if turn < 2 { 401 } else { 429 };
            assert_eq!(reply.status, expected, "without {name} it is the proxy that calls");
        }
    }
}

#[tokio::test]
async fn a_quote_that_the_client_leaves_open_does_not_hide_what_the_proxy_wrote() {
    let shop = behind(TrustedHeader::Forwarded);
    for turn in 0..3 {
        let line = format!("for=\"203.0.113.{turn}, for=198.51.100.8");
        let reply = from(&shop, "10.0.0.1:1", &[("forwarded", &line)]).await;
        assert_eq!(reply.status, if turn < 2 { 401 } else { 429 });
    }
    assert_eq!(from(&shop, "10.0.0.1:1", &[("forwarded", "for=\"[2001:db8::1]\"")]).await.status, 401);
}

#[test]
fn a_sandbox_allows_ten_times_as_much() {
    let allowed = |deployment: &str| {
        let environment = [("PASSERELLE_SECURITY__MASTER_KEY", "x"), ("PASSERELLE_DEPLOYMENT", deployment)];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::from_sources(None, environment).unwrap();
        let allowance = HttpConfig::new(&config, "https://passerelle.example").limits.per_key();
        (allowance.per_minute.get(), allowance.burst.get())
    };
    assert_eq!((allowed("production"), allowed("sandbox")), ((600, 200), (6000, 2000)));
}
