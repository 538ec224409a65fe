//! The rules of secondary auths.

use crate::testing::on_every_database;
use app::{
    error::{AppError, Problem},
    ports::Deleted,
    secondary_auth::port::SecondaryAuthPort,
    services::port::ServicesPort,
};
use uuid::Uuid;

mod deleted;

#[tokio::test]
async fn it_needs_a_title_of_its_own_and_a_provider() {
    on_every_database(async |fixture| {
        let admin = fixture.admin();
        fixture.offer_mail().await;
        let service = fixture.services().list().await.expect("lists")[0].id.to_string();
        for (service, title, field, problem) in [
            (service.as_str(), "", "title", Problem::Required),
            (service.as_str(), "Email", "title", Problem::Taken),
            (service.as_str(), "a\u{7}b", "title", Problem::ControlCharacters),
            ("nonsense", "Other", "service", Problem::NotAChoice),
            (&Uuid::now_v7().to_string(), "Other", "service", Problem::NotAChoice),
        ] {
            let error = fixture.secondary_auth().save(&admin, None, service, title, &[]).await.expect_err("refused");
            assert_eq!(error.problem_of(field), Some(&problem), "{title:?}");
        }
        let missing = fixture.secondary_auth().save(&admin, Some(Uuid::now_v7()), &service, "Other", &[]).await;
        assert_eq!(missing, Err(AppError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn deleting_it_asks_first() {
    on_every_database(async |fixture| {
        fixture.enrolled_customer("carla@example.org").await;
        let admin = fixture.admin();
        let auth = fixture.secondary_auth().list().await.expect("lists").remove(0);
        assert_eq!(auth.enrolled, 1);
        let asked = fixture.secondary_auth().delete(&admin, auth.id, false).await.expect("answers");
        assert!(matches!(asked, Deleted::NeedsConfirmation));
        fixture.secondary_auth().delete(&admin, auth.id, true).await.expect("deleted");
        let next = fixture.log_in("carla@example.org", crate::testing::PASSWORD, None).await.expect("signs in");
        assert!(!next.code_needed, "nobody is locked out by it");
    })
    .await;
}
