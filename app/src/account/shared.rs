//! Who is signed in, loaded once for all parts of a page that say so: its frame, its tabs and the page itself.

use super::{api::get_me, types::Me};
use crate::{login::types::Audience, ui::load::Load};
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Shared(Audience, Load<Me>);

/// Who is signed in. The frame around a page asks first, and what stands in it gets the same answer.
pub fn load_me(audience: Audience) -> Load<Me> {
    if let Some(Shared(whose, me)) = use_context()
        && whose == audience
    {
        return me;
    }
    let me = Load::new(get_me(audience));
    provide_context(Shared(audience, me));
    me
}
