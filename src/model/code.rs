//! Codes and names as keys: what makes two written forms the same project code, credit code or owner.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::name_key;

/// Characters of a unified social credit code in the order of their values (GB 32100-2015): no I, O, S, V, Z.
const CREDIT_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Lengths of the five segments of a project code.
const PROJECT_SEGMENTS: [usize; 5] = [4, 6, 2, 2, 6];

/// What is wrong with a unified social credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditCodeFault {
    /// Not 18 characters; how many there are.
    Length(usize),
    /// A character that the standard does not use.
    Character(char),
    /// The check character does not fit; the one that would.
    Check(char),
}

/// Checks one unified social credit code, already without blanks and in capitals (see [`code_text`]).
///
/// # Errors
/// The first fault, in the order of the enum.
pub fn check_credit_code(code: &str) -> Result<(), CreditCodeFault> {
    let length = if code.is_ascii() { code.len() } else { code.chars().count() };
    if length != 18 {
        return Err(CreditCodeFault::Length(length));
    }
    let (mut sum, mut weight) = (0, 1);
    for (position, c) in code.chars().enumerate() {
        let Some(value) = credit_value(c) else { return Err(CreditCodeFault::Character(c)) };
        if position == 17 {
            let expected = (31 - sum % 31) % 31;
            let fitting = CREDIT_ALPHABET.chars().nth(expected).unwrap_or('0');
            return if expected == value { Ok(()) } else { Err(CreditCodeFault::Check(fitting)) };
        }
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    Ok(())
}

/// Value of a character in a credit code: its position in the alphabet.
fn credit_value(c: char) -> Option<usize> {
    const VALUES: [Option<usize>; 128] = {
        let mut values = [None; 128];
        let alphabet = CREDIT_ALPHABET.as_bytes();
        let mut value = 0;
        while value < alphabet.len() {
            values[alphabet[value] as usize] = Some(value);
            value += 1;
        }
        values
    };
    VALUES.get(c as usize).copied().flatten()
}

/// A code without blanks, with width folded, in capitals and with plain hyphens: `２５１１－410102…` → `2511-410102…`.
#[must_use]
pub fn code_text(text: &str) -> Cow<'_, str> {
    // Nothing of a code as it should be is changed.
    if text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'Z' | b'-')) {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() {
        // As nearly every code is: for these the general way does no more than this.
        let kept = text.bytes().filter(|b| !char::from(*b).is_whitespace());
        return kept.map(|b| if b == b'_' { '-' } else { char::from(b.to_ascii_uppercase()) }).collect();
    }
    Cow::Owned(code_text_of_any(text))
}

/// [`code_text`] of whatever there is in Unicode.
fn code_text_of_any(text: &str) -> String {
    let dash = |c: char| matches!(c, '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '－' | '_');
    text.nfkc()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .map(|c| if dash(c) { '-' } else { c })
        .collect()
}

/// The valid credit code that a cell holds, as a key for matching; `None` for anything else.
#[must_use]
pub fn credit_code_key(text: &str) -> Option<String> {
    let code = without_hyphens(code_text(text));
    check_credit_code(&code).is_ok().then(|| code.into_owned())
}

/// A code without its hyphens.
#[must_use]
pub fn without_hyphens(code: Cow<'_, str>) -> Cow<'_, str> {
    if code.contains('-') { Cow::Owned(code.replace('-', "")) } else { code }
}

/// The project code that a cell holds, as a key for matching: five segments of 4-6-2-2-6 digits, with or without hyphens.
#[must_use]
pub fn project_code_key(text: &str) -> Option<String> {
    if is_project_code(text) {
        return Some(text.to_owned());
    }
    let text = code_text(text);
    let digits = without_hyphens(Cow::Borrowed(&*text));
    if digits.len() != 20 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut code = String::with_capacity(24);
    let mut from = 0;
    for length in PROJECT_SEGMENTS {
        if from > 0 {
            code.push('-');
        }
        code.push_str(digits.get(from..from + length)?);
        from += length;
    }
    (text == code || text == digits).then_some(code)
}

/// Whether a text is a project code as its key has it, as nearly all that are written.
fn is_project_code(text: &str) -> bool {
    let digit_or_hyphen =
        |(at, b): (usize, u8)| if matches!(at, 4 | 11 | 14 | 17) { b == b'-' } else { b.is_ascii_digit() };
    text.len() == 24 && text.bytes().enumerate().all(digit_or_hyphen)
}

/// An owner's name as a key: the first of several owners, the legal form in one spelling, without 筹.
#[must_use]
pub fn owner_key(text: &str) -> String {
    let mut parts = text.split(['、', '；', ';', '\n', '/']).map(name_key);
    let mut key = parts.find(|key| !key.is_empty()).unwrap_or_default();
    // A single character is found far quicker than a word, and few owners have this one.
    if key.contains('责') {
        key = key.replace("有限责任公司", "有限公司");
    }
    for ending in ["筹建", "筹备", "暂定名", "筹"] {
        if let Some(rest) = key.strip_suffix(ending) {
            key.truncate(rest.len());
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_codes_of_the_standard() {
        assert_eq!(check_credit_code("91330100799655058B"), Ok(()));
        assert_eq!(check_credit_code("91350100M000100Y43"), Ok(()));
        assert_eq!(check_credit_code("91350100M000100Y44"), Err(CreditCodeFault::Check('3')));
        assert_eq!(check_credit_code("9135010OM000100Y43"), Err(CreditCodeFault::Character('O')));
        assert_eq!(check_credit_code("91350100M000100Y4"), Err(CreditCodeFault::Length(17)));
    }

    #[test]
    fn codes_are_told_in_any_spelling() {
        for text in ["2511-410102-04-01-986123", "２５１１－410102—04–01-986123 ", "25114101020401986123"] {
            assert_eq!(project_code_key(text).as_deref(), Some("2511-410102-04-01-986123"), "{text}");
        }
        for text in ["2511-410102-04-986123", "251141010-20-40-19861-23", "", "无"] {
            assert_eq!(project_code_key(text), None, "{text}");
        }
        assert_eq!(credit_code_key("91330100 799655058b").as_deref(), Some("91330100799655058B"));
        assert_eq!(credit_code_key("91330100799655058A"), None);
    }

    #[test]
    fn codes_in_ascii_take_the_short_way_to_the_same() {
        let all: Vec<String> = ('\0'..='\u{7f}').map(|c| format!("9a{c}")).collect();
        for text in all.iter().map(String::as_str).chain(["2511-410102-04-01-986123", " 91330100_x "]) {
            assert_eq!(&*code_text(text), code_text_of_any(text), "{text:?}");
        }
    }

    #[test]
    fn owners_of_one_spelling() {
        assert_eq!(owner_key("甲乙（河南）有限责任公司"), owner_key("甲乙(河南)有限公司、丙公司"));
        assert_eq!(owner_key("甲乙有限公司（筹）"), "甲乙有限公司");
        assert_eq!(owner_key(""), "");
    }
}
