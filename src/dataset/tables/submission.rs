//! `submissions`.

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, batch, text, unit_code, unit_name};
use crate::model::{BatchId, SubmissionRow};

/// An input file of a batch.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct SubmissionEntry<'r> {
    /// The batch.
    pub(in super::super) batch: &'r BatchId,
    /// The file.
    pub(in super::super) row: &'r SubmissionRow,
}

/// Input files.
pub(in super::super) fn submissions<'r>() -> Table<SubmissionEntry<'r>> {
    let outcomes = "read 已读、no_table 没有项目表、unreadable 读不出、unsupported 不是表格、stray 无关文件、\
                    duplicate 与另一文件相同、superseded 被更新的版本代替、unit_unknown 认不出单位、\
                    in_progress 还在写入，留待下次。";
    let columns = vec![
        batch(|r: &SubmissionEntry<'r>| r.batch.as_str()),
        unit_code(|r: &SubmissionEntry<'r>| r.row.unit_code.as_deref()),
        text("source_file", ("来源文件", "收件夹下的路径。"), |r: &SubmissionEntry<'r>| {
            Datum::text(&*r.row.source.file)
        }),
        text(
            "source_sha256",
            ("来源文件校验值", "文件的 SHA-256；没有读到的为空。"),
            |r: &SubmissionEntry<'r>| Datum::filled(&r.row.source.sha256),
        ),
        text("outcome", ("结果", outcomes), |r: &SubmissionEntry<'r>| Datum::text(r.row.outcome.as_str())),
        count("sheets", "工作表数", "文件里的工作表。", |r| r.sheets),
        count("rows_read", "读到行数", "项目行。", |r| r.rows_read),
        count("rows_accepted", "采用行数", "进入 projects 的行。", |r| r.rows_accepted),
        count("rows_rejected", "退回行数", "进入 rejected 的行。", |r| r.rows_rejected),
        Column::new(
            "amount_accepted_wan",
            Kind::Money,
            ("采用总投资", "采用行的总投资之和，万元。"),
            |r: &SubmissionEntry<'r>, _| Datum::bounded(Some(r.row.amount_accepted)),
        ),
        text(
            "version",
            ("版本字样", "文件名里的版本字样，例如 修订版。"),
            |r: &SubmissionEntry<'r>| Datum::maybe(r.row.version.as_deref()),
        ),
        text("superseded_by", ("被代替", "代替它的文件。"), |r: &SubmissionEntry<'r>| {
            Datum::maybe(r.row.superseded_by.as_deref())
        }),
        unit_name(|r: &SubmissionEntry<'r>| r.row.unit_code.as_deref()),
    ];
    Table {
        name: "submissions",
        title: "报送文件",
        one_row_per: "收件夹里的一个文件",
        columns,
        place: |r| r.row.source.file.to_string(),
    }
}

fn count<'r>(
    name: &str,
    title: &str,
    description: &str,
    get: impl Fn(&SubmissionRow) -> u32 + 'static,
) -> Column<SubmissionEntry<'r>> {
    Column::new(name, Kind::Count, (title, description), move |r: &SubmissionEntry<'r>, _| {
        Datum::Count(i64::from(get(r.row)))
    })
}
