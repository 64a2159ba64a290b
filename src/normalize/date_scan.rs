//! All dates that a text holds, each as precise as it is written, and what is left of the text.

use jiff::civil::Date;

use crate::model::{PartialDate, Precision};

use super::date_words::prepare;

/// Years that a project's date may have; anything else is another number.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// A date in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) date: PartialDate,
    /// The year is not written here but assumed.
    pub(super) assumed_year: bool,
    start: usize,
    end: usize,
}

/// The dates of a text in order.
#[derive(Debug)]
pub(super) struct Scan {
    chars: Vec<char>,
    pub(super) found: Vec<Found>,
}

impl Scan {
    /// Finds the dates; `year` is assumed where none is written before.
    pub(super) fn of(text: &str, year: Option<i16>) -> Self {
        let chars = prepare(text);
        let mut found: Vec<Found> = Vec::new();
        let mut i = 0;
        while i < chars.len() {
            let previous = found.last().filter(|f| f.end + 1 == i);
            let context = found.last().map(|f| f.date.first.year()).or(year);
            let reader = Reader { chars: &chars, year: context };
            let after_digit = i > 0 && chars[i - 1].is_ascii_digit();
            let read = if after_digit { None } else { reader.date_at(i).or_else(|| reader.short_year(i, previous)) };
            match read {
                Some((date, end, assumed_year)) if end > i => {
                    found.push(Found { date, assumed_year, start: i, end });
                    i = reader.skip_time(end);
                }
                _ => i += 1,
            }
        }
        Self { chars, found }
    }

    /// Text before a date.
    pub(super) fn before(&self, found: &Found) -> String {
        self.chars.iter().take(found.start).collect()
    }

    /// Text between two of the dates.
    pub(super) fn between(&self, first: &Found, second: &Found) -> String {
        self.chars.get(first.end..second.start).unwrap_or_default().iter().collect()
    }

    /// The text without its dates and times of day.
    pub(super) fn rest(&self) -> String {
        let reader = Reader { chars: &self.chars, year: None };
        let mut out = String::new();
        let mut i = 0;
        while i < self.chars.len() {
            if let Some(found) = self.found.iter().find(|f| f.start == i) {
                i = reader.skip_time(found.end);
                continue;
            }
            out.push(self.chars[i]);
            i += 1;
        }
        out
    }

    /// Whether the rest holds a number that is no duration (14个月, 30天): then the text says more than was understood.
    pub(super) fn has_stray_digits(&self) -> bool {
        let rest: Vec<char> = self.rest().chars().collect();
        let mut i = 0;
        while i < rest.len() {
            let run = rest[i..].iter().take_while(|c| c.is_ascii_digit()).count();
            if run == 0 {
                i += 1;
                continue;
            }
            let tail: String = rest[i + run..].iter().take(3).collect();
            let duration = ["个月", "个日历", "天", "日历天"].iter().any(|w| tail.starts_with(w))
                || (run == 1 && tail.starts_with('年'));
            if !duration {
                return true;
            }
            i += run;
        }
        false
    }
}

/// A date, the index behind it, and whether its year is assumed.
type Read = Option<(PartialDate, usize, bool)>;

struct Reader<'a> {
    chars: &'a [char],
    year: Option<i16>,
}

impl Reader<'_> {
    fn at(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    fn starts(&self, i: usize, words: &[&str]) -> Option<usize> {
        let matches = |w: &&&str| w.chars().enumerate().all(|(k, c)| self.at(i + k) == Some(c));
        words.iter().filter(matches).map(|w| w.chars().count()).max()
    }

    /// The run of digits at `i`: value and length.
    fn digits(&self, i: usize) -> (u32, usize) {
        let run: String = self.chars.iter().skip(i).take_while(|c| c.is_ascii_digit()).collect();
        (run.parse().unwrap_or(u32::MAX), run.len())
    }

    /// One or two digits with a value in `range`.
    fn small(&self, i: usize, range: std::ops::RangeInclusive<u32>) -> Option<(i8, usize)> {
        let (value, length) = self.digits(i);
        let small = (1..=2).contains(&length) && range.contains(&value);
        small.then(|| i8::try_from(value).ok().map(|v| (v, length))).flatten()
    }

    fn date_at(&self, i: usize) -> Read {
        let (value, length) = self.digits(i);
        match length {
            0 => self.words(i),
            4 => self.four_digits(i, value),
            6 => compact(value / 100, value % 100, None).map(|d| (d, i + 6, false)),
            8 => compact(value / 10_000, value / 100 % 100, Some(value % 100)).map(|d| (d, i + 8, false)),
            1 | 2 => self.without_year(i, value, length),
            _ => None,
        }
    }

    /// 2026年…, 2026-3-15, 2026.03, 2026Q1, 2026.
    fn four_digits(&self, i: usize, value: u32) -> Read {
        let year = i16::try_from(value).ok().filter(|y| YEARS.contains(y))?;
        let after = i + 4;
        if self.at(after) == Some('年') {
            let skip = self.starts(after + 1, &["度"]).unwrap_or(0);
            return self.in_year(year, after + 1 + skip, after + 1 + skip, false);
        }
        if let Some(separator) = self.at(after).filter(|c| matches!(c, '-' | '.' | '/')) {
            if let Some((month, length)) = self.small(after + 1, 1..=12) {
                return self.separated(year, month, separator, after + 1 + length);
            }
            // A year and a wrong month; a span of years is another matter.
            let (number, length) = self.digits(after + 1);
            if length > 0 && length < 4 && (separator != '-' || number <= 12) {
                return None;
            }
        }
        self.in_year(year, after, after, false)
    }

    /// Behind `2026.3` with its separator.
    fn separated(&self, year: i16, month: i8, separator: char, end: usize) -> Read {
        let end = self.starts(end, &["月份", "月"]).map_or(end, |l| end + l);
        let sign = self.at(end) == Some(separator);
        let behind = if sign { end + 1 } else { end };
        let (_, length) = self.digits(behind);
        // 2026.3.15, 2026.3月15日; but 2026-03-2028-05 is a span.
        if (sign || (end > 0 && self.at(end - 1) == Some('月'))) && (1..=2).contains(&length) {
            let (day, length) = self.small(behind, 1..=31)?;
            let end = behind + length;
            let end = self.starts(end, &["日", "号"]).map_or(end, |l| end + l);
            return day_of(year, month, day).map(|d| (d, end, false));
        }
        part(year, month, Precision::Month).map(|d| (d, end, false))
    }

    /// 3月15日, 二季度, 一季度 without a year; 26年3月.
    fn without_year(&self, i: usize, value: u32, length: usize) -> Read {
        let after = i + length;
        if length == 2 && self.at(after) == Some('年') && (10..=60).contains(&value) {
            let year = i16::try_from(2000 + value).ok()?;
            let read = self.in_year(year, after + 1, after + 1, false)?;
            // 26年 alone may be a span of time, unless nothing else is written.
            let alone = i == 0 && after + 1 == self.chars.len();
            return (read.0.precision != Precision::Year || alone).then_some(read);
        }
        if let Some(read) = self.two_digit_year(i, value, length).or_else(|| self.english(i, Some((value, length)))) {
            return Some(read);
        }
        let year = self.year?;
        let quarter_or_month = matches!(self.at(after), Some('月' | '季')) || self.month_span(i).is_some();
        if quarter_or_month { self.in_year(year, i, i, true).filter(|r| r.1 > i) } else { None }
    }

    /// 26.3.15 and 26/3/15; 26.03 only between ends and dashes.
    fn two_digit_year(&self, i: usize, value: u32, length: usize) -> Read {
        let year = i16::try_from(2000 + value).ok().filter(|_| length == 2 && (15..=50).contains(&value))?;
        let separator = self.at(i + 2).filter(|c| matches!(c, '.' | '/' | '-'))?;
        let (month, length) = self.small(i + 3, 1..=12)?;
        let end = i + 3 + length;
        if self.at(end) == Some(separator)
            && let Some((day, length)) = self.small(end + 1, 1..=31)
        {
            return day_of(year, month, day).map(|d| (d, end + 1 + length, false));
        }
        let edge = |c: Option<char>| c.is_none_or(|c| matches!(c, '-' | '~' | '至' | '到'));
        let apart = edge(i.checked_sub(1).and_then(|k| self.at(k))) && edge(self.at(end));
        if separator == '.' && apart { part(year, month, Precision::Month).map(|d| (d, end, false)) } else { None }
    }

    /// Mar-26, 15-Mar-2026, as Excel writes them into text tables; `day` is the number before the month.
    fn english(&self, i: usize, day: Option<(u32, usize)>) -> Read {
        const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
        let past_sign = |i: usize| if matches!(self.at(i), Some('-' | '/' | '.' | ',')) { i + 1 } else { i };
        let start = day.map_or(i, |(_, length)| past_sign(i + length));
        let month = MONTHS.iter().position(|m| self.starts(start, &[m]).is_some())?;
        let month = i8::try_from(month + 1).ok()?;
        let letters = self.chars.iter().skip(start).take_while(|c| c.is_ascii_alphabetic()).count();
        let at = past_sign(start + letters);
        let (year, length) = self.digits(at);
        let year = if length == 2 { year + 2000 } else { year };
        let year = i16::try_from(year).ok().filter(|_| matches!(length, 2 | 4))?;
        let date = match day {
            Some((day, _)) => day_of(year, month, i8::try_from(day).ok()?),
            None => part(year, month, Precision::Month),
        };
        date.map(|d| (d, at + length, false))
    }

    /// 上半年, 年底, 明年3月, 第二季度, Q2: dates that begin with a word and take the year from elsewhere.
    fn words(&self, i: usize) -> Read {
        if self.at(i)?.is_ascii_alphabetic() && (i == 0 || !self.chars[i - 1].is_ascii_alphabetic()) {
            let read = self.english(i, None);
            if read.is_some() {
                return read;
            }
        }
        let year = self.year?;
        let relative: [(&[&str], i16); 3] =
            [(&["今年", "本年", "当年"], 0), (&["明年", "次年", "来年"], 1), (&["去年", "上年"], -1)];
        for (words, offset) in relative {
            if let Some(length) = self.starts(i, words) {
                let skip = self.starts(i + length, &["度"]).unwrap_or(0);
                return self.in_year(year.saturating_add(offset), i + length + skip, i + length + skip, true);
            }
        }
        if let Some(length) = self.starts(i, &["年底", "年末", "年初"]) {
            return self.in_year(year, i + 1, i + 1, true).filter(|r| r.1 == i + length);
        }
        if let Some(length) = self.starts(i, &["年内"]) {
            return part(year, 1, Precision::Year).map(|d| (d, i + length, true));
        }
        let starts = self.starts(i, &["上半年", "下半年", "第", "Q"]).is_some();
        let apart = i == 0 || !self.chars[i - 1].is_ascii_alphabetic();
        if starts && apart { self.in_year(year, i, i, true).filter(|r| r.1 > i) } else { None }
    }

    /// What follows a year from `i` on: a month with a day, a quarter, a half, its end or beginning, or nothing.
    fn in_year(&self, year: i16, i: usize, end_of_year: usize, assumed: bool) -> Read {
        let done = |date: Option<PartialDate>, end: usize| date.map(|d| (d, end, assumed));
        if let Some((quarter, end)) = self.quarter(i) {
            return done(part(year, quarter * 3 - 2, Precision::Quarter), end);
        }
        if let Some(length) = self.starts(i, &["上半年"]) {
            return done(part(year, 1, Precision::Half), i + length);
        }
        if let Some(length) = self.starts(i, &["下半年"]) {
            return done(part(year, 7, Precision::Half), i + length);
        }
        if let Some(length) = self.starts(i, &["年底", "年末", "底", "末"]) {
            return done(part(year, 12, Precision::Month), i + length);
        }
        if let Some(length) = self.starts(i, &["年初", "初"]) {
            return done(part(year, 1, Precision::Month), i + length);
        }
        if let Some((month, end)) = self.month_span(i) {
            return done(part(year, month, Precision::Month), end);
        }
        let (_, length) = self.digits(i);
        if self.at(i + length) == Some('月') && length > 0 {
            let (month, length) = self.small(i, 1..=12)?;
            return self.in_month(year, month, i + length + 1, assumed);
        }
        done(part(year, 1, Precision::Year), end_of_year)
    }

    /// Behind 2026年3月: a day, or something else.
    fn in_month(&self, year: i16, month: i8, i: usize, assumed: bool) -> Read {
        let (_, length) = self.digits(i);
        // A longer run of digits is the year of the next date.
        if length == 0 || length > 2 {
            let end = self.starts(i, &["份"]).map_or(i, |l| i + l);
            return part(year, month, Precision::Month).map(|d| (d, end, assumed));
        }
        let (day, length) = self.small(i, 1..=31)?;
        let end = i + length;
        let end = self.starts(end, &["日", "号"]).map_or(end, |l| end + l);
        day_of(year, month, day).map(|d| (d, end, assumed))
    }

    /// The 3 of 3-5月: the month and the index behind it.
    fn month_span(&self, i: usize) -> Option<(i8, usize)> {
        let (month, length) = self.small(i, 1..=12)?;
        let sign = self.starts(i + length, &["-", "~", "至", "到"])?;
        let (_, second) = self.small(i + length + sign, 1..=12)?;
        (self.at(i + length + sign + second) == Some('月')).then_some((month, i + length))
    }

    /// 第二季度, 2季度, Q2.
    fn quarter(&self, i: usize) -> Option<(i8, usize)> {
        if self.at(i) == Some('Q') {
            let (quarter, length) = self.small(i + 1, 1..=4)?;
            return Some((quarter, i + 1 + length));
        }
        let i = self.starts(i, &["第"]).map_or(i, |l| i + l);
        let (quarter, length) = self.small(i, 1..=4)?;
        let word = self.starts(i + length, &["季度", "季"])?;
        Some((quarter, i + length + word))
    }

    /// The 27 of 2025-27年, right behind a year and a dash.
    fn short_year(&self, i: usize, previous: Option<&Found>) -> Read {
        let before = previous.filter(|f| f.date.precision == Precision::Year)?;
        let dash = i > 0 && matches!(self.chars[i - 1], '-' | '~' | '至');
        let (value, length) = self.digits(i);
        let year = i16::try_from(value.saturating_add(2000)).ok().filter(|y| *y >= before.date.first.year())?;
        let end = self.starts(i + 2, &["年"]).map_or(i + 2, |l| i + 2 + l);
        if dash && length == 2 { part(year, 1, Precision::Year).map(|d| (d, end, false)) } else { None }
    }

    /// Behind a time of day: ` 00:00:00`, `T08:30`, `9时30分`.
    fn skip_time(&self, i: usize) -> usize {
        let start = if matches!(self.at(i), Some(' ' | 'T')) { i + 1 } else { i };
        let mut end = start;
        let mut parts = 0;
        loop {
            let (_, length) = self.digits(end);
            if !(1..=2).contains(&length) {
                break;
            }
            let Some(sign) = self.at(end + length).filter(|c| matches!(c, ':' | '时' | '点' | '分' | '秒')) else {
                // The last part of 00:00:00 has no sign behind it.
                return if parts > 0 { self.fraction(end + length) } else { i };
            };
            end += length + 1;
            parts += 1;
            if sign == '秒' {
                break;
            }
        }
        if parts > 0 { end } else { i }
    }

    /// Behind the `.000Z` of a time.
    fn fraction(&self, i: usize) -> usize {
        let mut end = i;
        if self.at(end) == Some('.') {
            end += 1 + self.digits(end + 1).1;
        }
        if self.at(end) == Some('Z') { end + 1 } else { end }
    }
}

fn part(year: i16, month: i8, precision: Precision) -> Option<PartialDate> {
    let first = Date::new(year, month, 1).ok().filter(|d| YEARS.contains(&d.year()))?;
    Some(PartialDate { first, precision })
}

fn day_of(year: i16, month: i8, day: i8) -> Option<PartialDate> {
    let first = Date::new(year, month, day).ok().filter(|d| YEARS.contains(&d.year()))?;
    Some(PartialDate { first, precision: Precision::Day })
}

/// A text that is nothing but 2026年3月, 2026年3月15日, 2026-03-15, 2026.3 or 2026/3/15, read without a [`Scan`], which gives
/// the same; `None` for everything else.
pub(super) fn usual(text: &str) -> Option<PartialDate> {
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let digits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| digits)
    };
    let (year, rest) = text.split_at_checked(4)?;
    let year = number(year, 4..=4)?;
    let (month, day) = if let Some(rest) = rest.strip_prefix('年') {
        let (month, day) = rest.split_once('月')?;
        (month, if day.is_empty() { None } else { Some(day.strip_suffix('日')?) })
    } else {
        let sign = rest.chars().next().filter(|c| matches!(c, '-' | '.' | '/'))?;
        let rest = &rest[1..];
        rest.split_once(sign).map_or((rest, None), |(month, day)| (month, Some(day)))
    };
    let day = match day {
        Some(day) => Some(number(day, 1..=2)?),
        None => None,
    };
    compact(year, number(month, 1..=2)?, day)
}

/// 20260315 or 202603.
pub(super) fn compact(year: u32, month: u32, day: Option<u32>) -> Option<PartialDate> {
    let year = i16::try_from(year).ok()?;
    let month = i8::try_from(month).ok()?;
    match day {
        Some(day) => day_of(year, month, i8::try_from(day).ok()?),
        None => part(year, month, Precision::Month),
    }
}
