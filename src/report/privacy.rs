//! Personal data stays out of what people pass around: fields of that kind are left out, telephone and identity
//! numbers inside other texts are masked.

use crate::model::{Field, FieldKind, Finding};

/// What stands in place of a personal value.
const HIDDEN: &str = "（个人信息，不显示）";

/// A text of a finding, fit to be shown. Cells of money and codes are left alone: their long digits are data.
pub(super) fn shown(text: &str, field: Option<Field>) -> String {
    match field.map(Field::kind) {
        Some(FieldKind::Amount | FieldKind::Code) => text.to_owned(),
        _ => mask(text),
    }
}

/// The value that a finding saw, fit to be shown.
pub(super) fn value(finding: &Finding, text: Option<&str>) -> Option<String> {
    let text = text?;
    if finding.field.is_some_and(|f| f.kind() == FieldKind::Person) {
        return Some(HIDDEN.to_owned());
    }
    Some(shown(text, finding.field))
}

/// Masks mobile numbers, landlines with area code and identity numbers.
fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_ascii_digit() {
            out.push(chars[i]);
            i += 1;
            continue;
        }
        let mut end = i;
        while end < chars.len() && (chars[end].is_ascii_digit() || is_joint(&chars, end)) {
            end += 1;
        }
        let id_end = end < chars.len() && matches!(chars[end], 'X' | 'x');
        let run: String = chars[i..end].iter().collect();
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        if is_telephone(&digits, &run) || is_identity(&digits, &run, id_end) {
            let keep = 3;
            out.extend(run.chars().enumerate().map(|(k, c)| if k < keep || !c.is_ascii_digit() { c } else { '*' }));
        } else {
            out.push_str(&run);
        }
        i = end;
    }
    out
}

/// A hyphen or space between two digits.
fn is_joint(chars: &[char], at: usize) -> bool {
    matches!(chars[at], '-' | ' ' | '－' | '—') && chars.get(at + 1).is_some_and(char::is_ascii_digit)
}

fn is_telephone(digits: &str, run: &str) -> bool {
    let second = digits.as_bytes().get(1).copied().unwrap_or(b'0');
    let mobile = digits.len() == 11 && digits.starts_with('1') && (b'3'..=b'9').contains(&second);
    let landline = (11..=12).contains(&digits.len())
        && digits.starts_with('0')
        && (run.len() == digits.len() || has_area_code(run));
    mobile || landline
}

/// `0371-…`: an area code of three or four digits before the joint.
fn has_area_code(run: &str) -> bool {
    run.find(|c: char| !c.is_ascii_digit()).is_some_and(|at| at == 3 || at == 4)
}

/// An identity number: 18 places with a birth date in the middle.
fn is_identity(digits: &str, run: &str, x: bool) -> bool {
    if run.len() != digits.len() || digits.len() + usize::from(x) != 18 {
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
            ("电话0371-65512345", "电话037*-********"),
            ("41010519900307123X", "410**************X"),
            ("总投资51000万元", "总投资51000万元"),
            ("2021-10-08", "2021-10-08"),
            ("项目 2020-410105-35-03-012345", "项目 2020-410105-35-03-012345"),
            ("J86", "J86"),
        ] {
            assert_eq!(mask(text), shown, "{text}");
        }
    }

    #[test]
    fn money_keeps_its_digits() {
        assert_eq!(shown("13800000000", Some(Field::TotalInvestment)), "13800000000");
    }

    #[test]
    fn values_of_personal_fields_never_show() {
        let finding = Finding::new("N405", "x").field(Field::Telephone);
        assert_eq!(value(&finding, Some("6551")).as_deref(), Some(HIDDEN));
    }
}
