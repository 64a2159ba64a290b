//! Personal data stays out of what people pass around: values of personal fields are left out, telephone and identity
//! numbers inside other texts are masked.

use std::borrow::Cow;

use super::text::eights;
use super::{Field, FieldKind};

/// What stands in place of a personal value.
pub const HIDDEN: &str = "（个人信息，不显示）";
/// Digits of a number that stay readable, so that its owner recognises it.
const KEPT: usize = 3;
/// A text with fewer digits holds no telephone.
const FEWEST_DIGITS: usize = 11;

/// A value of a field (or of a column that is not ours), fit to be shown: nothing of a personal field, other texts
/// without telephone and identity numbers.
#[must_use]
pub fn shown_value(text: &str, field: Option<Field>) -> String {
    shown(text, field).into_owned()
}

/// As [`shown_value`], without copying what is shown as it is.
#[must_use]
pub fn shown(text: &str, field: Option<Field>) -> Cow<'_, str> {
    match field.map(Field::kind) {
        Some(FieldKind::Person) => Cow::Borrowed(HIDDEN),
        Some(FieldKind::Amount | FieldKind::Code) => Cow::Borrowed(text),
        _ if has_few_digits(text) => Cow::Borrowed(text),
        _ => Cow::Owned(mask_numbers(text)),
    }
}

/// A text about a field, fit to be shown. Money and codes are left alone: their long digits are data.
#[must_use]
pub fn shown_text(text: &str, field: Option<Field>) -> String {
    match field.map(Field::kind) {
        Some(FieldKind::Amount | FieldKind::Code) => text.to_owned(),
        _ => mask_numbers(text),
    }
}

/// Masks mobile numbers, landline numbers with area code, and identity numbers.
#[must_use]
pub fn mask_numbers(text: &str) -> String {
    if has_few_digits(text) {
        return text.to_owned();
    }
    let mut chars: Vec<char> = text.chars().collect();
    let groups = groups(&chars);
    let mut at = 0;
    while at < groups.len() {
        let joined = (1..=4).rev().find(|n| at + n <= groups.len() && is_personal(&chars, &groups[at..at + n]));
        let taken = joined.unwrap_or(1);
        if joined.is_some() {
            let places = groups[at..at + taken].iter().flat_map(|g| g.start..g.end).skip(KEPT);
            for place in places.collect::<Vec<_>>() {
                chars[place] = '*';
            }
        }
        at += taken;
    }
    chars.into_iter().collect()
}

/// Whether a text has fewer digits than a telephone number. Asked of every text that is published, hence eight bytes at a
/// time.
fn has_few_digits(text: &str) -> bool {
    /// First bytes of the full-width digits; some punctuation begins with them too.
    const FULL_WIDTH: [u8; 2] = [0xEF, 0xBC];
    let bytes = text.as_bytes();
    // Each digit takes at least a byte.
    if bytes.len() < FEWEST_DIGITS {
        return true;
    }
    let (mut digits, mut full_width) = (0, false);
    for word in eights(bytes) {
        digits += digits_of(word);
        full_width |= holds(word, FULL_WIDTH[0]);
    }
    if full_width {
        let is_digit = |c: &[u8]| c.starts_with(&FULL_WIDTH) && c.get(2).is_some_and(|b| (0x90..=0x99).contains(b));
        digits += bytes.windows(3).filter(|c| is_digit(c)).count();
    }
    digits < FEWEST_DIGITS
}

/// The highest bit of each byte of a word.
const HIGHEST: u64 = u64::from_ne_bytes([0x80; 8]);

/// How many bytes of a word are ASCII digits.
fn digits_of(word: u64) -> usize {
    // A digit less 0x30 is at most 9, and what is added to it does not reach the highest bit; of all others it does, or
    // the bit was set before. Sums stay within their bytes.
    let less = word ^ u64::from_ne_bytes([b'0'; 8]);
    let others = ((less & !HIGHEST) + u64::from_ne_bytes([0x7F - 9; 8])) | less;
    // Each byte as 0 or 1, summed up in the highest one.
    let ones = (!others & HIGHEST) >> 7;
    usize::try_from(ones.wrapping_mul(u64::from_ne_bytes([1; 8])) >> 56).unwrap_or(0)
}

/// Whether a word has this byte.
fn holds(word: u64, byte: u8) -> bool {
    let zero_if = word ^ u64::from_ne_bytes([byte; 8]);
    zero_if.wrapping_sub(u64::from_ne_bytes([1; 8])) & !zero_if & HIGHEST != 0
}

/// Digits without anything between them, as places of the text.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
}

fn groups(chars: &[char]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, c) in chars.iter().enumerate() {
        if digit(*c).is_none() {
            continue;
        }
        match groups.last_mut() {
            Some(group) if group.end == place => group.end += 1,
            _ => groups.push(Group { start: place, end: place + 1 }),
        }
    }
    groups
}

/// Value of a digit, also a full-width one.
fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => c.to_digit(10),
    }
}

/// Whether these groups, one joint apart each, are one telephone or identity number.
fn is_personal(chars: &[char], groups: &[Group]) -> bool {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return false };
    let joined = groups.windows(2).all(|pair| pair[1].start == pair[0].end + 1 && is_joint(chars[pair[0].end]));
    if !joined || is_quantity(chars, first.start, last.end) {
        return false;
    }
    let digits: String =
        groups.iter().flat_map(|g| &chars[g.start..g.end]).filter_map(|c| char::from_digit(digit(*c)?, 10)).collect();
    let lengths: Vec<usize> = groups.iter().map(|g| g.end - g.start).collect();
    let identity = lengths.len() == 1 && is_identity(&digits, matches!(chars.get(last.end), Some('X' | 'x' | 'Ｘ')));
    identity || is_mobile(&digits, &lengths) || is_landline(&digits, &lengths)
}

fn is_joint(c: char) -> bool {
    matches!(c, '-' | ' ' | '－' | '—' | '–' | '\u{a0}' | '\u{3000}' | ')' | '）')
}

/// A decimal fraction, or a number with a unit of money behind it.
fn is_quantity(chars: &[char], start: usize, end: usize) -> bool {
    let is_digit = |place: usize| chars.get(place).is_some_and(|c| digit(*c).is_some());
    let fraction = chars.get(end) == Some(&'.') && is_digit(end + 1);
    let of_fraction = start >= 2 && chars[start - 1] == '.' && is_digit(start - 2);
    fraction || of_fraction || matches!(chars.get(end), Some('元' | '万' | '亿'))
}

/// `13812345678`, in the groups that people use, also with 86 before it; two of them run together.
fn is_mobile(digits: &str, lengths: &[usize]) -> bool {
    let plain = |digits: &str| {
        let second = digits.as_bytes().get(1).copied().unwrap_or(b'0');
        digits.len() == 11 && digits.starts_with('1') && (b'3'..=b'9').contains(&second)
    };
    match lengths {
        [11] | [3, 4, 4] | [3, 8] | [7, 4] => plain(digits),
        [13] | [2, 11] | [2, 3, 4, 4] => digits.strip_prefix("86").is_some_and(plain),
        [22] => digits.get(..11).is_some_and(plain) && digits.get(11..).is_some_and(plain),
        _ => false,
    }
}

/// `0371-65512345`, also without the joint or with an extension.
fn is_landline(digits: &str, lengths: &[usize]) -> bool {
    let shape = match lengths {
        [11 | 12] => true,
        [area, number] | [area, number, 1..=6] => (3..=4).contains(area) && (7..=8).contains(number),
        _ => false,
    };
    shape && digits.starts_with('0') && !digits.starts_with("00")
}

/// 18 places with a birth date in the middle; `x`: an X follows the digits.
fn is_identity(digits: &str, x: bool) -> bool {
    if digits.len() + usize::from(x) != 18 {
        return false;
    }
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|s| s.parse::<u32>().ok()).unwrap_or(0);
    (1900..2100).contains(&part(6, 10)) && (1..=12).contains(&part(10, 12)) && (1..=31).contains(&part(12, 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_masked_and_others_are_not() {
        for (text, shown) in [
            ("联系 13812345678 张", "联系 138******** 张"),
            ("138-1234-5678", "138-****-****"),
            ("张工１３８１２３４５６７８", "张工１３８********"),
            ("13812345678 13912345678", "138******** 139********"),
            ("13812345678/13912345678", "138********/139********"),
            ("1381234567813912345678", "138*******************"),
            ("+8613812345678", "+861**********"),
            ("电话0371-65512345", "电话037*-********"),
            ("(0371)65512345", "(037*)********"),
            ("0371-65512345-801", "037*-********-***"),
            ("037165512345", "037*********"),
            ("41010519900307123X", "410**************X"),
            ("410105199003071234", "410***************"),
            ("总投资51000万元", "总投资51000万元"),
            ("总投资13800000000元", "总投资13800000000元"),
            ("13800000000.50", "13800000000.50"),
            ("2021-10-08", "2021-10-08"),
            ("2021-10-08 2023-10-31", "2021-10-08 2023-10-31"),
            ("项目 2020-410105-35-03-012345", "项目 2020-410105-35-03-012345"),
            ("91410100MA3X5N2B8K", "91410100MA3X5N2B8K"),
            ("豫发改〔2021〕123号 202110080001", "豫发改〔2021〕123号 202110080001"),
            ("J86", "J86"),
        ] {
            assert_eq!(mask_numbers(text), shown, "{text}");
        }
    }

    #[test]
    fn digits_are_counted_as_characters_are() {
        let plain = |text: &str| text.chars().filter(|c| digit(*c).is_some()).count() < FEWEST_DIGITS;
        let long = "7".repeat(300);
        for text in [
            "",
            "0123456789",
            "01234567890",
            "张１３８１２３４５６７８",
            "（1２3），４５６：7890",
            "（1２3），４５６：78901",
            "/0123456789:",
            "/01234567890:",
            "\u{b0}\u{b9}电话\u{2030}0123456789",
            "12345，67890",
            "12345，678901",
            "一二三四五六七八九十０１２３４５６７８９0",
            &long,
        ] {
            assert_eq!(has_few_digits(text), plain(text), "{text}");
        }
    }

    #[test]
    fn money_keeps_its_digits_and_personal_fields_show_nothing() {
        assert_eq!(shown_value("13800000000", Some(Field::TotalInvestment)), "13800000000");
        assert_eq!(shown_value("6551", Some(Field::Telephone)), HIDDEN);
        assert_eq!(shown_text("电话“6551”看不懂", Some(Field::Telephone)), "电话“6551”看不懂");
        assert_eq!(shown_value("13812345678", None), "138********");
    }
}
