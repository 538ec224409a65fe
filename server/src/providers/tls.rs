//! TLS towards providers: certificates are checked against the system's authorities, and those that a provider brings.

use app::error::{DeliveryFailure, DeliveryFailureKind, Problem};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{
        CertificateDer,
        pem::{self, PemObject},
    },
};
use std::{
    error::Error,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long settings are used before they are made anew: what the system trusts may change, and then counts.
const FRESH: Duration = Duration::from_secs(3_600);
/// The longest list of certificates that a provider brings, in characters.
pub const CA_MAX: u32 = 50_000;

struct Kept {
    ca: String,
    made_at: Instant,
    config: Arc<ClientConfig>,
}

/// The settings of now, by what is trusted beside the system's authorities. They hold the sessions that the next
/// connection to the same server resumes.
static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

/// The settings of a connection. `ca` is what is trusted beside the system's authorities, in PEM.
///
/// # Errors
/// `Tls` where a certificate cannot be used, or this machine has no protocol in common with itself.
pub fn client_config(ca: &str) -> Result<Arc<ClientConfig>, DeliveryFailure> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|kept| kept.made_at.elapsed() < FRESH);
    if let Some(kept) = kept.iter().find(|kept| kept.ca == ca) {
        return Ok(kept.config.clone());
    }
    let config = Arc::new(made(ca)?);
    kept.push(Kept { ca: ca.to_owned(), made_at: Instant::now(), config: config.clone() });
    Ok(config)
}

fn made(ca: &str) -> Result<ClientConfig, DeliveryFailure> {
    let failed =
        |error: &dyn Error| DeliveryFailure { kind: DeliveryFailureKind::Tls, answer: Some(error.to_string()) };
    let mut roots = RootCertStore::empty();
    // Without a readable authority no certificate is trusted, and the handshake tells so.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in certificates(ca) {
        let certificate = certificate.map_err(|error| failed(&error))?;
        roots.add(certificate).map_err(|error| failed(&error))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn certificates(pem: &str) -> impl Iterator<Item = Result<CertificateDer<'static>, pem::Error>> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
}

/// Certificates as somebody pasted them, of authorities that are trusted from then on.
///
/// # Errors
/// `NotCertificates` where there are none, or something else: a private key would be stored and shown in clear.
/// `CertificateExpired`.
pub fn checked_ca(typed: &str, now: i64) -> Result<String, Problem> {
    let typed = typed.trim().replace("\r\n", "\n");
    if typed.is_empty() {
        return Ok(typed);
    }
    if typed.chars().count() > CA_MAX as usize {
        return Err(Problem::TooLong(CA_MAX));
    }
    let sections = typed.matches("-----BEGIN ").count();
    let mut found = 0;
    for certificate in certificates(&typed) {
        let certificate = certificate.map_err(|_| Problem::NotCertificates)?;
        let (_, parsed) = x509_parser::parse_x509_certificate(&certificate).map_err(|_| Problem::NotCertificates)?;
        if parsed.validity().not_after.timestamp() <= now {
            return Err(Problem::CertificateExpired);
        }
        RootCertStore::empty().add(certificate).map_err(|_| Problem::NotCertificates)?;
        found += 1;
    }
    if found == 0 || found != sections || typed.contains('\0') { Err(Problem::NotCertificates) } else { Ok(typed) }
}

/// Whether an error is about TLS: the certificate, or that what came is no TLS at all.
pub fn is_tls(error: &(dyn Error + 'static)) -> bool {
    if error.is::<rustls::Error>() {
        return true;
    }
    if let Some(io) = error.downcast_ref::<io::Error>() {
        // rustls tells by this kind that what came is no TLS. What is inside of such an error is no source of it.
        return io.kind() == io::ErrorKind::InvalidData || io.get_ref().is_some_and(|inner| is_tls(inner));
    }
    error.source().is_some_and(is_tls)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, authority::Authority};

    #[test]
    fn pasted_certificates_are_looked_at() {
        let (good, other) = (Authority::new(), Authority::new());
        let two = format!("{}\r\n{}", good.pem().replace('\n', "\r\n"), other.pem());
        assert_eq!(checked_ca(&two, START).map(|pem| pem.contains('\r')), Ok(false));
        assert_eq!(checked_ca("  ", START).as_deref(), Ok(""));
        for bad in [
            "certificate".to_owned(),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".to_owned(),
            good.pem().replace("-----END CERTIFICATE-----", ""),
            format!("{}{}", good.pem(), good.private_key()),
            good.private_key(),
        ] {
            assert_eq!(checked_ca(&bad, START), Err(Problem::NotCertificates), "{bad}");
        }
        assert_eq!(checked_ca(&Authority::expired().pem(), START), Err(Problem::CertificateExpired));
        assert_eq!(checked_ca(&"x".repeat(CA_MAX as usize + 1), START), Err(Problem::TooLong(CA_MAX)));
    }

    #[test]
    fn the_same_settings_are_used_again_and_no_others() {
        let (ours, theirs) = (Authority::new().pem(), Authority::new().pem());
        let config = |ca: &str| client_config(ca).expect("settings");
        assert!(Arc::ptr_eq(&config(&ours), &config(&ours)), "sessions are resumed");
        assert!(!Arc::ptr_eq(&config(&ours), &config(&theirs)), "who trusts others has sessions of its own");
        assert!(!Arc::ptr_eq(&config(&ours), &config("")));
    }
}
