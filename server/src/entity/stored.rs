//! Columns whose text stands for a value of another type. It becomes that value as it is read: a text that this version
//! does not know fails the query, and nothing goes on with it.

use app::{
    audit::types::{Action, Outcome},
    challenge::types::Purpose,
    delivery::types::MessageKind,
    error::DeliveryFailure,
    language::types::Language,
    login::types::Audience,
    message_templates::types::Message,
    services::types::Channel,
};
use sea_orm::{
    ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value,
    sea_query::{ArrayType, ColumnType, Nullable, StringLen, ValueType, ValueTypeErr},
};
use uuid::Uuid;

/// A value as the text of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<T>(pub T);

/// What a column can hold as text.
pub trait Text: Sized {
    /// The text that is stored.
    fn to_text(&self) -> String;

    /// The value of a stored text; nothing for one that this version does not know.
    fn of_text(text: &str) -> Option<Self>;
}

/// What is stored by its name.
macro_rules! named {
    ($($name:ty),*) => {
        $(impl Text for $name {
            fn to_text(&self) -> String {
                self.as_str().to_owned()
            }

            fn of_text(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        })*
    };
}

named!(Action, Audience, Channel, Language, Message, MessageKind, Outcome, Purpose);

impl Text for Uuid {
    fn to_text(&self) -> String {
        self.to_string()
    }

    fn of_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A list, with commas between.
impl<T: Text> Text for Vec<T> {
    fn to_text(&self) -> String {
        self.iter().map(Text::to_text).collect::<Vec<_>>().join(",")
    }

    fn of_text(text: &str) -> Option<Self> {
        text.split(',').filter(|part| !part.is_empty()).map(T::of_text).collect()
    }
}

/// JSON.
impl Text for DeliveryFailure {
    fn to_text(&self) -> String {
        serde_json::json!(self).to_string()
    }

    fn of_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl<T: Text> From<Stored<T>> for Value {
    fn from(stored: Stored<T>) -> Self {
        stored.0.to_text().into()
    }
}

impl<T: Text> TryGetable for Stored<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, column: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, column)?;
        // Without the text: what somebody's server answered may stand in it.
        let unknown =
            || DbErr::Type(format!("column {column:?} holds no {} of this version", std::any::type_name::<T>()));
        T::of_text(&text).map(Self).ok_or_else(|| TryGetError::DbErr(unknown()))
    }
}

impl<T: Text> ValueType for Stored<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let text = <String as ValueType>::try_from(value)?;
        T::of_text(&text).map(Self).ok_or(ValueTypeErr)
    }

    fn type_name() -> String {
        "Stored".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::None)
    }
}

impl<T: Text> Nullable for Stored<T> {
    fn null() -> Value {
        Value::String(None)
    }
}

/// Primary keys have to say what they make of a number.
impl<T> TryFromU64 for Stored<T> {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("Stored"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::error::DeliveryFailureKind;

    #[test]
    fn what_is_stored_is_read_again_and_nothing_else_is() {
        assert_eq!(Audience::Admin.to_text(), "admin");
        assert_eq!(Audience::of_text("admin"), Some(Audience::Admin));
        for unknown in ["", "Admin", "admin ", "root"] {
            assert_eq!(Audience::of_text(unknown), None, "{unknown:?}");
        }
        assert_eq!(vec![Channel::Smtp, Channel::Passkey].to_text(), "smtp,passkey");
        assert_eq!(Vec::of_text("smtp,passkey"), Some(vec![Channel::Smtp, Channel::Passkey]));
        assert_eq!(Vec::<Channel>::of_text(""), Some(vec![]));
        assert_eq!(Vec::<Channel>::of_text("smtp,pigeon"), None, "one unknown spoils the list");
        let failure = DeliveryFailure { kind: DeliveryFailureKind::TimedOut, answer: Some("\"no\"".to_owned()) };
        assert_eq!(DeliveryFailure::of_text(&failure.to_text()), Some(failure));
        assert_eq!(DeliveryFailure::of_text("{}"), None);
    }
}
