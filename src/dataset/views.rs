//! Views with Chinese names over the datasets, from the same columns as the data dictionary.

use super::dictionary::{DatasetDoc, dictionary};
use crate::model::{
    CAUSES, Field, FileOutcome, IndicatorKind, Lag, Precision, SIDES, Severity, TotalScope, Verdict, View, ViewColumn,
};
use crate::spec::Spec;

/// Datasets whose view has another name than their title.
const NAMES: [(&str, &str); 4] =
    [("rejected", "退回项目"), ("submissions", "报送"), ("lifecycle", "项目历程"), ("laggards", "滞后项目")];
/// Personal data has no view: whoever may read it knows where it is.
const WITHOUT: &str = "contacts";

/// Name of the view of a dataset, if it has one.
pub(super) fn view_name(dataset: &DatasetDoc) -> Option<&'static str> {
    let other = NAMES.iter().find(|(name, _)| *name == dataset.name).map(|(_, view)| *view);
    (dataset.name != WITHOUT).then_some(other.unwrap_or(dataset.title))
}

/// The views of all datasets. Where a dataset has only the code of a unit, its view has the name too.
#[must_use]
pub fn views(spec: &Spec) -> Vec<View> {
    let named = dictionary().into_iter().filter_map(|d| Some((view_name(&d)?, d)));
    named
        .map(|(name, dataset)| {
            let mut columns = Vec::new();
            let has_name = dataset.columns.iter().any(|c| c.name == "unit_name");
            for column in &dataset.columns {
                let values = values(&column.name);
                columns.push(ViewColumn { name: plain(&column.title), column: column.name.clone(), values });
                if column.name == "unit_code" && !has_name {
                    let values = units(spec);
                    columns.push(ViewColumn { name: "报送单位".into(), column: column.name.clone(), values });
                }
            }
            View { name: name.to_owned(), dataset: dataset.name, one_row_per: dataset.one_row_per, columns }
        })
        .collect()
}

/// A title as a name in SQL: 县（市、区） becomes 县市区.
pub(super) fn plain(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn units(spec: &Spec) -> Vec<(String, String)> {
    let roster = &spec.roster;
    let province = (roster.province_code.clone(), roster.province_name.clone());
    std::iter::once(province).chain(roster.unit.iter().map(|u| (u.code.clone(), u.name.clone()))).collect()
}

fn owned<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(code, title)| (code.to_owned(), title.to_owned())).collect()
}

/// The words for the coded values of a column.
fn values(column: &str) -> Vec<(String, String)> {
    match column {
        "severity" => owned([Severity::Error, Severity::Warning, Severity::Info].map(|s| (s.as_str(), s.title()))),
        "verdict" => owned(VERDICTS.map(|v| (v.as_str(), v.title()))),
        "cause" => owned(CAUSES),
        "left" | "right" => owned(SIDES),
        "measure" => owned(IndicatorKind::ALL.map(|k| (k.as_str(), k.title()))),
        "scope" => owned(SCOPES.map(|(scope, title)| (scope.as_str(), title))),
        "outcome" => owned(OUTCOMES.map(|(outcome, title)| (outcome.as_str(), title))),
        "field" => owned(Field::ALL.iter().map(|f| (f.key(), f.title()))),
        "lag" => owned([Lag::SignedNotStarted, Lag::StartedNotInProduction].map(|l| (l.as_str(), l.title()))),
        _ if column.ends_with("_precision") => owned(PRECISIONS.map(|(p, title)| (p.as_str(), title))),
        _ => Vec::new(),
    }
}

const VERDICTS: [Verdict; 5] =
    [Verdict::Match, Verdict::WithinRounding, Verdict::Mismatch, Verdict::Missing, Verdict::NotComparable];
const SCOPES: [(TotalScope, &str); 3] =
    [(TotalScope::Sheet, "全表合计"), (TotalScope::Group, "小计"), (TotalScope::Cover, "汇总表")];
const PRECISIONS: [(Precision, &str); 5] = [
    (Precision::Day, "日"),
    (Precision::Month, "月"),
    (Precision::Quarter, "季"),
    (Precision::Half, "半年"),
    (Precision::Year, "年"),
];
const OUTCOMES: [(FileOutcome, &str); 8] = [
    (FileOutcome::Read, "已读"),
    (FileOutcome::NoTable, "没有项目表"),
    (FileOutcome::Unreadable, "读不出"),
    (FileOutcome::Unsupported, "不是表格"),
    (FileOutcome::Stray, "无关文件"),
    (FileOutcome::Duplicate, "与另一文件相同"),
    (FileOutcome::Superseded, "被更新的版本代替"),
    (FileOutcome::UnitUnknown, "认不出单位"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_chinese_unique_and_need_no_quotes() {
        let views = views(&crate::spec::pipelines());
        let names: BTreeSet<&str> = views.iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names.len(), views.len());
        for name in ["项目", "退回项目", "问题", "对账", "报送", "指标", "项目历程", "报送合计", "单元格", "表头"]
        {
            assert!(names.contains(name), "{name}: {names:?}");
        }
        assert!(views.iter().all(|v| v.dataset != WITHOUT));
        for view in &views {
            let columns: BTreeSet<&str> = view.columns.iter().map(|c| c.name.as_str()).collect();
            assert_eq!(columns.len(), view.columns.len(), "{}: {columns:?}", view.name);
            assert!(columns.contains("报送单位") || !columns.contains("单位代码"), "{}", view.name);
            let fits =
                |name: &str| name.starts_with(|c: char| !c.is_ascii()) && name.chars().all(char::is_alphanumeric);
            assert!(columns.iter().all(|c| fits(c)), "{}: {columns:?}", view.name);
        }
    }
}
