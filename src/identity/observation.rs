//! What a record or a published project says about which project it is.

use crate::model::{
    Field, PastProject, Record, Sighting, Stage, credit_code_key, name_key, owner_key, part_marks_of_key,
    project_code_key,
};

/// One sighting of a project. Texts are keys; what is missing is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observation<'a> {
    /// Batch number and stage.
    pub(super) slot: (u32, Option<Stage>),
    /// Unit code.
    pub(super) unit: &'a str,
    /// Well-formed project code.
    pub(super) code: String,
    /// Name.
    pub(super) name: String,
    /// Numbered parts in the name.
    pub(super) parts: Vec<String>,
    /// Owner.
    pub(super) owner: String,
    /// Valid credit code.
    pub(super) credit: String,
    /// County.
    pub(super) county: String,
    /// 总投资 in 元, when positive.
    pub(super) total: Option<i64>,
    /// Id that it was published with.
    pub(super) past_id: Option<&'a str>,
}

/// What a row has written, before it is made into keys.
struct Written<'a> {
    slot: (u32, Option<Stage>),
    unit: &'a str,
    code: Option<&'a str>,
    name: &'a str,
    owner: Option<&'a str>,
    credit: Option<&'a str>,
    county: Option<&'a str>,
    total: Option<i64>,
    past_id: Option<&'a str>,
}

impl<'a> From<Written<'a>> for Observation<'a> {
    fn from(row: Written<'a>) -> Self {
        let name = name_key(row.name);
        Self {
            slot: row.slot,
            unit: row.unit,
            code: row.code.and_then(project_code_key).unwrap_or_default(),
            parts: part_marks_of_key(&name),
            name,
            owner: row.owner.map(owner_key).unwrap_or_default(),
            credit: row.credit.and_then(credit_code_key).unwrap_or_default(),
            county: row.county.map(name_key).unwrap_or_default(),
            total: row.total.filter(|yuan| *yuan > 0),
            past_id: row.past_id,
        }
    }
}

pub(super) fn of_record(record: &Record) -> Observation<'_> {
    Observation::from(Written {
        slot: (record.batch.number(), record.stage),
        unit: &record.unit_code,
        code: record.text(Field::ProjectCode),
        name: record.name().unwrap_or_default(),
        owner: record.text(Field::Owner),
        credit: record.text(Field::OwnerCreditCode),
        county: record.text(Field::County),
        total: record.total_yuan(),
        past_id: None,
    })
}

/// What a published or accepted row says.
pub(super) fn of_sighting(row: &Sighting) -> Observation<'_> {
    Observation::from(Written {
        slot: (row.batch.number(), Some(row.stage)),
        unit: &row.unit_code,
        code: row.project_code.as_deref(),
        name: &row.name,
        owner: row.owner.as_deref(),
        credit: row.owner_credit_code.as_deref(),
        county: row.county_name.as_deref(),
        total: row.total_yuan,
        past_id: None,
    })
}

/// What a project of another batch says.
pub(super) fn of_past<'a>(past: &PastProject<'a>) -> Observation<'a> {
    Observation::from(Written {
        slot: (past.batch.number(), Some(past.stage)),
        unit: past.unit_code,
        code: past.project_code,
        name: past.name,
        owner: past.owner,
        credit: past.owner_credit_code,
        county: past.county_name,
        total: past.total_yuan,
        past_id: Some(past.project_id),
    })
}
