//! The rules of the configuration as a file.

use super::{BadInput, Change, ImportError, Report, export, import, parse::parse};
use crate::testing::{Fixture, on_every_database, smtp_form, sqlite};
use app::{
    audit::types::Action,
    configuration::types::Setting,
    error::{AppError, Refusal},
    login::types::Audience,
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{
        port::ServicesPort,
        types::{AnyService, Channel, SmtpForm},
    },
};
use proptest::prelude::*;
use sea_orm::EntityTrait;

const MAIL: &str = r#"
[[provider]]
title = "Mail"
kind = "smtp"
host = "mail.example.org"
port = 587
encryption = "starttls"
user_name = "relay"
from_address = "no-reply@example.org"
from_name = "Example"

[[secondary_auth]]
title = "Email"
provider = "Mail"

[policy.admin]
allowed = true

[policy.customer]
allowed = true
forbidden = ["sms"]
"#;

/// A mail server that needs more than most.
const MORE: &str = r#"
[[provider]]
title = "Mail"
kind = "smtp"
host = "smtp.office365.com"
port = 587
encryption = "starttls"
user_name = "robot@example.org"
from_address = "robot@example.org"
reply_to = "help@example.org"
ehlo_name = "id.example.org"
sign_in = "microsoft"
client_id = "the-client"
tenant = "example.org"
token_url = "https://login.example.org/token"
"#;

const REQUIRED: &str = "\n[configuration]\nrequire_admin_two_factor = true\n";

async fn apply(fixture: &Fixture, file: &str) -> Report {
    import(&fixture.core, file, false).await.expect("imported")
}

/// The line and the words of a refusal, with which nothing was changed.
async fn refused(fixture: &Fixture, file: &str) -> String {
    let before = export(&fixture.core).await.expect("exports");
    let error = import(&fixture.core, file, false).await.expect_err("refused");
    assert_eq!(export(&fixture.core).await.expect("exports"), before, "a part of it was applied");
    match error {
        ImportError::Bad(bad) => bad.to_string(),
        ImportError::Refused(error) => format!("{error:?}"),
    }
}

async fn smtp(fixture: &Fixture, title: &str) -> app::services::types::SmtpService {
    let services = fixture.services().list().await.expect("lists");
    let id = services.iter().find(|service| service.title == title).expect("it is there").id;
    match fixture.services().get(id).await.expect("shows") {
        AnyService::Smtp(service) => service,
        other => panic!("not a mail server: {other:?}"),
    }
}

#[tokio::test]
async fn a_file_goes_into_an_empty_database_and_comes_out_the_same() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        fixture.offer_mail().await;
        let odd = SmtpForm {
            title: "Zweiter \"Server\" \\ 🦀".to_owned(),
            user_name: String::new(),
            password: String::new(),
            from_name: "Ä 'x'".to_owned(),
            ..smtp_form()
        };
        fixture.services().save_smtp(&admin, None, &odd).await.expect("saved");
        for kind in [Channel::Authenticator, Channel::Passkey] {
            fixture.services().save_plain(&admin, None, kind, kind.as_str()).await.expect("saved");
        }
        for service in fixture.services().list().await.expect("lists") {
            if service.kind == Channel::Authenticator {
                fixture
                    .secondary_auth()
                    .save(&admin, None, &service.id.to_string(), "App", &[])
                    .await
                    .expect("offered");
            }
            if service.kind == Channel::Passkey {
                fixture.services().set_active(&admin, service.id, false).await.expect("switched");
            }
        }
        fixture.policy().set_allowed(&admin, Audience::Customer, false).await.expect("stopped");
        crate::rules::policies::set_forbidden(&fixture.core.db, Audience::Customer, &[Channel::Sms])
            .await
            .expect("forbidden");
        fixture.set(Setting::TrustedDeviceDays, 7).await;
        fixture.set(Setting::SelfRegistration, 1).await;
        let file = export(&fixture.core).await.expect("exports");
        let empty = sqlite().await;
        let report = apply(&empty, &file).await;
        assert_eq!(report.changes.iter().filter(|change| matches!(change, Change::Added(_))).count(), 6);
        assert_eq!(export(&empty.core).await.expect("exports"), file);
        // The second time there is nothing to do, in either of them.
        for fixture in [&fixture, &empty] {
            let before = fixture.events(Action::ServiceSaved).await.len();
            let again = apply(fixture, &file).await;
            assert!(again.changes.is_empty() && again.kept.is_empty(), "{again}");
            assert!(again.unchanged > 30);
            assert_eq!(fixture.events(Action::ServiceSaved).await.len(), before);
        }
    })
    .await;
}

#[tokio::test]
async fn a_requirement_travels_too() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        fixture.enrolled_admin("ada@example.org").await;
        fixture.set(Setting::RequireAdminTwoFactor, 1).await;
        let file = export(&fixture.core).await.expect("exports");
        let empty = sqlite().await;
        apply(&empty, &file).await;
        assert_eq!(export(&empty.core).await.expect("exports"), file);
        assert!(apply(&fixture, &file).await.changes.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_changes_nothing() {
    on_every_database(async |fixture| {
        let before = export(&fixture.core).await.expect("exports");
        let dry = import(&fixture.core, MAIL, true).await.expect("tried");
        assert_eq!(export(&fixture.core).await.expect("exports"), before);
        for action in [Action::ServiceSaved, Action::SecondaryAuthSaved, Action::PolicyChanged] {
            assert!(fixture.events(action).await.is_empty(), "{action:?} was recorded");
        }
        assert_eq!(apply(&fixture, MAIL).await, dry);
        let report_text = dry.to_string();
        for line in [
            "added    provider \"Mail\": kind = \"smtp\", host = \"mail.example.org\", port = 587",
            "added    secondary auth \"Email\": provider = \"Mail\"",
            "changed  policy admin: allowed from false to true",
            "changed  policy customer: forbidden from [] to [\"sms\"]",
        ] {
            assert!(report_text.contains(line), "{line} is missing:\n{report_text}");
        }
        // What it does not name stays, and is told.
        assert!(
            dry.kept.contains(&"policy admin: forbidden".to_owned()) && dry.kept.contains(&"configuration".to_owned())
        );
        let bad = import(&fixture.core, "[[provider]]\ntitle = \"X\"\nkind = \"smtp\"", true).await;
        assert!(matches!(bad, Err(ImportError::Bad(_))), "a dry run finds what is wrong");
    })
    .await;
}

#[tokio::test]
async fn what_the_file_does_not_name_stays() {
    on_every_database(async |fixture| {
        apply(&fixture, MAIL).await;
        let other = "[[provider]]\ntitle = \"App\"\nkind = \"authenticator\"\nactive = false\n";
        let report = apply(&fixture, other).await;
        assert_eq!(report.changes.len(), 1);
        assert!(report.kept.contains(&"provider \"Mail\"".to_owned()) && report.to_string().contains("provider \"Mail\""));
        let small = "[[provider]]\ntitle = \" Mail \"\nkind = \"smtp\"\nfrom_name = \"New\"\n[configuration]\ncode_minutes = 5\n";
        let report = apply(&fixture, small).await;
        let report_text: Vec<_> = report.changes.iter().map(|change| format!("{change:?}")).collect();
        assert_eq!(report_text.len(), 2, "{report_text:?}");
        let mail = smtp(&fixture, "Mail").await;
        assert_eq!((mail.form.from_name.as_str(), mail.form.host.as_str()), ("New", "mail.example.org"));
        assert!(mail.active && report.kept.contains(&"provider \"Mail\": host".to_owned()));
        assert_eq!(fixture.services().list().await.expect("lists").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_secret_stays_with_its_server_and_never_enters_the_file() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        fixture
            .services()
            .save_smtp(&admin, None, &SmtpForm { title: "Mail".to_owned(), ..smtp_form() })
            .await
            .expect("saved");
        let file = export(&fixture.core).await.expect("exports");
        assert!(!file.contains("s3cret-relay") && file.contains("--secret-stdin"));
        let row = crate::entity::service_provider::Entity::find().one(&fixture.core.db).await.expect("answers");
        let sealed = row.expect("a provider").secret.expect("a secret");
        assert!(!file.contains(&sealed));
        apply(&fixture, &file.replace("from_name = \"Configio\"", "from_name = \"Other\"")).await;
        let kept = smtp(&fixture, "Mail").await;
        assert!(kept.password_set && kept.form.from_name == "Other");
        for (from, to) in [
            ("mail.example.org", "evil.example"),
            ("port = 587", "port = 25"),
            ("relay", "other"),
            ("starttls", "none"),
        ] {
            let report_text = refused(&fixture, &file.replace(from, to)).await;
            let line = file.lines().position(|line| line.contains(from)).expect("it is there") + 1;
            assert!(report_text.starts_with(&format!("line {line}: provider \"Mail\", password: ")), "{report_text}");
        }
        assert!(smtp(&fixture, "Mail").await.password_set);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_would_lock_administrators_out_is_refused_whole() {
    on_every_database(async |fixture| {
        fixture.administrator("ada@example.org").await;
        let nobody = refused(&fixture, &format!("{MAIL}{REQUIRED}")).await;
        assert!(nobody.starts_with("line 24: require_admin_two_factor: no administrator"), "{nobody}");
        assert!(
            refused(&fixture, REQUIRED).await.starts_with("line 3: require_admin_two_factor: This cannot be required")
        );
        apply(&fixture, MAIL).await;
        fixture.enrolled_admin("rita@example.org").await;
        apply(&fixture, REQUIRED).await;
        for taken_away in
            ["[policy.admin]\nallowed = false\n", "[[provider]]\ntitle = \"Mail\"\nkind = \"smtp\"\nactive = false\n"]
        {
            let error = import(&fixture.core, taken_away, false).await.expect_err("refused");
            let ImportError::Refused(AppError::Refused { reason, .. }) = error else { panic!("{error:?}") };
            assert_eq!(reason, Refusal::RequiredForAdmins { accounts: 2 });
        }
        // Together with the end of the requirement it is nobody's loss.
        apply(&fixture, "[policy.admin]\nallowed = false\n[configuration]\nrequire_admin_two_factor = false\n").await;
    })
    .await;
}

#[tokio::test]
async fn the_words_of_messages_travel_too() {
    on_every_database(async |fixture| {
        let file = "[message.password_reset.de]\nsubject = \"New password\"\ntext = \"  Here:\\n\\n{{ link }}\\n\"\n";
        let report = apply(&fixture, file).await;
        assert_eq!(report.changes.len(), 1, "{:?}", report.changes);
        let exported = export(&fixture.core).await.expect("exports");
        assert!(exported.contains("[message.password_reset.de]\nsubject = \"New password\"\n"), "{exported}");
        assert!(exported.contains("color-scheme"), "the HTML is the default's");
        assert_eq!(apply(&fixture, &exported).await.changes, [], "it comes back as it went");
        assert_eq!(fixture.events(Action::TemplateSaved).await, ["Password reset: de"]);
        for (bad, words) in [
            (file.replace("{{ link }}", "{{ lnik }}"), "lnik"),
            (file.replace("password_reset", "pigeon"), "pigeon"),
            (file.replace(".de]", ".tlh]"), "tlh"),
            (file.replace("text =", "body ="), "body"),
        ] {
            assert!(refused(&fixture, &bad).await.contains(words), "{bad}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_brand_travels_too() {
    on_every_database(async |fixture| {
        let file = "[brand]\nname = \"Acme\"\nhelp = \"https://help.example.org/\"\n";
        assert_eq!(apply(&fixture, file).await.changes.len(), 1);
        let exported = export(&fixture.core).await.expect("exports");
        assert!(exported.contains(file), "{exported}");
        assert_eq!(apply(&fixture, &exported).await.changes, [], "it comes back as it went");
        assert_eq!(apply(&fixture, "[brand]\nhelp = \"\"\n").await.changes.len(), 1, "what is empty has its default");
        assert!(!export(&fixture.core).await.expect("exports").contains("help ="));
        for (bad, words) in [
            ("[brand]\nhelp = \"javascript:alert(1)\"\n", "line 2: brand, help"),
            ("[brand]\naccent = \"#ffcc00\"\n", "line 2: brand, accent"),
            ("[brand]\nlogo = \"x\"\n", "logo"),
        ] {
            let told = refused(&fixture, bad).await;
            assert!(told.contains(words), "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn everything_is_recorded_as_done_at_the_command_line() {
    use crate::entity::audit_event::{Column, Entity};
    use sea_orm::{ColumnTrait, ExprTrait, QueryFilter};
    on_every_database(async |fixture| {
        apply(&fixture, &format!("{MAIL}\n[configuration]\ncode_minutes = 5\n")).await;
        assert_eq!(fixture.events(Action::ServiceSaved).await, ["Mail: added, mail.example.org:587"]);
        assert_eq!(fixture.events(Action::SecondaryAuthSaved).await, ["Email: added, Mail"]);
        assert_eq!(
            fixture.events(Action::PolicyChanged).await,
            ["admin: allowed", "customer: allowed", "customer: forbidden: sms"]
        );
        assert_eq!(fixture.events(Action::ConfigurationChanged).await, ["code_minutes: 10 to 5"]);
        let others =
            Entity::find().filter(Column::Actor.ne("command line").or(Column::Actor.is_null())).all(&fixture.core.db);
        assert!(others.await.expect("answers").is_empty());
    })
    .await;
}

#[tokio::test]
async fn bad_input_gets_one_line_with_its_place() {
    let fixture = sqlite().await;
    apply(&fixture, MAIL).await;
    for (file, report_text) in [
        ("provider", "line 1: "),
        ("\n\n[[provider]\n", "line 3: "),
        (
            "[nonsense]\n",
            "line 1: unknown field `nonsense`, expected one of `provider`, `secondary_auth`, `policy`, `configuration`",
        ),
        ("provider = 1", "line 1: invalid type: integer `1`, expected tables in two brackets, as in [[provider]]"),
        ("[provider]\ntitle = \"X\"", "line 1: invalid type: map, expected tables in two brackets, as in [[provider]]"),
        ("[[provider]]\nkind = \"smtp\"", "line 1: this provider has no title"),
        ("[[provider]]\ntitle = \"X\"", "line 2: provider \"X\" has no kind: it is one of smtp, sms,"),
        ("[[provider]]\ntitle = \"X\"\nkind = \"fax\"", "line 3: \"fax\" is no kind of provider"),
        ("[[provider]]\ntitle = 7\nkind = \"smtp\"", "line 2: title: this has to be text in quotes"),
        (
            "[[provider]]\ntitle = \"Mail\"\nkind = \"passkey\"",
            "line 3: provider \"Mail\", kind: the stored one is smtp",
        ),
        (
            "[[provider]]\ntitle = \"Mail\"\nkind = \"smtp\"\nport = \"587\"",
            "line 4: provider \"Mail\", port: this has to be a whole number",
        ),
        ("[[provider]]\ntitle = \"Mail\"\nkind = \"smtp\"\nport = 99999", "line 4: provider \"Mail\", port: "),
        ("[[provider]]\ntitle = \"Mail\"\nkind = \"smtp\"\nhost = \"not a host\"", "line 4: provider \"Mail\", host: "),
        (
            "[[provider]]\ntitle = \"Mail\"\nkind = \"smtp\"\nhost = \"169.254.169.254\"",
            "line 4: provider \"Mail\", host: ",
        ),
        (
            "[[provider]]\ntitle = \"New\"\nkind = \"smtp\"\nport = 25",
            "line 2: provider \"New\", host: Please fill this in.",
        ),
        (
            "[[provider]]\ntitle = \"Mail\"\nkind = \"smtp\"\npassword = \"x\"",
            "line 4: provider \"Mail\" has no key \"password\"",
        ),
        ("[[provider]]\ntitle = \"\"\nkind = \"passkey\"", "line 2: provider \"\", title: Please fill this in."),
        ("[[provider]]\ntitle = \"a\\u0007b\"\nkind = \"passkey\"", "line 2: provider"),
        (
            "[[provider]]\ntitle = \"A\"\nkind = \"passkey\"\n[[provider]]\ntitle = \"A \"\nkind = \"passkey\"",
            "line 5: the title \"A\" is in use already",
        ),
        ("[[secondary_auth]]\ntitle = \"X\"", "line 2: secondary auth \"X\": it has no provider"),
        (
            "[[secondary_auth]]\ntitle = \"X\"\nprovider = \"Y\"",
            "line 3: secondary auth \"X\": there is no provider \"Y\"",
        ),
        ("[policy.guest]\nallowed = true", "line 1: unknown field `guest`, expected `admin` or `customer`"),
        ("[policy.admin]\nallowed = 1", "line 2: policy admin, allowed: this has to be true or false"),
        ("[policy.admin]\nforbidden = [\"fax\"]", "line 2: policy admin, forbidden: \"fax\" is no kind of provider"),
        ("[policy.admin]\nforbidden = \"sms\"", "line 2: policy admin, forbidden: this has to be a list"),
        ("[configuration]\n\ncode_minutes = 11", "line 3: configuration, code_minutes: "),
        ("[configuration]\ncode_minutes = true", "line 2: configuration, code_minutes: this has to be a whole number"),
        ("[configuration]\ncode_minutes = 99999999999999999999", "line 2: "),
        ("[configuration]\ncode_minutes = -1", "line 2: configuration, code_minutes: "),
        (
            "[configuration]\nself_registration = 1",
            "line 2: configuration, self_registration: this has to be true or false",
        ),
        ("[configuration]\ncolour = \"red\"", "line 2: configuration has no key \"colour\""),
    ] {
        let words = refused(&fixture, file).await;
        assert!(words.starts_with(report_text), "{file:?} was answered with {words:?} and not with {report_text:?}");
        assert!(!words.contains('\n') && words.chars().all(|c| !c.is_control()), "{words:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_input_brings_the_parser_down(text in "\\PC{0,200}|(\\[|\\]|\"|=|\n|provider|title|kind|smtp|policy|admin|[a-z0-9_. ]){0,60}") {
        if let Err(BadInput { line, what }) = parse(&text) {
            prop_assert!((1..=text.split('\n').count()).contains(&line), "line {line} of {text:?}");
            prop_assert!(!what.is_empty());
        }
    }

    #[test]
    fn no_damage_to_a_file_brings_the_parser_down(at in 0..MAIL.len(), length in 0..40usize, put in "\\PC{0,20}") {
        let end = (at + length).min(MAIL.len());
        let _ = parse(&format!("{}{put}{}", &MAIL[..at], &MAIL[end..]));
    }
}

#[tokio::test]
async fn what_only_some_mail_servers_need_travels_too_and_no_secret_does() {
    on_every_database(async |fixture| {
        // Without its secrets it cannot be new.
        assert!(refused(&fixture, MORE).await.contains("--secret-stdin"));
        let form = SmtpForm {
            title: "Mail".to_owned(),
            sign_in: "google".to_owned(),
            client_id: "x".to_owned(),
            client_secret: "cl13nt-s3cret".to_owned(),
            refresh_token: "r3fresh".to_owned(),
            password: String::new(),
            ca: crate::testing::authority::Authority::new().pem(),
            reply_to: "help@example.org".to_owned(),
            ..smtp_form()
        };
        fixture.services().save_smtp(&fixture.admin(), None, &form).await.expect("saved");
        let file = export(&fixture.core).await.expect("exports");
        assert!(file.contains("sign_in = \"google\"") && file.contains("BEGIN CERTIFICATE"), "{file}");
        assert!(file.contains("reply_to = \"help@example.org\"") && !file.contains("ehlo_name"), "{file}");
        assert!(!file.contains("s3cret") && !file.contains("r3fresh") && file.contains("--secret-stdin"), "{file}");
        let report = apply(&fixture, &file).await;
        assert!(report.changes.is_empty(), "{:?}", report.changes);
        // Another place asks for them again.
        let elsewhere = file.replace("client_id = \"x\"", "client_id = \"y\"");
        assert!(refused(&fixture, &elsewhere).await.contains("on the provider's page"));
    })
    .await;
}
