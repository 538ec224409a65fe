//! Icons, drawn with the text's colour and hidden from screen readers.

use crate::services::types::Channel;
use leptos::prelude::*;

/// A pencil.
#[component]
pub fn EditIcon() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 20h4L19 9a2.8 2.8 0 0 0-4-4L4 16v4z" />
            <path d="m13.5 6.5 4 4" />
        </svg>
    }
}

/// A bin.
#[component]
pub fn DeleteIcon() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5" />
        </svg>
    }
}

/// A shield with a tick: the sign of the brand.
#[component]
pub fn ShieldIcon() -> impl IntoView {
    view! {
        <svg class="icon shield" viewBox="0 0 24 24" aria-hidden="true">
            // By classes: in the browser Leptos puts each path into a `<g>` of its own, so none is the last child.
            <path class="shield-ground" d="M12 3 5 6v5c0 4.6 2.9 8.2 7 10 4.1-1.8 7-5.4 7-10V6l-7-3z" />
            <path class="shield-tick" d="m9 12 2.2 2.2L15.5 10" />
        </svg>
    }
}

/// Four tiles.
pub const DASHBOARD: &str = "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z";
/// Two people.
pub const PEOPLE: &str = "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.3 2.7-6 6-6s6 2.7 6 6M16 4.5a3.5 3.5 0 0 1 0 6M18 14.6c1.8.9 3 3 3 5.4";
/// Lines of a list.
pub const LIST: &str = "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01";
/// An envelope.
pub const ENVELOPE: &str = "M4 6h16v12H4zM4 7l8 6 8-6";
/// A cog wheel.
pub const GEAR: &str = "M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M5.6 18.4l1.8-1.8M16.6 7.4l1.8-1.8";
/// A spanner.
pub const TOOLS: &str = "M14.5 6.5a4 4 0 0 0-5.2 5.2L4 17v3h3l5.3-5.3a4 4 0 0 0 5.2-5.2L15 12l-3-3 2.5-2.5z";
/// Sliders.
pub const SLIDERS: &str =
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z";
/// A painter's palette.
pub const PALETTE: &str = "M12 21a9 9 0 1 1 9-9c0 2.2-1.5 3-3.2 3h-2.3a2 2 0 0 0-1.6 3.2c.8 1.2.2 2.8-1.9 2.8zM7.5 12h.01M10 8h.01M14.5 8h.01";
/// A tick.
pub const CHECK: &str = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.5l2.8 2.8L16 9.5";
/// Layers.
pub const LAYERS: &str = "m12 4 8 4-8 4-8-4 8-4zM4 12l8 4 8-4M4 16l8 4 8-4";
/// One person.
pub const PERSON: &str = "M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c0-3.6 3.1-6 7-6s7 2.4 7 6";

/// A globe.
pub const GLOBE: &str = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c2.5 2.5 3.8 5.5 3.8 9s-1.3 6.5-3.8 9c-2.5-2.5-3.8-5.5-3.8-9s1.3-6.5 3.8-9z";

/// A speech bubble.
const BUBBLE: &str = "M4 5h16v11h-9l-4 4v-4H4z";
/// A phone with a code.
const APP: &str = "M7 3h10v18H7zM10.5 18h3M10 9h.01M12 9h.01M14 9h.01M10 12h.01M12 12h.01M14 12h.01";
/// A key.
const KEY: &str = "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9M18 12v4M15 12v3";

/// What a channel's icon is drawn with.
pub fn of_channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Smtp => ENVELOPE,
        Channel::Sms => BUBBLE,
        Channel::Authenticator => APP,
        Channel::Passkey => KEY,
    }
}

/// An icon of lines, by what it is drawn with.
#[component]
pub fn LineIcon(
    /// What it is drawn with.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path />
        </svg>
    }
}
