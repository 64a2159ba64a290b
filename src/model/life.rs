//! A project over all batches: where it was seen, and what became of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{BatchId, Field, PartialDate, Record, Stage, mask_numbers, shown};

/// A step in the life of a project after 签约 that rates count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Milestone {
    /// 履约.
    #[serde(rename = "履约")]
    Performed,
    /// 开工.
    #[serde(rename = "开工")]
    Start,
    /// 投产.
    #[serde(rename = "投产")]
    Production,
    /// 达效.
    #[serde(rename = "达效")]
    Capacity,
}

/// One accepted row of a project, as far as lives and indicators need it. Free texts are without telephone and identity
/// numbers, so that a row says the same whether it comes from this run or from what was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Batch.
    pub batch: BatchId,
    /// Stage.
    pub stage: Stage,
    /// Unit code.
    pub unit_code: String,
    /// Id of the project.
    pub project_id: String,
    /// Name as written.
    pub name: String,
    /// County by the roster.
    pub county_name: Option<String>,
    /// Project code.
    pub project_code: Option<String>,
    /// Owner as written.
    pub owner: Option<String>,
    /// Unified social credit code.
    pub owner_credit_code: Option<String>,
    /// Sector.
    pub sector: Option<String>,
    /// 总投资 in 元.
    pub total_yuan: Option<i64>,
    /// 年度计划投资 in 元.
    pub annual_yuan: Option<i64>,
    /// 累计完成投资 in 元.
    pub completed_yuan: Option<i64>,
    /// Date of its stage, as written: 签约时间, 开工时间 or 投产时间.
    pub date: Option<PartialDate>,
    /// Header and text of the remark and of columns that have no field, sorted.
    pub said: Vec<(String, String)>,
}

/// The field that dates a stage.
#[must_use]
pub fn date_field(stage: Stage) -> Field {
    match stage {
        Stage::Signing => Field::SigningDate,
        Stage::Start => Field::StartDate,
        Stage::Production => Field::ProductionDate,
    }
}

impl Sighting {
    /// The sighting that a record is, of the project `id`; `None` for a record without a stage. Of the texts only those
    /// that `keep` wants (header, text) are kept.
    #[must_use]
    pub fn of(record: &Record, id: &str, keep: &dyn Fn(&str, &str) -> bool) -> Option<Self> {
        let stage = record.stage?;
        let text = |field| record.text(field).map(str::to_owned);
        let masked = |field| record.text(field).map(mask_numbers);
        let yuan = |field| record.amount(field).map(|a| a.yuan);
        let extras = record.extras.iter().map(|(header, value)| (&**header, &**value));
        let remark = record.text(Field::Remark).map(|remark| (Field::Remark.title(), remark));
        let said = extras.chain(remark).map(|(header, text)| (header, shown(text, None)));
        let mut said: Vec<(String, String)> = said
            .filter(|(header, text)| keep(header, text))
            .map(|(header, text)| (header.to_owned(), text.into_owned()))
            .collect();
        said.sort();
        Some(Self {
            batch: record.batch.clone(),
            stage,
            unit_code: record.unit_code.clone(),
            project_id: id.to_owned(),
            name: masked(Field::ProjectName).unwrap_or_default(),
            county_name: text(Field::County),
            project_code: text(Field::ProjectCode),
            owner: masked(Field::Owner),
            owner_credit_code: text(Field::OwnerCreditCode),
            sector: masked(Field::Sector).filter(|s| !s.is_empty()),
            total_yuan: yuan(Field::TotalInvestment),
            annual_yuan: yuan(Field::AnnualPlannedInvestment),
            completed_yuan: yuan(Field::CompletedInvestment),
            date: record.date(date_field(stage)),
            said,
        })
    }
}

/// When and where a project was first listed in one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeStage {
    /// Its row there: batch, unit, date and 总投资.
    pub row: Arc<Sighting>,
    /// How it was recognised as this project: a value of the `_match` columns.
    pub matched: &'static str,
}

/// A statement that a milestone was reached: the batch that first says so, and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// First batch that says so.
    pub batch: BatchId,
    /// Header and text, `是否达效：是`.
    pub words: String,
}

/// How two projects belong together without being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kinship {
    /// Its parts were listed separately later.
    SplitInto,
    /// It is a part of a project that was listed as a whole before.
    SplitFrom,
    /// Its parts were listed separately before.
    MergedFrom,
    /// It was listed as a part of another project later.
    MergedInto,
}

impl Kinship {
    /// Value of `lifecycle.relation`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SplitInto => "split_into",
            Self::SplitFrom => "split_from",
            Self::MergedFrom => "merged_from",
            Self::MergedInto => "merged_into",
        }
    }
}

/// The life of one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Its latest sighting: names, unit, codes. What it leaves out is what an earlier one says.
    pub latest: Arc<Sighting>,
    /// First batch that lists it.
    pub first_batch: BatchId,
    /// First listing in each stage, in the order of [`Stage::ALL`].
    pub stages: [Option<LifeStage>; 3],
    /// 履约, when a list says so.
    pub performed: Option<Statement>,
    /// 达效, when a list says so.
    pub capacity: Option<Statement>,
    /// Its name says that it bundles several projects (打捆).
    pub bundled: bool,
    /// Parts or whole, when it was split or merged, with their ids in order.
    pub kin: Option<(Kinship, Vec<String>)>,
}

impl Life {
    /// 签约, 开工, 投产 or 达效: the furthest it has come.
    #[must_use]
    pub fn current_stage(&self) -> &'static str {
        if self.capacity.is_some() {
            return "达效";
        }
        let reached = Stage::ALL.into_iter().rev().find(|s| self.stages[s.index()].is_some());
        reached.map_or("", Stage::as_str)
    }
}
