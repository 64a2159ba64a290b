//! Texts as keys for matching; what is published stays as written.

use unicode_normalization::UnicodeNormalization;

/// A name as a key: width folded (NFKC), lower case, without white space, punctuation and symbols. Two spellings of one
/// name that a person would not tell apart give the same key; an empty key means that nothing but such was written.
#[must_use]
pub fn name_key(text: &str) -> String {
    // Most names are nothing but these, for which the general way gives the same at many times the cost.
    let plain = |c: char| c.is_ascii() || is_ideograph(c) || "（）“”、，。；：《》—".contains(c);
    if text.chars().all(plain) {
        let kept = text.chars().filter(|c| c.is_ascii_alphanumeric() || is_ideograph(*c));
        return kept.map(|c| c.to_ascii_lowercase()).collect();
    }
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// The block of unified ideographs: never folded, always part of a word.
fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Bytes as lower-case hex digits, two a byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).collect()
}

/// A label for comparing: width folded (NFKC), lower case, without white space and invisible characters, all brackets
/// round, typographic quotes straight. Unlike [`name_key`] it keeps punctuation, which tells `（一）` from `一`.
#[must_use]
pub fn squeeze(text: &str) -> String {
    // Most texts are Chinese characters, ASCII and its full-width twins, for which one pass gives the same at a tenth
    // of the cost.
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{4e00}'..='\u{9fff}' | '、' | '。' | '《' | '》' => out.push(c),
            '\u{ff01}'..='\u{ff5e}' => out.extend(u8::try_from(u32::from(c) - 0xfee0).ok().and_then(squeezed_ascii)),
            '\0'..='\u{7f}' => out.extend(u8::try_from(c).ok().and_then(squeezed_ascii)),
            '\u{3000}' => {}
            '“' | '”' => out.push('"'),
            _ => return squeeze_any(text),
        }
    }
    out
}

/// [`squeeze`] of one ASCII character; nothing for blanks and control characters.
fn squeezed_ascii(byte: u8) -> Option<char> {
    Some(match byte {
        b'[' | b'{' => '(',
        b']' | b'}' => ')',
        0..=b' ' | 0x7f => return None,
        _ => char::from(byte.to_ascii_lowercase()),
    })
}

/// [`squeeze`] of whatever there is in Unicode.
fn squeeze_any(text: &str) -> String {
    let fold = |c: char| match c {
        '〔' | '【' | '[' | '{' | '〖' | '［' => '(',
        '〕' | '】' | ']' | '}' | '〗' | '］' => ')',
        '“' | '”' | '„' | '〝' | '〞' => '"',
        '‘' | '’' => '\'',
        '∶' => ':',
        _ => c,
    };
    let invisible = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
    };
    text.nfkc().flat_map(char::to_lowercase).filter(|&c| !invisible(c)).map(fold).collect()
}

/// Value of a numeral: `3`, `三`, `c`; `None` when the character counts nothing.
fn numeral(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        'a'..='h' => Some(u32::from(c) - u32::from('a') + 1),
        '十' => Some(10),
        _ => "零一二三四五六七八九".chars().position(|n| n == c).and_then(|n| u32::try_from(n).ok()),
    }
}

/// The numbered parts that a project's name speaks of: 一期, 第2期, A区, 三标段 → `1期`, `2期`, `1区`, `3标`, in order.
/// Two names that differ in them are two projects.
#[must_use]
pub fn part_marks(name: &str) -> Vec<String> {
    let key = name_key(name);
    let (mut marks, mut number) = (Vec::new(), String::new());
    for c in key.chars() {
        if let Some(value) = numeral(c) {
            number.push_str(&value.to_string());
            continue;
        }
        if !number.is_empty() && "期区段标批号线园厂栋幢".contains(c) {
            marks.push(format!("{number}{c}"));
        }
        number.clear();
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_punctuation() {
        assert_eq!(squeeze(" 总 投资\n（亿元） "), "总投资(亿元)");
        assert_eq!(squeeze("【一】Ａ：“三个一批”"), "(一)a:\"三个一批\"");
        let mut every: Vec<String> =
            ('\0'..='\u{7f}').chain('\u{ff01}'..='\u{ff5e}').map(|c| format!("甲{c}乙")).collect();
        every.extend(["　项目 名称\r\n（2026年）", "《甲》、乙。“丙”", "鿿一", "①甲", "ﾊﾞ"].map(str::to_owned));
        for text in every {
            assert_eq!(squeeze(&text), squeeze_any(&text), "{text:?}");
        }
    }

    #[test]
    fn numbered_parts_of_a_name() {
        assert_eq!(part_marks("保障性租赁住房（二期）项目"), ["2期"]);
        assert_eq!(part_marks("产业园Ａ区第3期"), ["1区", "3期"]);
        assert_eq!(part_marks("智能化改造项目"), Vec::<String>::new());
    }

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for text in ["年产10万吨（一期）项目", "年产１０万吨(一期) 项目", "年产10万吨【一期】\n项目"]
        {
            assert_eq!(name_key(text), "年产10万吨一期项目", "{text}");
        }
        assert_eq!(name_key("——"), "");
        let general =
            |t: &str| t.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect::<String>();
        for text in ["5G“智慧”产业园（A区）、B区：《示范》—。；，", "a_B-c 甲乙\n丙\t~!", "〇龥鿿"]
        {
            assert_eq!(name_key(text), general(text), "{text}");
        }
    }
}
