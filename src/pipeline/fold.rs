//! One cause, one finding: what stands in cell after cell of a column is told once, with its range.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{CellRef, Field, Record, Region, Reported};

/// Rules whose findings on one column of one sheet have one cause.
const FOLDED: [&str; 1] = ["N402"];
/// Rules whose findings have one cause when they are about most cells of a column of a table: nobody errs row by row in
/// the same way.
const OF_COLUMNS: [&str; 12] =
    ["L204", "L205", "N401", "N404", "N405", "N407", "N410", "N411", "V509", "V511", "V512", "V513"];
/// … and about so many at least.
const MANY: usize = 10;

/// What findings that fold into one share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    code: &'static str,
    file: Option<Arc<str>>,
    sheet: (Option<u32>, Option<Arc<str>>),
    field: Option<Field>,
    col: u32,
    /// Number of the table in its file; 0 where columns of several tables fold together.
    table: u32,
    waiver: Option<String>,
}

/// Folds findings of the same rule on the same column into the first of them. Called after everything that looks at
/// single cells: the rows do not know of it any more.
pub(super) fn fold(findings: Vec<Reported>, records: &[Record]) -> Vec<Reported> {
    let mut rows: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    for origin in records.iter().map(|r| &r.origin) {
        *rows.entry((&origin.source.file, origin.slot.table)).or_default() += 1;
    }
    let mut columns: BTreeMap<Column, Vec<(usize, CellRef)>> = BTreeMap::new();
    for (i, reported) in findings.iter().enumerate().filter(|(_, r)| is_foldable(r.finding.code)) {
        let finding = &reported.finding;
        if let Some(cell) = finding.cell.as_deref().and_then(CellRef::parse) {
            let column = Column {
                code: finding.code,
                file: finding.file.clone(),
                sheet: (finding.sheet_index, finding.sheet.clone()),
                field: finding.field,
                col: cell.col,
                table: finding.slot.filter(|_| !FOLDED.contains(&finding.code)).map_or(0, |s| s.table),
                waiver: reported.waiver.clone(),
            };
            columns.entry(column).or_default().push((i, cell));
        }
    }
    let mut kept: Vec<Option<Reported>> = findings.into_iter().map(Some).collect();
    let is_one_cause = |(column, cells): &(Column, Vec<(usize, CellRef)>)| {
        let of_table = || rows.get(&(column.file.as_deref()?, column.table)).copied();
        let most = || cells.len() >= MANY && of_table().is_some_and(|rows| cells.len() * 2 > rows);
        cells.len() > 1 && (FOLDED.contains(&column.code) || most())
    };
    for (_, cells) in columns.into_iter().filter(is_one_cause) {
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

fn is_foldable(code: &str) -> bool {
    FOLDED.contains(&code) || OF_COLUMNS.contains(&code)
}

fn told_once(mut reported: Reported, range: &Region, count: usize) -> Reported {
    let finding = &mut reported.finding;
    let field = finding.field.map_or("本", Field::title);
    finding.message = if finding.code == "N402" {
        format!("{field}列有 {count} 个数以文本存放（{range}），已按数读取")
    } else {
        format!("“{field}”一列有 {count} 处同样的问题（{range}），例如：{}", finding.message)
    };
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
        let folded = fold(findings, &[]);
        let cells: Vec<_> = folded.iter().map(|r| (r.finding.code, r.finding.cell.as_deref().unwrap())).collect();
        assert_eq!(cells, [("N402", "F5:F9"), ("N404", "F5"), ("N402", "G7"), ("N402", "F7")]);
        assert_eq!(folded[0].finding.message, "总投资列有 3 个数以文本存放（F5:F9），已按数读取");
        assert_eq!(folded[0].finding.seen.as_deref(), Some("51000 等 3 个"));
    }

    /// Only most of a table's rows make one cause; a few unreadable cells are a few findings.
    #[test]
    fn a_column_that_cannot_be_read_is_told_once() {
        let rows: Vec<String> = (1..=12).map(|n| format!("{n},第{n}项目,待定{n}")).collect();
        let text = format!("单位：万元\n序号,项目名称,总投资\n{}\n", rows.join("\n"));
        let (batch, spec) = (crate::model::BatchId::from_number(2), crate::spec::pipelines());
        let table = crate::pipeline::extract_bytes(text.as_bytes(), "02/洛阳市/签约.csv", &batch, &spec);
        let told = |rows: usize| {
            let findings = table.findings.iter().filter(|f| f.code == "N401").take(rows);
            let reported = findings.map(|f| crate::rules::report(f.clone(), &crate::spec::pipelines()).unwrap());
            fold(reported.collect(), &table.records)
        };
        assert_eq!(table.records.len(), 12);
        assert_eq!(told(9).len(), 9);
        let folded = told(12);
        assert_eq!(folded.len(), 1);
        assert_eq!(folded[0].finding.cell.as_deref(), Some("C3:C14"));
        assert!(folded[0].finding.message.starts_with("“总投资”一列有 12 处同样的问题（C3:C14），例如："));
    }
}
