//! `countersign serve`.

use super::{Outcome, message_of, open_core};
use axum::Router;
use leptos::config::LeptosOptions;
use server::{
    account::service::new_set_up_link,
    core::Core,
    dashboard,
    http::{Limits, Site, metrics, router, serve},
    keys,
    login::unfinished,
    outbox,
    platform::{
        config::{self, Settings},
        open_files,
    },
    ports::ports,
    tidy,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tokio_util::sync::CancellationToken;

/// How long running requests and messages in hand may take after SIGTERM.
const DRAIN: Duration = Duration::from_secs(8);

/// Runs the server.
pub async fn run(settings: Settings) -> Outcome {
    let core = open_core(&settings, 0).await?;
    // First, so that a start that comes to nothing takes no link of before.
    let place = Place::take().await?;
    if let Some(token) = new_set_up_link(&core).await.map_err(message_of)? {
        let base = settings.public_url()?;
        println!("There is no account yet. Create the first administrator within a day at:");
        println!("  {}", base.join(&format!("setup/{token}"))?);
    }
    listen(&settings, &core, place, Router::new()).await
}

/// The address that is served, with the site that is served there.
pub struct Place {
    leptos: LeptosOptions,
    listener: TcpListener,
}

impl Place {
    /// Takes it, or tells why it cannot be had.
    pub async fn take() -> Outcome<Self> {
        let leptos = config::leptos_options()?;
        let address = leptos.site_addr;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("the address {address} cannot be served: {error}"))?;
        Ok(Self { leptos, listener })
    }

    /// Where the site's files are.
    pub const fn site(&self) -> &LeptosOptions {
        &self.leptos
    }
}

/// Serves until the process is told to stop.
pub async fn listen(settings: &Settings, core: &Arc<Core>, place: Place, extra: Router) -> Outcome {
    if let Some(problem) = settings.proxy_problem() {
        tracing::warn!("{problem}");
    }
    let Place { leptos, listener } = place;
    let address = leptos.site_addr;
    let site = Arc::new(Site {
        core: core.clone(),
        ports: ports(core),
        leptos,
        proxies: settings.proxies(),
        secure: settings.public_url()?.scheme() == "https",
        security_contact: settings.security_contact()?.map(Into::into),
        stopping: CancellationToken::new(),
    });
    let limits = Limits::new(open_files::raise(), site.proxies.clone());
    if let Some(address) = settings.metrics_addr {
        serve_metrics(address).await?;
    }
    println!("Listening on http://{address}");
    let (stopping, stopped) = watch::channel(false);
    let outbox = tokio::spawn(outbox::worker::run(core.clone(), until(stopped.clone())));
    tokio::spawn(dashboard::service::run(core.clone()));
    tokio::spawn(tidy::run(core.clone()));
    tokio::spawn(keys::run(core.clone()));
    tokio::spawn(unfinished::run(core.clone()));
    let ending = site.stopping.clone();
    let server = serve(listener, router(&site, extra), limits, async move {
        wait_for_signal().await;
        ending.cancel();
        let _ = stopping.send(true);
    });
    let all = async { tokio::join!(server, outbox) };
    tokio::select! {
        _ = all => {}
        () = async { until(stopped).await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("some requests or messages did not end in time");
        }
    }
    Ok(())
}

/// Serves the server's numbers on an address of their own.
async fn serve_metrics(address: SocketAddr) -> Outcome {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("the address {address} of the metrics cannot be served: {error}"))?;
    let recorder = metrics::recorder()?;
    let handle = recorder.handle();
    ::metrics::set_global_recorder(recorder)?;
    metrics::describe();
    println!("Metrics on http://{}/metrics", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, metrics::routes(handle)).await });
    Ok(())
}

/// Waits until the server is told to stop.
async fn until(mut stopped: watch::Receiver<bool>) {
    // It also stops when its sender is gone.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn wait_for_signal() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
