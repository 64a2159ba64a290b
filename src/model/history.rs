//! What earlier batches published, as far as the rules over batches need it.

use super::{BatchId, Stage};

/// A project as it stands in the `projects` dataset of an earlier batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastProject {
    /// Batch.
    pub batch: BatchId,
    /// Unit code.
    pub unit_code: String,
    /// Stage.
    pub stage: Stage,
    /// Id.
    pub project_id: String,
    /// Name as written.
    pub name: String,
    /// Owner as written.
    pub owner: Option<String>,
    /// Unified social credit code.
    pub owner_credit_code: Option<String>,
    /// Project code.
    pub project_code: Option<String>,
    /// County by the roster.
    pub county_name: Option<String>,
    /// 总投资 in 元.
    pub total_yuan: Option<i64>,
}
