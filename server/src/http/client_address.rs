//! The client's address, as far as trusted proxies vouch for it.
//!
//! Read from the nearest hop: each trusted proxy is believed about the one before it, and the first address that is no
//! trusted proxy is the client. Whatever stands farther away was written by that client, or by somebody it chose.

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Once,
};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the nearest one that is no trusted proxy. A hop that cannot be read ends the search, and the
/// proxy that told it counts.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_trusted(peer, proxies) {
        return peer;
    }
    let addresses = |name: HeaderName, read: fn(&str) -> Vec<Option<IpAddr>>| {
        headers.contains_key(&name).then(|| nearest(peer, hops(headers, &name, read), proxies))
    };
    match (addresses(X_FORWARDED_FOR, in_x_forwarded_for), addresses(header::FORWARDED, in_forwarded)) {
        // A proxy writes one of them and may let the other one through as the client wrote it, so both are believed
        // only where they agree.
        (Some(one), Some(other)) if one != other => peer,
        (Some(address), _) | (None, Some(address)) => address,
        (None, None) => peer,
    }
}

/// Whether an address is one of the trusted proxies.
pub fn is_trusted(address: IpAddr, proxies: &[IpNet]) -> bool {
    proxies.iter().any(|net| net.contains(&address))
}

/// Warns, once per start, where somebody who is no trusted proxy tells of a client: either the proxy's address is
/// missing from the settings, and everybody shares one address, or somebody tries to be another.
pub fn warn_of_untrusted_proxy(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) {
    static TOLD: Once = Once::new();
    if is_unbelieved(peer, headers, proxies) {
        TOLD.call_once(|| {
            tracing::warn!(
                peer = %peer.to_canonical(),
                "X-Forwarded-For or Forwarded comes from an address that is not among COUNTERSIGN_TRUSTED_PROXIES and \
                 is ignored; if it is your proxy, name it there, or all its clients share one address and its limits"
            );
        });
    }
}

fn is_unbelieved(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> bool {
    let forwarded = headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED);
    forwarded && !is_trusted(peer.to_canonical(), proxies)
}

fn nearest(peer: IpAddr, hops: Vec<Option<IpAddr>>, proxies: &[IpNet]) -> IpAddr {
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        match hop {
            Some(address) if is_trusted(address, proxies) => nearest = address,
            Some(address) => return address,
            None => return nearest,
        }
    }
    nearest
}

/// The hops of all lines of a header, the nearest one last (RFC 9110 §5.3); nothing for what cannot be read.
fn hops(headers: &HeaderMap, name: &HeaderName, read: fn(&str) -> Vec<Option<IpAddr>>) -> Vec<Option<IpAddr>> {
    // Bytes above 0x7f stand for signs that are in no address, and spoil their own hop only.
    headers.get_all(name).iter().flat_map(|line| read(&String::from_utf8_lossy(line.as_bytes()))).collect()
}

fn in_x_forwarded_for(line: &str) -> Vec<Option<IpAddr>> {
    line.split(',').map(|hop| node(unquoted(hop.trim())?)).collect()
}

/// The `for=` of each element (RFC 7239 §4).
fn in_forwarded(line: &str) -> Vec<Option<IpAddr>> {
    let Some(elements) = split(line, ',') else { return vec![None] };
    elements.into_iter().map(forwarded_for).collect()
}

fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in split(element, ';')? {
        let (name, value) = pair.trim().split_once('=')?;
        if name.eq_ignore_ascii_case("for") && found.replace(node(unquoted(value)?)?).is_some() {
            // It may stand there once (§4), and of two nobody knows which one to believe.
            return None;
        }
    }
    found
}

/// The parts between separators that stand outside of quotes; nothing where a quote is not closed.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut begin, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if sign == separator && !quoted => {
                parts.push(&text[begin..at]);
                begin = at + sign.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    (!quoted).then_some(parts)
}

fn unquoted(text: &str) -> Option<&str> {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"'),
        None => Some(text),
    }
}

/// An address, with or without its port (RFC 7239 §6). `unknown` and names such as `_hidden` are none.
fn node(text: &str) -> Option<IpAddr> {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::from);
    let address = text.parse::<IpAddr>().ok().or_else(bracketed);
    // An IPv4 address in IPv6 clothes is the same client.
    Some(address.or_else(|| text.parse::<SocketAddr>().ok().map(|node| node.ip()))?.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const PROXY: &str = "10.0.0.1";

    fn headers(lines: &[(&HeaderName, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value).expect("a value"));
        }
        headers
    }

    fn proxies() -> Vec<IpNet> {
        ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().expect("a network")).to_vec()
    }

    fn from_proxy(lines: &[(&HeaderName, &[u8])]) -> String {
        client_address(PROXY.parse().expect("an address"), &headers(lines), &proxies()).to_string()
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        for name in [X_FORWARDED_FOR, header::FORWARDED] {
            let forwarded = headers(&[(&name, b"for=1.1.1.1"), (&name, b"1.1.1.1")]);
            let outside: IpAddr = "9.9.9.9".parse().expect("an address");
            assert_eq!(client_address(outside, &forwarded, &proxies()), outside);
            assert!(is_unbelieved(outside, &forwarded, &proxies()), "it is warned of");
            let proxy: IpAddr = PROXY.parse().expect("an address");
            assert_eq!(client_address(proxy, &forwarded, &[]), proxy);
            assert!(!is_unbelieved(proxy, &forwarded, &proxies()));
            assert!(!is_unbelieved(outside, &HeaderMap::new(), &proxies()));
        }
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().expect("an address");
        let forwarded = headers(&[(&X_FORWARDED_FOR, b"203.0.113.7")]);
        assert_eq!(client_address(mapped, &forwarded, &proxies()).to_string(), "203.0.113.7");
    }

    #[test]
    fn the_nearest_hop_counts_and_one_that_cannot_be_read_ends_the_search() {
        for (line, expected) in [
            // The nearest that is no proxy, whatever the client wrote before.
            ("1.1.1.1, 2.2.2.2, 10.0.0.9", "2.2.2.2"),
            ("10.0.0.8,10.0.0.9", "10.0.0.8"),
            ("203.0.113.7", "203.0.113.7"),
            ("9.9.9.9, 203.0.113.7:51234", "203.0.113.7"),
            ("9.9.9.9,\"203.0.113.7:51234\"", "203.0.113.7"),
            ("9.9.9.9, [2001:db8::7]:51234", "2001:db8::7"),
            ("9.9.9.9, [2001:db8::7]", "2001:db8::7"),
            ("9.9.9.9, 2001:db8::7", "2001:db8::7"),
            ("9.9.9.9, ::ffff:203.0.113.7", "203.0.113.7"),
            ("9.9.9.9, [::ffff:203.0.113.7]:80", "203.0.113.7"),
            ("9.9.9.9, ::ffff:10.0.0.9", "9.9.9.9"),
            // The proxy that told what cannot be read.
            ("9.9.9.9, unknown", PROXY),
            ("9.9.9.9, unknown, 10.0.0.9", "10.0.0.9"),
            ("9.9.9.9, 203.0.113.7:port", PROXY),
            ("9.9.9.9, 203.0.113.300", PROXY),
            ("9.9.9.9, fe80::1%eth0", PROXY),
            ("9.9.9.9, \"203.0.113.7", PROXY),
            ("9.9.9.9,", PROXY),
            ("", PROXY),
        ] {
            assert_eq!(from_proxy(&[(&X_FORWARDED_FOR, line.as_bytes())]), expected, "{line}");
        }
        // A byte above 0x7f neither hides the header nor the hop after it.
        assert_eq!(from_proxy(&[(&X_FORWARDED_FOR, b"\xff, 203.0.113.7")]), "203.0.113.7");
        assert_eq!(from_proxy(&[(&X_FORWARDED_FOR, b"9.9.9.9, \xff203.0.113.7")]), PROXY);
        // Several lines are one list.
        let lines: [(&HeaderName, &[u8]); 2] = [(&X_FORWARDED_FOR, b"9.9.9.9"), (&X_FORWARDED_FOR, b"203.0.113.7")];
        assert_eq!(from_proxy(&lines), "203.0.113.7");
    }

    #[test]
    fn forwarded_is_read_as_its_standard_says() {
        for (line, expected) in [
            ("for=203.0.113.7", "203.0.113.7"),
            ("For=203.0.113.7;proto=https;by=10.0.0.1", "203.0.113.7"),
            ("for=9.9.9.9, for=203.0.113.7;host=\"a,b;c\"", "203.0.113.7"),
            ("for=9.9.9.9, for=\"203.0.113.7:51234\"", "203.0.113.7"),
            ("for=9.9.9.9, for=\"[2001:db8::7]:51234\"", "2001:db8::7"),
            ("for=9.9.9.9, for=\"[2001:db8::7]\"", "2001:db8::7"),
            ("for=9.9.9.9, for=\"[fd00::1]\"", "9.9.9.9"),
            ("for=9.9.9.9, for=_hidden", PROXY),
            ("for=9.9.9.9, for=unknown", PROXY),
            ("for=9.9.9.9, for=\"_x:_port\"", PROXY),
            ("for=9.9.9.9, proto=https", PROXY),
            ("for=9.9.9.9, for=203.0.113.7;for=203.0.113.8", PROXY),
            // A quote that the client left open takes in what the proxy wrote.
            ("for=9.9.9.9;host=\", for=203.0.113.7", PROXY),
            ("203.0.113.7", PROXY),
            ("", PROXY),
        ] {
            assert_eq!(from_proxy(&[(&header::FORWARDED, line.as_bytes())]), expected, "{line}");
        }
    }

    #[test]
    fn of_two_headers_that_differ_neither_is_believed() {
        let both = |one: &'static str, other: &'static str| {
            from_proxy(&[(&X_FORWARDED_FOR, one.as_bytes()), (&header::FORWARDED, other.as_bytes())])
        };
        assert_eq!(both("203.0.113.7", "for=203.0.113.7"), "203.0.113.7");
        assert_eq!(both("203.0.113.7", "for=9.9.9.9"), PROXY);
        assert_eq!(both("9.9.9.9", "for=203.0.113.7"), PROXY);
    }
}
