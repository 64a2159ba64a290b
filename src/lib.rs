//! sanpi: the batch job behind Henan's 三个一批 campaign.

pub mod columns;
pub mod dataset;
pub mod discover;
pub mod extract;
pub mod identify;
pub mod identity;
pub mod locate;
pub mod model;
pub mod normalize;
pub mod pipeline;
pub mod publish;
pub mod query;
pub mod reader;
pub mod reconcile;
pub mod report;
pub mod rules;
pub mod spec;
pub mod submissions;
