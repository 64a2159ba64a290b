//! One form for the many ways to type the same character.

/// Width folded to ASCII, every white space a plain space, every dash `-`, every bracket round, invisible characters
/// dropped. Unlike NFKC it leaves signs such as ① alone, which would turn into digits.
pub(super) fn fold(text: &str) -> String {
    collected(text, |_| true)
}

/// As [`fold`], without any white space.
pub(super) fn fold_tight(text: &str) -> String {
    collected(text, |c| c != ' ')
}

/// The folded characters that are `wanted`; hardly ever are they longer than the text.
fn collected(text: &str, wanted: fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    out.extend(text.chars().filter_map(folded).filter(|c| wanted(*c)));
    out
}

fn folded(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => bracket(char::from_u32(u32::from(c) - 0xfee0)?),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' => {
            return None;
        }
        _ if c.is_whitespace() => ' ',
        _ if c.is_control() => return None,
        '‐'..='―' | '−' | '─' | '━' | '﹣' => '-',
        '〜' | '∼' => '~',
        '￥' => '¥',
        '\u{2018}' | '\u{2019}' | '`' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        _ => bracket(c),
    })
}

fn bracket(c: char) -> char {
    match c {
        '[' | '【' | '〔' | '〖' | '｛' | '{' | '﹙' => '(',
        ']' | '】' | '〕' | '〗' | '｝' | '}' | '﹚' => ')',
        _ => c,
    }
}

/// Value of a Chinese digit in either style, 〇 to 九 and 零 to 玖.
pub(super) fn chinese_digit(c: char) -> Option<u8> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' | '壹' | '弌' => 1,
        '二' | '贰' | '貳' | '两' | '兩' => 2,
        '三' | '叁' | '參' | '叄' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_text_fold_to_one() {
        for (text, expected) in [
            ("２８２０７．９７", "28207.97"),
            ("（１２３）", "(123)"),
            ("【一期】", "(一期)"),
            ("2026—2028年", "2026-2028年"),
            ("2026–2028", "2026-2028"),
            ("３～５", "3~5"),
            ("￥3\u{a0}000\u{200b}", "¥3 000"),
            ("①5000", "①5000"),
        ] {
            assert_eq!(fold(text), expected);
        }
        assert_eq!(fold_tight(" 万\n 元　"), "万元");
    }
}
