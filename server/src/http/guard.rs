//! Pages that need a session lead to the sign-in. Server functions authorise by themselves.

use app::{
    caller::{Caller, Stage},
    login::types::Audience,
    step_up::routes::way_back,
};
use axum::{
    extract::Request,
    http::{HeaderName, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};

/// What a page asks of its visitor.
#[derive(Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// Nobody who is signed in: the sign-in itself.
    Stranger(Audience),
    Code(Audience),
    SignIn(Audience),
}

fn needs(path: &str) -> Needs {
    let within = |root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    if let Some(audience) = Audience::ALL
        .into_iter()
        .find(|a| [a.code_path(), a.methods_path(), a.recovery_path()].contains(&path.trim_end_matches('/')))
    {
        return Needs::Code(audience);
    }
    let named = |name: fn(Audience) -> &'static str| {
        Audience::ALL.into_iter().find(|audience| name(*audience) == path.trim_end_matches('/'))
    };
    if let Some(audience) = named(Audience::login_path) {
        return Needs::Stranger(audience);
    }
    if let Some(audience) = named(Audience::login_with_code_path) {
        return Needs::Stranger(audience);
    }
    if named(Audience::forgot_path).is_some() {
        return Needs::Nothing;
    }
    match path {
        _ if within("/admin") => Needs::SignIn(Audience::Admin),
        _ if within("/account") => Needs::SignIn(Audience::Customer),
        _ => Needs::Nothing,
    }
}

/// Lets a page be seen by those it is for.
pub async fn pages(request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let needs = needs(request.uri().path());
    let caller = request.extensions().get::<Caller>().cloned();
    let stage = match needs {
        Needs::Nothing => None,
        Needs::Stranger(audience) | Needs::Code(audience) | Needs::SignIn(audience) => {
            caller.as_ref().and_then(|caller| caller.session(audience)).map(|session| session.stage)
        }
    };
    if let (Needs::SignIn(audience), None | Some(Stage::CodeNeeded), Some(caller)) = (&needs, stage, &caller) {
        keep_way_back(caller, *audience, request.uri());
    }
    match (needs, stage) {
        (Needs::Nothing, _)
        | (Needs::Stranger(_), None | Some(Stage::CodeNeeded))
        | (Needs::Code(_), Some(Stage::CodeNeeded))
        | (Needs::SignIn(_), Some(Stage::SignedIn)) => next.run(request).await,
        // What just happened is told there, whoever is signed in.
        (Needs::Stranger(_), _) if request.uri().query().is_some_and(|query| query.starts_with("done=")) => {
            next.run(request).await
        }
        (Needs::SignIn(audience), Some(Stage::EnrollmentNeeded)) => {
            if serves_enrollment(audience, request.uri().path()) {
                next.run(request).await
            } else {
                Redirect::to(audience.two_factor_path()).into_response()
            }
        }
        (Needs::Stranger(audience) | Needs::Code(audience), Some(Stage::EnrollmentNeeded)) => {
            Redirect::to(audience.two_factor_path()).into_response()
        }
        (Needs::Stranger(audience) | Needs::Code(audience), Some(Stage::SignedIn)) => {
            Redirect::to(audience.home_path()).into_response()
        }
        (Needs::SignIn(audience), Some(Stage::CodeNeeded)) => code_missing(audience),
        (Needs::Code(audience) | Needs::SignIn(audience), None) => Redirect::to(audience.login_path()).into_response(),
    }
}

/// Keeps the page that was asked for while its visitor signs in, or that there is none: the page to come home to needs
/// no keeping, and what is no page is nothing to come back to.
fn keep_way_back(caller: &Caller, audience: Audience, uri: &Uri) {
    let (path, query) = (uri.path(), uri.query().unwrap_or_default());
    // What a page said about something before is over; and a cookie takes no quotes, commas and semicolons.
    let kept =
        !query.is_empty() && !query.contains("done=") && !query.contains("__") && !query.contains(['"', ',', ';']);
    let asked = if kept { format!("{path}?{query}") } else { path.to_owned() };
    let home = audience.home_path();
    let leads = path.trim_end_matches('/') != home && !path.contains('.') && way_back(audience, &asked) != home;
    if leads || caller.browser.way_back(audience).is_some() {
        caller.browser.set_way_back(audience, leads.then_some(asked.as_str()));
    }
}

/// The only pages for somebody who has to set up a second factor first; the last ones confirm the password before.
fn serves_enrollment(audience: Audience, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let deletes = path.strip_prefix(audience.two_factor_path()).is_some_and(|rest| rest.starts_with("/delete/"));
    let confirms = path.starts_with(audience.confirm_path());
    path == audience.two_factor_path() || path == audience.verify_path() || deletes || confirms
}

/// Refuses with 401 and still leads a browser on (ASVS 6.3.4 asks for the refusal, people for the way).
fn code_missing(audience: Audience) -> Response {
    let path = audience.code_path();
    let refresh = (HeaderName::from_static("refresh"), format!("0; url={path}"));
    let page = format!("<!doctype html><title>401</title><p><a href=\"{path}\">{path}</a>");
    (StatusCode::UNAUTHORIZED, [refresh, (header::CACHE_CONTROL, "no-store".to_owned())], Html(page)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_private_address_needs_its_session() {
        use Audience::{Admin, Customer};
        for (path, expected) in [
            ("/login", Needs::Stranger(Customer)),
            ("/login/with-code", Needs::Stranger(Customer)),
            ("/admin/login/with-code", Needs::Stranger(Admin)),
            ("/login/code", Needs::Code(Customer)),
            ("/login/recovery", Needs::Code(Customer)),
            ("/admin/login/recovery", Needs::Code(Admin)),
            ("/admin/login", Needs::Stranger(Admin)),
            ("/admin/login/code/", Needs::Code(Admin)),
            ("/admin", Needs::SignIn(Admin)),
            ("/admin/anything/new", Needs::SignIn(Admin)),
            ("/admin/login/forgot", Needs::Nothing),
            ("/admin/login/other", Needs::SignIn(Admin)),
            ("/account/", Needs::SignIn(Customer)),
            ("/account/two-factor", Needs::SignIn(Customer)),
            ("/accounting", Needs::Nothing),
            ("/setup/token", Needs::Nothing),
        ] {
            assert_eq!(needs(path), expected, "{path}");
        }
    }
}
