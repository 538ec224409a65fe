//! The parts of pages that are alive by themselves.

use crate::{
    challenge::waiting::{Follow, Late, SendNewCodeButton},
    configuration::{changes::Changes, switch::Switch},
    island::{Island, wake},
    passkey::page::PasskeyButton,
    recovery::keep_by_script::LivingWays,
    ui::{copy::CopyButton, idle::IdleWarning, password_tools::PasswordTools},
};
use leptos::web_sys::HtmlElement;

/// Brings the element to life by the island of that name.
pub(crate) fn hydrate(name: &str, element: &HtmlElement) {
    match name {
        Changes::NAME => wake::<Changes>(element),
        CopyButton::NAME => wake::<CopyButton>(element),
        Follow::NAME => wake::<Follow>(element),
        IdleWarning::NAME => wake::<IdleWarning>(element),
        Late::NAME => wake::<Late>(element),
        LivingWays::NAME => wake::<LivingWays>(element),
        PasskeyButton::NAME => wake::<PasskeyButton>(element),
        PasswordTools::NAME => wake::<PasswordTools>(element),
        SendNewCodeButton::NAME => wake::<SendNewCodeButton>(element),
        Switch::NAME => wake::<Switch>(element),
        // One of a newer server: the page stays as it is without JavaScript.
        _ => {}
    }
}
