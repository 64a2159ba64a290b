//! sanpi

pub mod model;
pub mod spec;
