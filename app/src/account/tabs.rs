//! The pages of a customer's own account. Administrators have one page for all of it.

use super::shared::load_me;
use crate::{login::types::Audience, ui::tabs::Tabs};
use leptos::prelude::*;

/// The links between them, with the one to two-factor authentication while that is allowed.
#[component]
pub fn OwnTabs(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    (audience == Audience::Customer).then(|| {
        let me = load_me(audience);
        view! {
            <Transition>
                {move || Suspend::new(async move {
                    me.await.ok().map(|me| {
                        let mut tabs = vec![(audience.home_path().to_owned(), tr!(account.profile))];
                        if me.two_factor_allowed {
                            tabs.push((audience.two_factor_path().to_owned(), tr!(enrollment.title)));
                        }
                        tabs.push((audience.security_path().to_owned(), tr!(account.security)));
                        view! { <Tabs label=tr!(account.title) tabs /> }
                    })
                })}
            </Transition>
        }
    })
}
