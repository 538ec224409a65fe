//! Where the brand is set.

use super::page::BrandPage;
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page of the brand.
pub const BRAND_PATH: &str = "/admin/settings/setup/brand";
/// The document that shows how a page would look, which the page frames.
pub const BRAND_PREVIEW_PATH: &str = "/admin/settings/setup/brand/preview";

/// The document that shows how an email would look.
pub const BRAND_MAIL_PREVIEW_PATH: &str = "/admin/settings/setup/brand/preview/mail";
/// Where pictures are uploaded, below it by what they are for.
pub const PICTURES_PATH: &str = "/admin/settings/setup/brand/pictures";

/// Where a file of the brand is found: its name carries its hash.
pub fn file_path(name: &str) -> String {
    format!("/brand/{name}")
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! { <Page path=path!("/settings/setup/brand") view=BrandPage /> }.into_inner().into_any_nested_route()
}
