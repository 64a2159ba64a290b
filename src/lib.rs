//! sanpi

pub mod discover;
pub mod model;
pub mod spec;
pub mod submissions;
