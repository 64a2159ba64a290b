//! The template of a batch: three lists with the columns, checks and notes that make a submission clean.

use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Note, Workbook as Book, Worksheet, XlsxError,
};

use super::fault::Fault;
use crate::model::{BatchId, Field, FieldKind, Stage, column_letters};
use crate::spec::{Spec, Unit};

/// Rows for projects on each list. No batch so far had a unit with a tenth of it in one list.
const ROWS: u32 = 1_000;
/// Row of the headings, from 0; the 合计 row and the projects follow.
const HEADING: u32 = 2;
/// Most characters of the values that Excel keeps in a list of choices.
const MOST_CHOICES: usize = 255;
/// Years that a date may lie in: long projects before and after the campaign.
const YEARS: (u16, u16) = (2010, 2040);

/// A column of a list: the field, its width in characters, and what to write there.
type Column = (Field, f64, &'static str);

const COMMON: [Column; 10] = [
    (Field::Sequence, 6.0, "从 1 开始连续编号"),
    (Field::ProjectName, 28.0, "与备案或核准文件一致的全称；一行一个项目"),
    (Field::ProjectCode, 25.0, "投资项目在线审批监管平台的代码，形如 2105-410305-04-01-123456；还没有的不填"),
    (Field::Owner, 24.0, "项目单位的全称"),
    (Field::OwnerCreditCode, 22.0, "项目单位的 18 位统一社会信用代码；还没有的不填"),
    (Field::County, 14.0, "项目所在的县（市、区）或功能区"),
    (Field::Content, 36.0, "建设内容和规模，数字带单位"),
    (Field::Nature, 10.0, "从下拉列表中选"),
    (Field::Sector, 16.0, "项目所属领域"),
    (Field::TotalInvestment, 14.0, "以万元为单位的数字，不写“约”、不带单位；1 亿元写 10000"),
];
const AMOUNT: &str = "以万元为单位的数字，不带单位；没有的填 0";
const DAY: &str = "日期，写作 2021-10-08";
const PLANNED: &str = "计划的日期，写作 2022-03-01；还没有的不填";

/// The columns of a list: every rule that looks at a list finds what it looks at.
fn columns(stage: Stage) -> Vec<Column> {
    let mut columns = COMMON.to_vec();
    let annual = (Field::AnnualPlannedInvestment, 16.0, AMOUNT);
    let completed = (Field::CompletedInvestment, 16.0, AMOUNT);
    let date = |field| (field, 12.0, DAY);
    columns.extend([annual, completed]);
    columns.extend(match stage {
        Stage::Signing => [date(Field::SigningDate), (Field::StartDate, 12.0, PLANNED)],
        Stage::Start => [date(Field::StartDate), (Field::CompletionDate, 12.0, PLANNED)],
        Stage::Production => [date(Field::StartDate), date(Field::ProductionDate)],
    });
    columns.push((Field::Remark, 20.0, "需要说明的情况，例如金额、日期为什么与上一期不同"));
    columns
}

/// The template as an xlsx: 签约, 开工, 投产 and 填报说明. `title` is the batch in words, 第二期.
///
/// # Errors
/// When a text of the configuration cannot be written into a workbook.
pub fn template(batch: &BatchId, title: &str, unit: Option<&Unit>, spec: &Spec) -> Result<Vec<u8>, Fault> {
    build(batch, title, unit, spec).map_err(|e| Fault::new(format!("模板无法写出：{e}")))
}

fn build(batch: &BatchId, title: &str, unit: Option<&Unit>, spec: &Spec) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new();
    let created = ExcelDateTime::from_ymd(2021, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created).set_author(super::AUTHOR));
    for stage in Stage::ALL {
        let sheet = book.add_worksheet();
        sheet.set_name(stage.as_str())?;
        list(sheet, stage, batch, title, unit, spec)?;
    }
    let sheet = book.add_worksheet();
    sheet.set_name("填报说明")?;
    instructions(sheet, batch, title, spec)?;
    book.save_to_buffer()
}

fn list(
    sheet: &mut Worksheet,
    stage: Stage,
    batch: &BatchId,
    title: &str,
    unit: Option<&Unit>,
    spec: &Spec,
) -> Result<(), XlsxError> {
    let columns = columns(stage);
    let last = u16::try_from(columns.len() - 1).unwrap_or(0);
    let name = unit.map_or("", |u| u.name.as_str());
    let big = Format::new()
        .set_bold()
        .set_font_size(18)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    sheet.merge_range(0, 0, 0, last, &format!("{name}{title}“三个一批”{stage}项目清单"), &big)?;
    sheet.set_row_height(0, 36)?;
    sheet.write_string(1, 0, format!("填报单位：{name}"))?;
    sheet.write_string_with_format(1, last, "单位：万元", &Format::new().set_align(FormatAlign::Right))?;
    let (first, end) = (HEADING + 2, HEADING + 1 + ROWS);
    let head = framed().set_bold().set_background_color(Color::RGB(0xDD_E6_F0)).set_align(FormatAlign::Center);
    let total = framed().set_bold().set_background_color(Color::RGB(0xF3_F5_F8));
    for (col, (field, width, what)) in (0u16..).zip(columns) {
        let required = is_required(field, stage, spec);
        sheet.set_column_width(col, width)?;
        sheet.write_string_with_format(HEADING, col, heading(field, required, spec), &head)?;
        let must = if required { "必填。" } else { "" };
        let note = Note::new(format!("{must}{what}")).set_author(super::AUTHOR).add_author_prefix(false);
        sheet.insert_note(HEADING, col, &note.set_width(240).set_height(80))?;
        let letters = column_letters(u32::from(col));
        match field.kind() {
            FieldKind::Amount => {
                let sum = Formula::new(format!("=SUM({letters}{}:{letters}{})", first + 1, end + 1)).set_result("0");
                sheet.write_formula_with_format(HEADING + 1, col, sum, &total.clone().set_num_format("#,##0.00"))?;
            }
            FieldKind::Sequence => {
                sheet.write_string_with_format(HEADING + 1, col, "合计", &total)?;
            }
            _ => {
                sheet.write_blank(HEADING + 1, col, &total)?;
            }
        }
        let body = body_format(field);
        for row in first..first + FRAMED {
            sheet.write_blank(row, col, &body)?;
        }
        // Without a frame, which would run down the whole sheet.
        sheet.set_column_format(col, &number_format(field, Format::new()))?;
        if let Some(check) = check(field, unit, batch, spec)? {
            sheet.add_data_validation(first, col, end, col, &check)?;
        }
    }
    sheet.set_row_height(HEADING, 34)?;
    for row in first - 1..first + FRAMED {
        sheet.set_row_height(row, 26)?;
    }
    sheet.set_freeze_panes(HEADING + 2, 2)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEADING, HEADING)?;
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
    Ok(())
}

/// Rows that are drawn with a frame; the rest have their format and checks all the same.
const FRAMED: u32 = 30;

fn framed() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter).set_text_wrap()
}

/// Codes are texts, so that Excel keeps all their digits.
fn body_format(field: Field) -> Format {
    number_format(field, framed().set_border_color(Color::RGB(0xB8_C2_CE)))
}

fn number_format(field: Field, format: Format) -> Format {
    match field.kind() {
        FieldKind::Amount => format.set_num_format("#,##0.00"),
        FieldKind::Date => format.set_num_format("yyyy-mm-dd"),
        FieldKind::Code => format.set_num_format("@"),
        _ => format,
    }
}

fn is_required(field: Field, stage: Stage, spec: &Spec) -> bool {
    spec.columns.of(field).is_some_and(|c| c.required.contains(&stage))
}

/// The best spelling of a field's header, with its money unit; required ones carry a star.
fn heading(field: Field, required: bool, spec: &Spec) -> String {
    let name = spec.columns.of(field).and_then(|c| c.headers.first()).map_or(field.title(), String::as_str);
    let unit = if field.kind() == FieldKind::Amount { "（万元）" } else { "" };
    format!("{}{name}{unit}", if required { "*" } else { "" })
}

/// What Excel checks while a cell is filled in.
fn check(field: Field, unit: Option<&Unit>, batch: &BatchId, spec: &Spec) -> Result<Option<DataValidation>, XlsxError> {
    let new = DataValidation::new;
    let choices = |values: &[&str]| {
        let length: usize = values.iter().map(|v| v.chars().count() + 1).sum();
        (!values.is_empty() && length <= MOST_CHOICES).then(|| new().allow_list_strings(values)).transpose()
    };
    let (check, says) = match field.kind() {
        FieldKind::Amount => (
            Some(new().allow_decimal_number(if field == Field::TotalInvestment {
                DataValidationRule::GreaterThan(0.0)
            } else {
                DataValidationRule::GreaterThanOrEqualTo(0.0)
            })),
            AMOUNT,
        ),
        FieldKind::Date => {
            let day = |year, month, day| ExcelDateTime::from_ymd(year, month, day);
            let rule = DataValidationRule::Between(day(YEARS.0, 1, 1)?, day(YEARS.1, 12, 31)?);
            (Some(new().allow_date(rule)), DAY)
        }
        FieldKind::Sequence => (Some(new().allow_whole_number(DataValidationRule::GreaterThan(0))), "从 1 开始的整数"),
        FieldKind::County => {
            let names: Vec<&str> = unit.map(|u| u.area.iter().map(|a| a.name.as_str()).collect()).unwrap_or_default();
            (choices(&names)?, "请从列表中选本单位的县（市、区）或功能区")
        }
        FieldKind::Choice if field == Field::Sector => {
            let sectors = spec.batches.get(batch).map(|b| b.sectors.as_slice()).unwrap_or_default();
            (choices(&sectors.iter().map(String::as_str).collect::<Vec<_>>())?, "请从列表中选")
        }
        FieldKind::Choice => {
            let values = spec.columns.of(field).map(|c| c.choices.as_slice()).unwrap_or_default();
            (choices(&values.iter().map(String::as_str).collect::<Vec<_>>())?, "请从列表中选")
        }
        _ if field == Field::OwnerCreditCode => {
            (Some(new().allow_text_length(DataValidationRule::EqualTo(18))), "统一社会信用代码是 18 位")
        }
        _ => (None, ""),
    };
    let check = check.map(|c| c.set_error_style(DataValidationErrorStyle::Stop).set_error_message(says)).transpose()?;
    Ok(check)
}

fn instructions(sheet: &mut Worksheet, batch: &BatchId, title: &str, spec: &Spec) -> Result<(), XlsxError> {
    let day = |d: Date| format!("{}年{}月{}日", d.year(), d.month(), d.day());
    let of = spec.batches.get(batch);
    let mut lines = vec![format!("{title}“三个一批”项目清单填报说明")];
    lines.extend(of.and_then(|b| b.date).map(|d| format!("本期活动日期：{}。", day(d))));
    lines.extend(of.and_then(|b| b.deadline).map(|d| format!("报送截止：{}（含当日）。", day(d))));
    lines.extend(
        [
            "签约、开工、投产三张清单各填一张工作表，没有项目的留空，不要删除工作表。",
            "在“填报单位：”后面写明单位全称。每个项目一行，从合计行下面开始填，中间不空行，不合并单元格，不隐藏行列。",
            "表头带 * 的必须填写。鼠标停在表头上可以看到填写要求。不要改动、删除表头；自己需要的列加在备注后面。",
            "金额单位一律是万元，只写数字：3.5 亿元写 35000。不写“约”“左右”。",
            "日期写作 2021-10-08，是单元格里的日期，不是文字。",
            "合计行是公式，会自动计算，不要改动。已撤回的项目删除整行。",
            "同一个项目在一张清单里只报一次；分期建设的，在名称里写明“一期”“二期”，项目代码各填各的。",
            "报送前可以运行 sanpi check 自查。",
        ]
        .map(str::to_owned),
    );
    sheet.set_column_width(0, 100)?;
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, line) in (0u32..).zip(&lines) {
        let line = if row == 0 { line.clone() } else { format!("{row}. {line}") };
        let format = if row == 0 { Format::new().set_bold().set_font_size(14) } else { text.clone() };
        sheet.write_string_with_format(row, 0, line, &format)?;
    }
    Ok(())
}
