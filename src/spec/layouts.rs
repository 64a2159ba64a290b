//! `layouts.toml`: the words by which rows, titles and stages are told.

use serde::Deserialize;

use crate::model::Stage;

/// `layouts.toml`. Only spellings; what follows from them is decided by the locating step.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layouts {
    /// Names of the three lists.
    pub stage: Vec<StageWords>,
    /// Words of total rows.
    pub totals: TotalWords,
    /// Lines above a table.
    pub lines: LineWords,
    /// Lines below a table.
    pub foot: FootWords,
    /// Sheets that are not lists.
    pub sheets: SheetWords,
    /// All other words.
    pub words: OtherWords,
}

/// Names of one list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageWords {
    /// The list.
    pub stage: Stage,
    /// What it is called.
    pub words: Vec<String>,
}

/// Words of total rows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalWords {
    /// 总计: over the whole table.
    pub grand: Vec<String>,
    /// 合计: over the table or a group, by position.
    pub plain: Vec<String>,
    /// 小计: over a group.
    pub sub: Vec<String>,
    /// 其中: parts that are not added again.
    pub of_which: Vec<String>,
}

/// Lines above a table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineWords {
    /// 单位 of 单位：万元.
    pub unit: Vec<String>,
    /// 填报单位.
    pub reporter: Vec<String>,
    /// 附件.
    pub attachment: Vec<String>,
    /// 续表.
    pub continued: Vec<String>,
}

/// Lines below a table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FootWords {
    /// 注, 说明.
    pub note: Vec<String>,
    /// 填表人, 审核人.
    pub signature: Vec<String>,
}

/// Names of sheets that are not lists.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetWords {
    /// 填表说明.
    pub notes: Vec<String>,
    /// 数据字典.
    pub lookup: Vec<String>,
}

/// All other words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherWords {
    /// 同上, 〃.
    pub as_above: Vec<String>,
    /// 示例.
    pub example: Vec<String>,
    /// 补报.
    pub supplement: Vec<String>,
    /// Headers of columns that count projects.
    pub count: Vec<String>,
    /// Child headers that say nothing by themselves (合计): their parent is meant.
    pub generic: Vec<String>,
    /// 实际.
    pub actual: Vec<String>,
    /// 计划.
    pub planned: Vec<String>,
}
