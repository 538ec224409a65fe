//! The rules of helpdesk codes.

use super::{EMAIL, enrolled, left, new_codes, stored, use_code};
use crate::{
    rules::rules,
    testing::{Fixture, on_every_database, reason},
};
use app::{
    audit::types::Action,
    caller::Session,
    configuration::types::Setting,
    error::{AppError, Refusal},
    login::types::Audience,
    recovery::{
        port::RecoveryPort,
        types::{LENGTH, in_groups},
    },
};
use uuid::Uuid;

/// An administrator with an account of their own.
async fn admin(fixture: &Fixture) -> Session {
    let account_id = fixture.administrator("ada@example.org").await;
    Session { account_id, ..fixture.admin() }
}

/// Issues a code for a customer and reads it on its page.
async fn issue(fixture: &Fixture, admin: &Session, account: Uuid) -> String {
    let once = fixture.recovery().issue(admin, Audience::Customer, account).await.expect("issued").secret;
    let page = fixture.recovery().helpdesk(admin, Audience::Customer, account, Some(&once)).await.expect("shows");
    let again = fixture.recovery().helpdesk(admin, Audience::Customer, account, Some(&once)).await.expect("shows");
    assert_eq!(again.code, None, "it is shown once");
    page.code.expect("a code")
}

#[tokio::test]
async fn it_signs_in_once_and_leaves_the_recovery_codes_alone() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        new_codes(&fixture, &session).await;
        let admin = admin(&fixture).await;
        let code = issue(&fixture, &admin, session.account_id).await;
        assert_eq!(code.len(), LENGTH);
        assert!(stored(&fixture).await.iter().all(|row| !format!("{row:?}").contains(&code)));
        let waiting = fixture.password_session(EMAIL).await;
        use_code(&fixture, &waiting, &in_groups(&code)).await.expect("signs in");
        assert_eq!(left(&fixture, &session).await, 10);
        fixture.clock.pass(30);
        let waiting = fixture.password_session(EMAIL).await;
        assert_eq!(reason(use_code(&fixture, &waiting, &code).await), Refusal::RecoveryCodeUsed);
    })
    .await;
}

#[tokio::test]
async fn it_lives_for_minutes_and_a_new_one_voids_it() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let admin = admin(&fixture).await;
        let old = issue(&fixture, &admin, session.account_id).await;
        let code = issue(&fixture, &admin, session.account_id).await;
        let waiting = fixture.password_session(EMAIL).await;
        assert_eq!(reason(use_code(&fixture, &waiting, &old).await), Refusal::WrongRecoveryCode);
        fixture.clock.pass(15 * 60);
        let waiting = fixture.password_session(EMAIL).await;
        assert_eq!(reason(use_code(&fixture, &waiting, &code).await), Refusal::RecoveryCodeExpired);
        fixture.set(Setting::HelpdeskMinutes, 5).await;
        let admin = Session { rules: rules(&fixture.core).await.expect("answers"), ..admin };
        let code = issue(&fixture, &admin, session.account_id).await;
        fixture.clock.pass(5 * 60);
        assert_eq!(reason(use_code(&fixture, &waiting, &code).await), Refusal::RecoveryCodeExpired);
        let code = issue(&fixture, &admin, session.account_id).await;
        fixture.clock.pass(5 * 60 - 1);
        use_code(&fixture, &waiting, &code).await.expect("its last second");
    })
    .await;
}

#[tokio::test]
async fn it_works_while_codes_are_locked_and_opens_the_lock() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let own = new_codes(&fixture, &session).await;
        let waiting = fixture.password_session(EMAIL).await;
        for _ in 0..10 {
            assert!(use_code(&fixture, &waiting, "0000-0000-0000-0000").await.is_err());
        }
        let admin = admin(&fixture).await;
        let code = issue(&fixture, &admin, session.account_id).await;
        let locked = Refusal::FactorLocked { minutes: 15 };
        assert_eq!(reason(use_code(&fixture, &waiting, &own[0]).await), locked);
        assert_eq!(reason(use_code(&fixture, &waiting, "0000-0000-0000-0000").await), locked);
        use_code(&fixture, &waiting, &code).await.expect("signs in");
        let account = fixture.account_row(session.account_id).await;
        assert_eq!((account.factor_failures, account.factor_locked_until), (0, None));
    })
    .await;
}

#[tokio::test]
async fn it_does_not_revive_a_factor_that_was_switched_off() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        fixture.set(Setting::DisableFailures, 20).await;
        let admin = admin(&fixture).await;
        let mut waiting = fixture.password_session(EMAIL).await;
        for _ in 0..2 {
            for _ in 0..10 {
                assert!(use_code(&fixture, &waiting, "0000-0000-0000-0000").await.is_err());
            }
            fixture.clock.pass(1_800);
            waiting = fixture.password_session(EMAIL).await;
        }
        let code = issue(&fixture, &admin, session.account_id).await;
        assert_eq!(reason(use_code(&fixture, &waiting, &code).await), Refusal::FactorDisabled);
    })
    .await;
}

#[tokio::test]
async fn it_is_never_for_oneself_nor_for_nobody() {
    on_every_database(async |fixture| {
        fixture.offer_mail().await;
        let admin = admin(&fixture).await;
        let own = fixture.recovery().issue(&admin, Audience::Admin, admin.account_id).await;
        assert_eq!(own.err(), Some(AppError::refused(Refusal::OwnAccount)));
        let carla = fixture.customer(EMAIL).await;
        let issue = async |audience, id| fixture.recovery().issue(&admin, audience, id).await.err();
        assert_eq!(issue(Audience::Customer, carla).await, Some(AppError::refused(Refusal::NoEntry)));
        assert_eq!(issue(Audience::Admin, carla).await, Some(AppError::NotFound), "she is no administrator");
        assert_eq!(issue(Audience::Customer, Uuid::now_v7()).await, Some(AppError::NotFound));
        assert!(stored(&fixture).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn issuing_and_using_it_is_recorded_and_announced() {
    on_every_database(async |fixture| {
        let session = enrolled(&fixture).await;
        let admin = admin(&fixture).await;
        let code = issue(&fixture, &admin, session.account_id).await;
        let waiting = fixture.password_session(EMAIL).await;
        use_code(&fixture, &waiting, &code).await.expect("signs in");
        assert_eq!(fixture.events(Action::HelpdeskCodeIssued).await, [format!("{EMAIL}: ")]);
        assert_eq!(fixture.events(Action::HelpdeskCodeUsed).await, [": sign-in"]);
        let mail = fixture.mail_so_far().await;
        for text in ["issued a helpdesk code", "A helpdesk code was used"] {
            assert!(mail.iter().any(|(to, body)| to == EMAIL && body.contains(text)), "{text}");
        }
        assert!(!format!("{mail:?}").contains(&code) && !format!("{mail:?}").contains(&in_groups(&code)));
    })
    .await;
}
