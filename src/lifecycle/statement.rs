//! What columns without a field and remarks say about 履约 and 达效.

use jiff::civil::Date;

use crate::model::name_key;
use crate::spec::{MilestoneWords, StatusWords};

/// What one row says; `None` where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// 履约, with the words that say so.
    pub performed: Option<(bool, String)>,
    /// 达效, with the words that say so.
    pub capacity: Option<(bool, String)>,
}

/// First day serial number that Excel shows as a date of the campaign's century, and the last: 2000-01-01, 2099-12-31.
const SERIALS: std::ops::RangeInclusive<i64> = 36_526..=73_050;

/// Whether a text may say something about a milestone. Cheap: it is asked of every column of every row.
#[must_use]
pub fn speaks(header: &str, text: &str, words: &StatusWords) -> bool {
    let has = |of: &[String], text: &str| of.iter().any(|w| text.contains(w.as_str()));
    [&words.performed, &words.capacity]
        .iter()
        .any(|w| has(&w.headers, header) || has(&w.done, text) || has(&w.undone, text))
}

/// What a row's texts (header, text) say by the day `as_of`.
#[must_use]
pub fn status(said: &[(String, String)], as_of: Option<Date>, words: &StatusWords) -> Status {
    let of = |milestone: &MilestoneWords| {
        let mut told = said.iter().filter_map(|(header, text)| {
            let told = one(header, text, as_of, milestone, words)?;
            Some((told, format!("{header}：{}", text.trim())))
        });
        // A row that says yes in one place and no in another is believed where it says yes last: columns come in order.
        told.next_back()
    };
    Status { performed: of(&words.performed), capacity: of(&words.capacity) }
}

fn one(header: &str, text: &str, as_of: Option<Date>, milestone: &MilestoneWords, words: &StatusWords) -> Option<bool> {
    let has = |of: &[String], text: &str| of.iter().any(|w| text.contains(w.as_str()));
    let own = has(&milestone.headers, header);
    if own && has(&words.planned, header) {
        return None;
    }
    sentence(text, milestone, words).or_else(|| if own { answer(text, as_of, words) } else { None })
}

/// A sentence that says it in so many words.
fn sentence(text: &str, milestone: &MilestoneWords, words: &StatusWords) -> Option<bool> {
    let any = |of: &[String], before: &str| of.iter().any(|word| before.contains(word.as_str()));
    // What stands before the words, unless it makes a plan of them.
    let before = |clause: &str, of: &[String]| {
        let before = of.iter().find_map(|word| Some(clause[..clause.find(word.as_str())?].to_owned()))?;
        (!any(&words.planned, &before)).then_some(before)
    };
    text.split(['，', '。', '；', ',', ';', '\n']).find_map(|clause| {
        if before(clause, &milestone.undone).is_some() {
            return Some(false);
        }
        before(clause, &milestone.done).map(|before| !any(&words.partial, &before))
    })
}

/// The cell of a column that asks for it: yes, no, or the day on which it was reached.
fn answer(text: &str, as_of: Option<Date>, words: &StatusWords) -> Option<bool> {
    let key = name_key(text);
    let is = |of: &[String]| of.iter().any(|w| text.trim() == w || (!key.is_empty() && key == name_key(w)));
    if is(&words.no) {
        return Some(false);
    }
    if is(&words.yes) {
        return Some(true);
    }
    let last_day = date(text)?;
    Some(last_day <= as_of?)
}

/// The last day of what a text like 2021年10月8日, 2021-10, 2021 or 44477 names.
fn date(text: &str) -> Option<Date> {
    let numbers: Vec<i64> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map_while(|n| n.parse().ok()).collect();
    match *numbers.as_slice() {
        [serial] if SERIALS.contains(&serial) && text.trim().bytes().all(|b| b.is_ascii_digit()) => {
            Date::constant(1899, 12, 30).checked_add(jiff::Span::new().days(serial)).ok()
        }
        [year] => day(year, 12, 31),
        [year, month] => day(year, month, 1).map(Date::last_of_month),
        [year, month, of_month, ..] => day(year, month, of_month),
        [] => None,
    }
}

fn day(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|y| (2000..2100).contains(y))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capacity(header: &str, text: &str) -> Option<bool> {
        let spec = crate::spec::pipelines();
        let words = &spec.indicators.words;
        let said = [(header.to_owned(), text.to_owned())];
        if !speaks(header, text, words) {
            return None;
        }
        status(&said, Some(Date::constant(2023, 5, 8)), words).capacity.map(|(told, _)| told)
    }

    #[test]
    fn columns_and_remarks_tell() {
        for (header, text, told) in [
            ("是否达效", "是", Some(true)),
            ("是否达效", "否", Some(false)),
            ("达效情况", "√", Some(true)),
            ("达效情况", "×", Some(false)),
            ("达效情况", "已达效", Some(true)),
            ("达效情况", "尚未达效", Some(false)),
            ("达产达效时间", "2023年4月", Some(true)),
            ("达产达效时间", "2023年5月", Some(false)),
            ("达产达效时间", "2022-12-30", Some(true)),
            ("达产达效时间", "44927", Some(true)),
            ("达产达效时间", "", None),
            ("预计达效时间", "2022年1月", None),
            ("备注", "2022年底建成，已达产达效", Some(true)),
            ("备注", "达产达效后年产值 3 亿元", None),
            ("备注", "预计 2023 年实现达产达效", None),
            ("备注", "一期未达效", Some(false)),
            ("形象进度", "部分生产线已投产达效", Some(false)),
            ("形象进度", "已投产达效", Some(true)),
            ("用地（亩）", "1", None),
        ] {
            assert_eq!(capacity(header, text), told, "{header}：{text}");
        }
    }
}
