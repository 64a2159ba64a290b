//! What earlier batches published, as far as the rules over batches need it.

use super::{BatchId, Field, Record, Stage};

/// A project as it stands in `projects` or `rejected` of an earlier batch.
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
    /// It was accepted; `false` for a row that was rejected.
    pub accepted: bool,
}

impl PastProject {
    /// What later batches see of a record; `None` for a row of no list or no unit.
    #[must_use]
    pub fn of(record: &Record, project_id: &str, accepted: bool) -> Option<Self> {
        if record.unit_code.is_empty() {
            return None;
        }
        let text = |field| record.text(field).map(str::to_owned);
        Some(Self {
            batch: record.batch.clone(),
            unit_code: record.unit_code.clone(),
            stage: record.stage?,
            project_id: project_id.to_owned(),
            name: record.name().unwrap_or_default().to_owned(),
            owner: text(Field::Owner),
            owner_credit_code: text(Field::OwnerCreditCode),
            project_code: text(Field::ProjectCode),
            county_name: text(Field::County),
            total_yuan: record.total_yuan(),
            accepted,
        })
    }
}
