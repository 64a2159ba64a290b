//! Header texts → fields, with the content as a witness and the rivals that lost.

mod content;
mod map;
mod score;

pub use map::{ColumnMap, Header, Mapped, Rival, map};
pub use score::Dictionary;
