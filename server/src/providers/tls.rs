//! TLS towards providers: certificates are checked against the system's authorities.

use app::error::{DeliveryFailure, DeliveryFailureKind};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use std::{error::Error, io, sync::Arc};

/// The settings of a connection.
///
/// # Errors
/// `Tls` where this machine has no protocol in common with itself, which does not happen.
pub fn client_config() -> Result<ClientConfig, DeliveryFailure> {
    let mut roots = RootCertStore::empty();
    // Without a readable authority no certificate is trusted, and the handshake tells so.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| DeliveryFailure { kind: DeliveryFailureKind::Tls, answer: Some(error.to_string()) })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
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
