//! Text of dates in one form: `二〇二六年三月` is `2026年3月`.

use super::fold::{chinese_digit, fold};

/// The text with Chinese numerals before 年, 月, 日 and 季 as digits, without white space except between digits.
pub(super) fn prepare(text: &str) -> Vec<char> {
    let folded: Vec<char> = fold(text).chars().map(|c| c.to_ascii_uppercase()).collect();
    let spaced = numerals_as_digits(&folded);
    let mut out: Vec<char> = Vec::with_capacity(spaced.len());
    for (i, &c) in spaced.iter().enumerate() {
        let next = spaced[i + 1..].iter().find(|c| **c != ' ');
        let between_digits = out.last().is_some_and(char::is_ascii_digit) && next.is_some_and(char::is_ascii_digit);
        if c != ' ' || (between_digits && out.last() != Some(&' ')) {
            out.push(c);
        }
    }
    out
}

fn numerals_as_digits(chars: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(chars.len());
    let mut i = 0;
    while i < chars.len() {
        let run = chars[i..].iter().take_while(|&&c| is_numeral(c)).count();
        let counted = chars[i + run..].iter().find(|c| **c != ' ');
        let counted = counted.is_some_and(|c| matches!(c, '年' | '月' | '日' | '号' | '季'));
        if let Some(digits) = value(&chars[i..i + run]).filter(|_| counted) {
            out.extend(digits.chars());
            i += run;
        } else {
            out.extend(chars.get(i));
            i += 1;
        }
    }
    out
}

fn is_numeral(c: char) -> bool {
    // O and 0 stand for 〇 in 二O二六年.
    chinese_digit(c).is_some() || matches!(c, '十' | '廿' | '卅' | 'O' | '0' | 'Ⅰ' | 'Ⅱ' | 'Ⅲ' | 'Ⅳ')
}

/// 二〇二六 → 2026, 十五 → 15, 三十一 → 31; digits alone (0) are left to the reader of digits.
fn value(run: &[char]) -> Option<String> {
    if !run.iter().any(|&c| !matches!(c, '0' | 'O')) {
        return None;
    }
    let digit = |c: char| match c {
        'O' | '0' => Some(0),
        'Ⅰ' => Some(1),
        'Ⅱ' => Some(2),
        'Ⅲ' => Some(3),
        'Ⅳ' => Some(4),
        _ => chinese_digit(c),
    };
    let spelled: Option<String> = run.iter().map(|&c| digit(c).map(|d| char::from(b'0' + d))).collect();
    if spelled.is_some() {
        return spelled;
    }
    let (tens, ones) = match *run {
        ['十'] => (1, 0),
        ['十', b] => (1, digit(b)?),
        [a, '十'] => (digit(a)?, 0),
        [a, '十', b] => (digit(a)?, digit(b)?),
        ['廿'] => (2, 0),
        ['廿', b] => (2, digit(b)?),
        ['卅'] => (3, 0),
        ['卅', b] => (3, digit(b)?),
        _ => return None,
    };
    Some((tens * 10 + ones).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form() {
        for (text, expected) in [
            ("二〇二六年三月十五日", "2026年3月15日"),
            ("二○二六年十二月三十一日", "2026年12月31日"),
            ("二O二六年十月", "2026年10月"),
            ("二零二六年", "2026年"),
            ("２０２６年３月", "2026年3月"),
            ("2026 年 3 月 15 日", "2026年3月15日"),
            ("2026年第四季度", "2026年第4季度"),
            ("Ⅱ季度", "2季度"),
            ("2026-03-15 00:00:00", "2026-03-15 00:00:00"),
            ("2026\n年", "2026年"),
            ("三个一批", "三个一批"),
            ("一期2026年", "一期2026年"),
            ("q1", "Q1"),
            ("100年", "100年"),
        ] {
            assert_eq!(prepare(text).into_iter().collect::<String>(), expected, "{text}");
        }
    }
}
