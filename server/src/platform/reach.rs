//! Where providers may be: which hosts and addresses are contacted, and how a name's addresses are tried.

use app::{
    error::{DeliveryFailure, DeliveryFailureKind, Problem},
    validate::{self, is_link_local},
};
use ipnet::IpNet;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{net::TcpStream, task::JoinSet, time::sleep};

/// How long an address has to itself before the next one is tried beside it (RFC 8305 §5).
const STAGGER: Duration = Duration::from_millis(250);

/// The hosts and networks where providers may be; anywhere but at link-local addresses unless some are named.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    restricted: bool,
    hosts: Vec<String>,
    networks: Vec<IpNet>,
}

impl Reach {
    /// Reads names (`mail.example.org`, or `*.example.org` for all below it), addresses and networks. Also answers what
    /// is none of them, which allows nothing.
    pub fn of(entries: &[String]) -> (Self, Vec<String>) {
        let mut reach = Self { restricted: !entries.is_empty(), ..Self::default() };
        let mut unreadable = Vec::new();
        for entry in entries {
            if let Ok(network) = entry.parse().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from)) {
                reach.networks.push(network);
            } else if validate::host(entry.strip_prefix("*.").unwrap_or(entry)).is_ok() {
                reach.hosts.push(entry.to_lowercase());
            } else {
                unreadable.push(entry.clone());
            }
        }
        (reach, unreadable)
    }

    /// Whether a provider may be saved with this host. A name that is not listed passes where networks are: its
    /// addresses are looked at when it is contacted.
    ///
    /// # Errors
    /// `HostNotAllowed`.
    pub fn check_host(&self, host: &str) -> Result<(), Problem> {
        let allowed = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(ip) => self.allows(ip, false),
            Err(_) => !self.restricted || self.names(host) || !self.networks.is_empty(),
        };
        if allowed { Ok(()) } else { Err(Problem::HostNotAllowed) }
    }

    /// The addresses of a host that may be contacted.
    ///
    /// # Errors
    /// `Unreachable` where there are none.
    pub async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, DeliveryFailure> {
        let unreachable =
            |answer: String| DeliveryFailure { kind: DeliveryFailureKind::Unreachable, answer: Some(answer) };
        let found = tokio::net::lookup_host((host, port)).await.map_err(|error| unreachable(error.to_string()))?;
        let named = self.names(host);
        let allowed: Vec<_> = found.filter(|address| self.allows(address.ip(), named)).collect();
        if allowed.is_empty() {
            Err(unreachable(format!("{host} has no usable address")))
        } else {
            Ok(in_turn(allowed))
        }
    }

    fn names(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_lowercase();
        self.hosts.iter().any(|entry| match entry.strip_prefix('*') {
            Some(end) => host.ends_with(end),
            None => *entry == host,
        })
    }

    fn allows(&self, ip: IpAddr, named: bool) -> bool {
        let listed = || self.networks.iter().any(|network| network.contains(&ip.to_canonical()));
        !is_link_local(ip) && (!self.restricted || named || listed())
    }
}

/// The families by turns, as the system's order begins (RFC 8305 §4), so that one that is dead delays by one step.
fn in_turn(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut one, mut other): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv6() == first);
    one.reverse();
    other.reverse();
    let mut turns = Vec::new();
    while let Some(address) = one.pop() {
        turns.push(address);
        turns.extend(other.pop());
    }
    turns.extend(other.into_iter().rev());
    turns
}

/// Connects to the first address that answers: the next one is tried when the one before failed, or has not answered
/// for a moment (RFC 8305). Small writes leave at once, without waiting for the other side (Nagle's algorithm).
///
/// # Errors
/// Where none takes the connection.
pub async fn connect(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut attempts = JoinSet::new();
    let mut rest = addresses.iter().copied();
    let mut failure = io::Error::new(io::ErrorKind::AddrNotAvailable, "there is no address");
    loop {
        let next = rest.next();
        match next {
            Some(address) => drop(attempts.spawn(TcpStream::connect(address))),
            None if attempts.is_empty() => return Err(failure),
            None => {}
        }
        tokio::select! {
            Some(done) = attempts.join_next() => match done {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Ok(Err(error)) => failure = error,
                Err(error) => failure = io::Error::other(error),
            },
            () = sleep(STAGGER), if next.is_some() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{net::TcpListener, time::Instant};

    fn reach(entries: &[&str]) -> Reach {
        let (reach, unreadable) = Reach::of(&entries.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(unreadable.is_empty(), "{unreadable:?}");
        reach
    }

    #[test]
    fn a_list_of_hosts_and_networks_is_all_that_is_allowed() {
        let listed = reach(&["mail.example.org", "*.twilio.com", "10.0.0.0/8", "192.0.2.1", "fd12::/16"]);
        for good in ["mail.example.org", "Mail.Example.Org", "api.twilio.com", "10.1.2.3", "192.0.2.1", "fd12::1"] {
            assert_eq!(listed.check_host(good), Ok(()), "{good}");
        }
        for bad in ["192.0.2.2", "127.0.0.1", "::1", "[::1]", "::ffff:127.0.0.1"] {
            assert_eq!(listed.check_host(bad), Err(Problem::HostNotAllowed), "{bad}");
        }
        assert_eq!(listed.check_host("other.example.org"), Ok(()), "its addresses are looked at later");
        let names = reach(&["mail.example.org", "*.twilio.com"]);
        for bad in ["other.example.org", "eviltwilio.com", "twilio.com", "mail.example.org.evil.example", "10.0.0.1"] {
            assert_eq!(names.check_host(bad), Err(Problem::HostNotAllowed), "{bad}");
        }
        assert_eq!(reach(&[]).check_host("anything.example.org"), Ok(()));
    }

    #[test]
    fn what_cannot_be_read_allows_nothing() {
        let (reach, unreadable) = Reach::of(&["mail server".to_owned(), "10.0.0.0/40".to_owned()]);
        assert_eq!(unreadable.len(), 2);
        assert_eq!(reach.check_host("mail.example.org"), Err(Problem::HostNotAllowed));
    }

    #[tokio::test]
    async fn the_addresses_of_a_name_are_looked_at_when_it_is_contacted() {
        let port = 25;
        assert!(reach(&["10.0.0.0/8"]).addresses("localhost", port).await.is_err(), "the name passes, not its address");
        assert!(!reach(&["localhost"]).addresses("localhost", port).await.expect("allowed").is_empty());
        assert!(!reach(&["127.0.0.0/8", "::1"]).addresses("localhost", port).await.expect("allowed").is_empty());
        for host in ["169.254.169.254", "2852039166", "0xa9fea9fe", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"] {
            for reach in [reach(&[]), reach(&["0.0.0.0/0", "::/0"]), reach(&["169.254.169.254"])] {
                assert!(reach.addresses(host, port).await.is_err(), "{host}");
            }
        }
    }

    #[test]
    fn families_are_tried_by_turns() {
        let address = |text: &str| text.parse::<SocketAddr>().expect("an address");
        let [a, b, c, d] = ["[::1]:1", "[::1]:2", "127.0.0.1:3", "[::1]:4"].map(address);
        assert_eq!(in_turn(vec![a, b, d, c]), [a, c, b, d]);
        assert_eq!(in_turn(vec![c, a, b, d]), [c, a, b, d]);
    }

    #[tokio::test]
    async fn a_dead_first_address_costs_a_moment_and_not_the_message() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let good = listener.local_addr().expect("an address");
        let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let closed = gone.local_addr().expect("an address");
        drop(gone);
        let begun = Instant::now();
        assert_eq!(connect(&[closed, good]).await.expect("connects").peer_addr().expect("a peer"), good);
        assert!(begun.elapsed() < STAGGER, "a refused one is not waited for");
        // Nothing answers there (RFC 5737), or the network says so at once.
        let silent = SocketAddr::from(([192, 0, 2, 1], 9));
        let stream = connect(&[silent, good]).await.expect("connects");
        assert_eq!(stream.peer_addr().expect("a peer"), good);
        assert!(stream.nodelay().expect("answers"), "small writes wait for nothing");
        assert!(connect(&[closed]).await.is_err());
        assert!(connect(&[]).await.is_err());
    }
}
