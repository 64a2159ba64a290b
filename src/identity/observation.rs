//! What a record or a published project says about which project it is.

use crate::model::{
    Field, PastProject, Record, Sighting, Stage, credit_code_key, name_key, owner_key, part_marks, project_code_key,
};

/// One sighting of a project. Texts are keys; what is missing is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observation {
    /// Batch number and stage.
    pub(super) slot: (u32, Option<Stage>),
    /// Unit code.
    pub(super) unit: String,
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
    pub(super) past_id: Option<String>,
}

/// The observations of history, then those of the records.
pub(super) fn all(records: &[&Record], history: &[PastProject]) -> Vec<Observation> {
    history.iter().map(of_past).chain(records.iter().map(|r| of_record(r))).collect()
}

fn of_record(record: &Record) -> Observation {
    let key = |field| record.text(field).map(name_key).unwrap_or_default();
    let name = record.name().unwrap_or_default();
    Observation {
        slot: (record.batch.number(), record.stage),
        unit: record.unit_code.clone(),
        code: record.text(Field::ProjectCode).and_then(project_code_key).unwrap_or_default(),
        name: name_key(name),
        parts: part_marks(name),
        owner: record.text(Field::Owner).map(owner_key).unwrap_or_default(),
        credit: record.text(Field::OwnerCreditCode).and_then(credit_code_key).unwrap_or_default(),
        county: key(Field::County),
        total: record.total_yuan().filter(|yuan| *yuan > 0),
        past_id: None,
    }
}

/// What a published or accepted row says.
pub(super) fn of_sighting(row: &Sighting) -> Observation {
    let code = |text: &Option<String>, key: fn(&str) -> Option<String>| text.as_deref().and_then(key);
    Observation {
        slot: (row.batch.number(), Some(row.stage)),
        unit: row.unit_code.clone(),
        code: code(&row.project_code, project_code_key).unwrap_or_default(),
        name: name_key(&row.name),
        parts: part_marks(&row.name),
        owner: row.owner.as_deref().map(owner_key).unwrap_or_default(),
        credit: code(&row.owner_credit_code, credit_code_key).unwrap_or_default(),
        county: row.county_name.as_deref().map(name_key).unwrap_or_default(),
        total: row.total_yuan.filter(|yuan| *yuan > 0),
        past_id: None,
    }
}

fn of_past(past: &PastProject) -> Observation {
    let code = |text: &Option<String>, key: fn(&str) -> Option<String>| text.as_deref().and_then(key);
    Observation {
        slot: (past.batch.number(), Some(past.stage)),
        unit: past.unit_code.clone(),
        code: code(&past.project_code, project_code_key).unwrap_or_default(),
        name: name_key(&past.name),
        parts: part_marks(&past.name),
        owner: past.owner.as_deref().map(owner_key).unwrap_or_default(),
        credit: code(&past.owner_credit_code, credit_code_key).unwrap_or_default(),
        county: past.county_name.as_deref().map(name_key).unwrap_or_default(),
        total: past.total_yuan.filter(|yuan| *yuan > 0),
        past_id: Some(past.project_id.clone()),
    }
}
