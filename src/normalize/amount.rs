//! Money: exact from the cell to whole 元.
//!
//! Decisions where a cell leaves room: the cell's own unit (3.5亿, a number format `0.00"万元"`) wins over the column's;
//! 约, 左右, 以上 keep the number as written (N404); a range such as 3-5亿 is nobody's amount and unreadable (N401), and
//! so is a percentage, a date or TRUE; a foreign currency is kept in the original only (N410); half a 元 goes away from zero.

use std::borrow::Cow;

use crate::model::{Amount, Bound, Cell, CellKind, FACTOR_WAN, FACTOR_YI, Value};
use crate::spec::Measures;

use super::decimal::{Decimal, decimals_of};
use super::money::foreign_currency;
use super::numeral::{Numeral, numeral};
use super::reading::quoted;
use super::{MoneyUnit, Reading, bound, fold, is_blank_mark, number_format};

/// Words that begin a detail behind a figure.
const DETAILS: &[&str] = &["其中", "含", "不含", "包括", "一期", "折", "约合", "合", "大写"];
/// Words behind a figure that make it an estimate.
const ESTIMATES: &[&str] = &["暂", "估", "预", "约", "概算", "匡算", "待"];

/// Amount in a column whose figures are in `declared`. The cell's own unit (3.5亿, 1200万元, its number format) wins.
///
/// Remarks: N401 unreadable, N402 stored as text, N404 约/左右/以上 (the value is the number as written), N410 foreign
/// currency (no value). In a text table every cell is text: there the caller drops N402.
#[must_use]
pub fn amount(cell: &Cell, declared: &MoneyUnit, measures: &Measures) -> Reading {
    if let Some(reading) = Reading::without_value(cell) {
        return reading;
    }
    match &cell.kind {
        CellKind::Number(n) => number(*n, cell, declared, measures),
        CellKind::Text(text) => text_amount(text, declared, measures),
        CellKind::Date(_) => unreadable(&cell.text(), "单元格是日期格式"),
        _ => unreadable(&cell.text(), "不是数"),
    }
}

fn unreadable(seen: &str, why: &str) -> Reading {
    let message = format!("{}不能读成金额：{why}", quoted(seen));
    Reading::none("amount:不能识别").remark("N401", message, None)
}

fn foreign(seen: &str, currency: &str) -> Reading {
    let message = format!("{}是外币（{currency}），保留原文，不折算、不计入合计", quoted(seen));
    Reading::none(format!("amount:{currency}")).remark("N410", message, None)
}

/// A stored number: what its format shows is what counts.
fn number(n: f64, cell: &Cell, declared: &MoneyUnit, measures: &Measures) -> Reading {
    let code = cell.format.as_deref().unwrap_or_default();
    let shown = number_format::shown(code, n, measures);
    if shown.percent {
        return unreadable(&cell.text(), "单元格是百分比格式");
    }
    let unit = shown.unit.as_ref().unwrap_or(declared);
    let Some(factor) = unit.yuan else { return foreign(&cell.text(), &unit.name) };
    let exponent = i32::try_from(shown.exponent).unwrap_or(0);
    let yuan = Decimal::from_f64(n).and_then(|d| d.shift(-exponent)).and_then(|d| d.to_yuan(factor));
    let Some(yuan) = yuan else { return unreadable(&cell.text(), "数值过大") };
    let by_format = shown.unit.is_some() || shown.exponent > 0;
    let amount = Amount::new(yuan, factor, decimals_of(yuan, factor));
    let rule = if by_format { format!("amount:{}（数字格式）", unit.name).into() } else { rule(&unit.name) };
    let reading = Reading::of(Value::Amount(amount), rule);
    if cell.number_as_text { as_text(reading, &cell.text(), &amount) } else { reading }
}

/// The reading of a figure in a unit: nearly all are in one of these.
fn rule(unit: &str) -> Cow<'static, str> {
    match unit {
        "万元" => Cow::Borrowed("amount:万元"),
        "亿元" => Cow::Borrowed("amount:亿元"),
        _ => Cow::Owned(format!("amount:{unit}")),
    }
}

fn as_text(reading: Reading, seen: &str, amount: &Amount) -> Reading {
    let message = format!("{}是文本，不是数值，求和公式会漏掉它", quoted(seen));
    reading.remark("N402", message, Some(figure_in(amount)))
}

/// What a text says.
struct Written {
    amount: Amount,
    /// How its own unit is called in the trace, when it has one.
    own_unit: Option<String>,
}

/// Why a text gives no amount.
enum Unread {
    Foreign(String),
    Because(&'static str),
}

fn text_amount(text: &str, declared: &MoneyUnit, measures: &Measures) -> Reading {
    if is_blank_mark(text) {
        return Reading::none("blank");
    }
    let written = match written(text, declared, measures) {
        Ok(written) => written,
        Err(Unread::Foreign(currency)) => return foreign(text, &currency),
        Err(Unread::Because(why)) => return unreadable(text, why),
    };
    let unit = written.own_unit.as_deref().unwrap_or(&declared.name);
    let reading = Reading::of(Value::Amount(written.amount), rule(unit));
    if written.amount.bound == Bound::Exact {
        return as_text(reading, text, &written.amount);
    }
    let message = format!("{}是{}，按所写的数计", quoted(text), bound::word(written.amount.bound));
    reading.remark("N404", message, Some(figure_in(&written.amount)))
}

/// `22亿元`: an amount in the largest of 元, 万元 and 亿元 that its unit reaches.
fn figure_in(amount: &Amount) -> String {
    let (base, name) = match amount.factor {
        FACTOR_YI.. => (FACTOR_YI, "亿元"),
        FACTOR_WAN.. => (FACTOR_WAN, "万元"),
        _ => (1, "元"),
    };
    let (base, abs) = (base.unsigned_abs(), amount.yuan.unsigned_abs());
    let sign = if amount.yuan < 0 { "-" } else { "" };
    let width = base.ilog10() as usize;
    let fraction = format!("{:0width$}", abs % base);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}{name}", abs / base)
}

fn written(text: &str, declared: &MoneyUnit, measures: &Measures) -> Result<Written, Unread> {
    // Digits alone say nothing beside the figure.
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',');
    if declared.yuan.is_some() && text.bytes().all(plain) && text.ends_with(|c: char| c.is_ascii_digit()) {
        let figure = numeral(text).ok_or(Unread::Because("不是一个数"))?;
        return in_yuan(&figure, None, declared);
    }
    let folded = fold::fold(text).to_uppercase();
    if !spaces_are_harmless(&folded) || digits_over_lines(text) {
        return Err(Unread::Because("一格里有几个数"));
    }
    let tight: String = folded.chars().filter(|&c| c != ' ').collect();
    if tight.contains(['%', '‰']) {
        return Err(Unread::Because("写的是百分数"));
    }
    let (main, note) = split_note(&tight);
    if let Some(currency) = foreign_currency(main, measures) {
        return Err(Unread::Foreign(currency.to_owned()));
    }
    // In a column of 美元, 0.5亿 is 美元 too, unless the cell says 元.
    if declared.yuan.is_none() && !main.contains(['元', '圆', '¥']) && !tight.contains("人民币") {
        return Err(Unread::Foreign(declared.name.clone()));
    }
    let note = note.map(|n| read_note(n, measures));
    let (figure, bound) = bound::strip(main);
    let (figure, negative) = sign(figure);
    if is_range(figure) {
        return Err(Unread::Because("写的是范围，不是一个数"));
    }
    let figure = numeral(figure).ok_or(Unread::Because("不是一个数"))?;
    if matches!(note, Some(Note::Figure)) && !figure.has_unit {
        return Err(Unread::Because("括号里还有一个数"));
    }
    let bound = match (bound, &note) {
        (Bound::Exact, Some(Note::About)) => Bound::About,
        (Bound::Exact, _) if figure.or_more => Bound::AtLeast,
        _ => bound,
    };
    let own = if let Some(Note::Unit(unit)) = note { Some(unit) } else { None };
    let value = if negative { figure.value.negated() } else { figure.value };
    let mut written = in_yuan(&Numeral { value, ..figure }, own.as_ref(), declared)?;
    written.amount.bound = bound;
    Ok(written)
}

/// A figure in its own unit (within it, or in brackets behind it), else in the column's.
fn in_yuan(figure: &Numeral, own: Option<&MoneyUnit>, declared: &MoneyUnit) -> Result<Written, Unread> {
    if figure.has_unit && own.is_some() {
        return Err(Unread::Because("写了两个单位"));
    }
    let unit = own.unwrap_or(declared);
    let (counted_in, factor) = if figure.has_unit {
        (1, i64::try_from(figure.factor).unwrap_or(1))
    } else {
        let factor = unit.yuan.ok_or_else(|| Unread::Foreign(unit.name.clone()))?;
        (factor, factor)
    };
    let yuan = figure.value.to_yuan(counted_in).ok_or(Unread::Because("数值过大"))?;
    // Digits finer than 元 are rounded away and weigh nothing.
    let decimals = figure.decimals.min(factor.max(1).ilog10());
    let amount = Amount::new(yuan, factor, u8::try_from(decimals).unwrap_or(u8::MAX));
    let own_unit = if figure.has_unit { Some("格内单位".to_owned()) } else { own.map(|u| u.name.clone()) };
    Ok(Written { amount, own_unit })
}

/// Spaces between digits only as thousands separators: `12 000`, but not `100 200` in one cell with two figures.
fn spaces_are_harmless(text: &str) -> bool {
    let parts: Vec<&str> = text.split(' ').filter(|p| !p.is_empty()).collect();
    parts.windows(2).all(|pair| {
        let left = pair[0].ends_with(|c: char| c.is_ascii_digit());
        let right = pair[1].chars().take_while(char::is_ascii_digit).count();
        let short = pair[0].chars().rev().take_while(char::is_ascii_digit).count() <= 3;
        !left || right == 0 || (right == 3 && short && !pair[0].contains('.'))
    })
}

/// Whether a line ends and the next one begins with a digit: two figures.
fn digits_over_lines(text: &str) -> bool {
    let lines: Vec<String> = text.lines().map(|l| fold::fold(l).trim().to_owned()).filter(|l| !l.is_empty()).collect();
    let digit = |c: char| c.is_ascii_digit();
    lines.windows(2).any(|pair| pair[0].ends_with(digit) && pair[1].starts_with(digit))
}

/// A figure and the remark behind it, in brackets or after a comma: 5亿元，其中一期2亿元.
fn split_note(text: &str) -> (&str, Option<&str>) {
    let bracket = text.strip_suffix(')').and_then(|t| t.split_once('('));
    let comma = || text.split_once([',', ';', '。']).filter(|(_, rest)| DETAILS.iter().any(|w| rest.starts_with(w)));
    match bracket.or_else(comma) {
        Some((main, inside)) if !main.is_empty() => (main, Some(inside)),
        _ => (text, None),
    }
}

enum Note {
    /// 其中固定资产投资3亿元, 二期: does not change the figure.
    Harmless,
    /// 暂估.
    About,
    /// 万元.
    Unit(MoneyUnit),
    /// Another figure: 5000（3亿）.
    Figure,
}

fn read_note(note: &str, measures: &Measures) -> Note {
    let starts = |words: &[&str]| words.iter().any(|w| note.starts_with(w));
    if starts(DETAILS) {
        return Note::Harmless;
    }
    if starts(ESTIMATES) {
        return Note::About;
    }
    // The bracket must hold the unit and nothing else: 万元, 单位:万元, 人民币万元.
    let bare = note.strip_prefix("单位:").unwrap_or(note);
    let bare = bare.strip_prefix("人民币").unwrap_or(bare);
    if let Some(unit) = super::money_unit(bare, measures).filter(|u| bare.chars().count() <= u.name.chars().count()) {
        return Note::Unit(unit);
    }
    let figure = note.chars().any(|c| c.is_ascii_digit() || fold::chinese_digit(c).is_some_and(|d| d > 2));
    if figure { Note::Figure } else { Note::Harmless }
}

/// 负, a minus or accounting brackets around a figure.
fn sign(text: &str) -> (&str, bool) {
    if let Some(inside) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return (inside, true);
    }
    match text.strip_prefix(['-', '负']) {
        Some(rest) => (rest, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    }
}

/// Two figures with a dash, a tilde or 至 between them.
fn is_range(text: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || fold::chinese_digit(c).is_some());
    text.split_once(['-', '~', '至', '到'])
        .is_some_and(|(left, right)| digit(right.chars().next()) && left.chars().any(|c| digit(Some(c))))
}
