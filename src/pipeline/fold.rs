//! One cause, one finding: what stands in cell after cell of a column is told once, with its range.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{CellRef, Field, Region, Reported};

/// Rules whose findings on one column of one sheet have one cause.
const FOLDED: [&str; 1] = ["N402"];

/// What findings that fold into one share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    code: &'static str,
    file: Option<Arc<str>>,
    sheet: (Option<u32>, Option<Arc<str>>),
    field: Option<Field>,
    col: u32,
    waiver: Option<String>,
}

/// Folds findings of the same rule on the same column into the first of them. Called after everything that looks at
/// single cells: the rows do not know of it any more.
pub(super) fn fold(findings: Vec<Reported>) -> Vec<Reported> {
    let mut columns: BTreeMap<Column, Vec<(usize, CellRef)>> = BTreeMap::new();
    for (i, reported) in findings.iter().enumerate().filter(|(_, r)| FOLDED.contains(&r.finding.code)) {
        let finding = &reported.finding;
        if let Some(cell) = finding.cell.as_deref().and_then(CellRef::parse) {
            let column = Column {
                code: finding.code,
                file: finding.file.clone(),
                sheet: (finding.sheet_index, finding.sheet.clone()),
                field: finding.field,
                col: cell.col,
                waiver: reported.waiver.clone(),
            };
            columns.entry(column).or_default().push((i, cell));
        }
    }
    let mut kept: Vec<Option<Reported>> = findings.into_iter().map(Some).collect();
    for cells in columns.into_values().filter(|c| c.len() > 1) {
        let rows = || cells.iter().map(|(_, c)| c.row);
        let (Some(first), Some(last), Some((_, any))) = (rows().min(), rows().max(), cells.first()) else { continue };
        let range = Region { start: CellRef::new(first, any.col), end: CellRef::new(last, any.col) };
        let mut folded = None;
        for (i, _) in &cells {
            let taken = kept.get_mut(*i).and_then(Option::take);
            folded = folded.or(taken.map(|f| (*i, f)));
        }
        if let Some((i, finding)) = folded
            && let Some(place) = kept.get_mut(i)
        {
            *place = Some(told_once(finding, &range, cells.len()));
        }
    }
    kept.into_iter().flatten().collect()
}

fn told_once(mut reported: Reported, range: &Region, count: usize) -> Reported {
    let finding = &mut reported.finding;
    let field = finding.field.map_or("本", Field::title);
    finding.message = format!("{field}列有 {count} 个数以文本存放（{range}），已按数读取");
    finding.cell = Some(range.to_string());
    finding.seen = finding.seen.take().map(|s| format!("{s} 等 {count} 个"));
    finding.read_as = None;
    finding.row = None;
    finding.slot = None;
    finding.project_name = None;
    reported.explanation = None;
    reported
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Finding;

    fn at(code: &'static str, cell: &str, sheet: &str) -> Reported {
        let mut finding = Finding::new(code, "以文本存放").in_file(&Arc::from("a.xlsx")).in_sheet(&Arc::from(sheet));
        finding.cell = Some(cell.to_owned());
        crate::rules::report(finding.field(Field::TotalInvestment).seen("51000"), &crate::spec::pipelines()).unwrap()
    }

    #[test]
    fn a_column_is_told_once_and_others_stay() {
        let findings = vec![
            at("N402", "F5", "签约"),
            at("N404", "F5", "签约"),
            at("N402", "F9", "签约"),
            at("N402", "F7", "签约"),
            at("N402", "G7", "签约"),
            at("N402", "F7", "开工"),
        ];
        let folded = fold(findings);
        let cells: Vec<_> = folded.iter().map(|r| (r.finding.code, r.finding.cell.as_deref().unwrap())).collect();
        assert_eq!(cells, [("N402", "F5:F9"), ("N404", "F5"), ("N402", "G7"), ("N402", "F7")]);
        assert_eq!(folded[0].finding.message, "总投资列有 3 个数以文本存放（F5:F9），已按数读取");
        assert_eq!(folded[0].finding.seen.as_deref(), Some("51000 等 3 个"));
    }
}
