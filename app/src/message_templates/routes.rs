//! Where messages are edited.

use super::{
    page::{MessageTemplatePage, MessageTemplatesPage, ResetMessagePage},
    types::Message,
};
use crate::{language::types::Language, ui::route::Page};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The list of messages.
pub const MESSAGE_TEMPLATES_PATH: &str = "/admin/settings/setup/message-templates";
/// The document that shows how a message's HTML would arrive, which the editor frames.
pub const PREVIEW_PATH: &str = "/admin/settings/setup/message-templates/{message}/{language}/preview";

/// The list of messages in a language.
pub fn list_path(language: Language) -> String {
    format!("{MESSAGE_TEMPLATES_PATH}?language={}", language.as_str())
}

/// The editor of a message.
pub fn message_path(language: Language, message: Message) -> String {
    format!("{MESSAGE_TEMPLATES_PATH}/{}/{}", message.as_str(), language.as_str())
}

/// How its HTML would arrive.
pub fn preview_path(language: Language, message: Message) -> String {
    format!("{}/preview", message_path(language, message))
}

/// Where is asked whether it takes back what it came with.
pub fn reset_path(language: Language, message: Message) -> String {
    format!("{}/reset", message_path(language, message))
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/settings/setup/message-templates") view=MessageTemplatesPage />
        <Page path=path!("/settings/setup/message-templates/:message/:language") view=MessageTemplatePage />
        <Page path=path!("/settings/setup/message-templates/:message/:language/reset") view=ResetMessagePage />
    }
    .into_inner()
    .into_any_nested_route()
}
