//! An HTTP gateway on loopback whose text messages arrive in the mailbox.

use super::mailbox::Mailbox;
use app::services::sms::{SmsForm, Vendor};
use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{io, net::TcpListener};

/// What it is sent.
#[derive(Deserialize)]
struct Message {
    to: String,
    text: String,
}

/// The form of a provider that sends through it.
pub fn form(port: u16) -> SmsForm {
    SmsForm {
        vendor: Vendor::Gateway.as_str().to_owned(),
        method: "POST".to_owned(),
        url: format!("http://127.0.0.1:{port}/messages"),
        headers: "Content-Type: application/json".to_owned(),
        body: "{\"to\": \"{{to}}\", \"text\": \"{{text}}\"}".to_owned(),
        success: "accepted".to_owned(),
        countries: "DE, FR, GB, US".to_owned(),
        daily: "500".to_owned(),
        ..SmsForm::default()
    }
}

/// Serves the listener in the background for as long as the process lives.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(listener: TcpListener, mailbox: Mailbox) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let app = Router::new().route("/messages", post(take)).with_state(mailbox);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).await {
            tracing::error!(%error, "the demo's text message gateway ended");
        }
    });
    Ok(())
}

async fn take(State(mailbox): State<Mailbox>, Json(message): Json<Message>) -> (StatusCode, Json<Value>) {
    // A way to see in the demo what a refusal looks like.
    if message.to.ends_with("000") {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "unknown number"})));
    }
    mailbox.put_text(message.to, message.text);
    (StatusCode::ACCEPTED, Json(json!({"status": "accepted"})))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        platform::reach::Reach,
        providers::sms::{SmsSender, SmsSettings, Vendors, gateway::Gateway},
        testing::sqlite,
    };
    use app::services::port::ServicesPort;

    #[tokio::test]
    async fn what_its_form_sends_arrives_in_the_mailbox() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let mailbox = Mailbox::default();
        serve(listener, mailbox.clone()).expect("serves");
        let form = form(port);
        let fixture = sqlite().await;
        fixture
            .services()
            .save_sms(&fixture.admin(), None, &SmsForm { title: "Demo".to_owned(), ..form.clone() })
            .await
            .expect("saved");
        let via = SmsSettings::Gateway(Gateway {
            method: form.method,
            url: form.url,
            headers: form.headers,
            body: form.body,
            success: form.success,
        });
        Vendors::new(Reach::default())
            .send(&via, None, "+447400123456", "Hello \"you\"\n\n@a.example #012345")
            .await
            .expect("sent");
        assert!(Vendors::new(Reach::default()).send(&via, None, "+447400123000", "Hello").await.is_err());
        let all = mailbox.all();
        assert_eq!((all.len(), all[0].to.as_str()), (1, "+447400123456"));
        assert_eq!(all[0].text, "Hello \"you\"\n\n@a.example #012345");
    }
}
