//! What reading a cell gave.

use crate::model::Value;

/// Something to say about a cell; the caller adds place, project and field to make it a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Code of the rule, e.g. `N404`.
    pub code: &'static str,
    /// First line in Chinese, able to stand alone.
    pub message: String,
    /// How the cell was read, in words.
    pub read_as: Option<String>,
}

/// A value, or none, with how it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The value.
    pub value: Option<Value>,
    /// The reading that was applied, for the `cells` dataset, e.g. `amount:万元`, `date:年月`, `blank`.
    pub rule: String,
    /// Remarks in order.
    pub remarks: Vec<Remark>,
}
