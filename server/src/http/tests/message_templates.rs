//! The editor of messages, as its page and its preview are reached.

use super::{app, assert_framed, call, cookie, text_of};
use crate::testing::{Fixture, sqlite};
use axum::http::{Method, StatusCode, header};

const EDIT: &str = "/api/message_templates/edit";
const PREVIEW: &str = "/admin/settings/setup/message-templates/code/en/preview";

/// What the editor posts.
fn form(act: &str, text: &str) -> String {
    format!(
        "message=code&language=en&act={act}&subject=%7B%7B+code+%7D%7D&text={text}&\
         html=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%3Cp%3E%7B%7B+code+%7D%7D%3C%2Fp%3E"
    )
}

async fn admin(fixture: &Fixture) -> String {
    fixture.administrator("ada@example.org").await;
    cookie("admin", &fixture.log_in_admin("ada@example.org").await.0)
}

#[tokio::test]
async fn storing_a_message_needs_a_step_up_and_looking_does_not() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let admin = admin(&fixture).await;
    fixture.clock.pass(601);
    let good = "%7B%7B+code+%7D%7D";
    for (act, status) in [("preview", 200), ("send", 200), ("save", 403)] {
        let answer = call(&app, Method::POST, EDIT, &admin, &form(act, good)).await;
        assert_eq!(answer.status().as_u16(), status, "{act}");
    }
}

#[tokio::test]
async fn the_preview_is_a_document_in_which_nothing_runs() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let admin = admin(&fixture).await;
    call(&app, Method::POST, EDIT, &admin, &form("preview", "%7B%7B+code+%7D%7D")).await;
    let preview = call(&app, Method::GET, PREVIEW, &admin, "").await;
    assert_framed(&preview);
    assert!(text_of(preview).await.contains("012345"));
    let page = call(&app, Method::GET, "/admin/settings/setup/message-templates/code/en", &admin, "").await;
    assert_eq!(page.headers()[header::X_FRAME_OPTIONS], "DENY");
    let html = text_of(page).await;
    assert!(html.contains("sandbox") && !html.contains("<script>alert"), "what was typed is part of the page");
    let stranger = call(&app, Method::GET, PREVIEW, "", "").await;
    assert!(stranger.status().is_redirection() || stranger.status() == StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_text_message_to_any_number_needs_a_step_up() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.offer_texts().await;
    let admin = admin(&fixture).await;
    let form = "message=text_test&language=en&act=send&number=%2B447400123489&text=Hello";
    fixture.clock.pass(601);
    let answer = call(&app, Method::POST, EDIT, &admin, form).await;
    assert_eq!((answer.status().as_u16(), fixture.texts.kept().len()), (403, 0));
    let signed_in = cookie("admin", &fixture.log_in_admin("ada@example.org").await.0);
    let answer = call(&app, Method::POST, EDIT, &signed_in, form).await;
    assert_eq!((answer.status().as_u16(), fixture.texts.kept().len()), (200, 1));
    let page = "/admin/settings/setup/message-templates/text_test/en";
    let html = text_of(call(&app, Method::GET, page, &signed_in, "").await).await;
    assert!(!html.contains("iframe") && !html.contains("name=\"html\"") && html.contains("5 of 160"), "{html}");
}
