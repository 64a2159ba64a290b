//! Texts as keys for matching; what is published stays as written.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A name as a key: width folded (NFKC), lower case, without white space, punctuation and symbols. Two spellings of one
/// name that a person would not tell apart give the same key; an empty key means that nothing but such was written.
#[must_use]
pub fn name_key(text: &str) -> String {
    name_keyed(text).into_owned()
}

/// As [`name_key`], without copying what is its own key.
#[must_use]
pub fn name_keyed(text: &str) -> Cow<'_, str> {
    // Most names are nothing but these characters, for which one pass that copies whole stretches gives the same at a
    // tenth of the cost.
    let mut key = String::new();
    let mut kept = 0;
    for (at, c) in text.char_indices() {
        let folded = match c {
            '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9' => continue,
            '\0'..='\u{7f}' => named_ascii(c),
            '\u{ff01}'..='\u{ff5e}' => u8::try_from(u32::from(c) - 0xfee0).ok().and_then(|c| named_ascii(c.into())),
            '“' | '”' | '、' | '。' | '《' | '》' | '【' | '】' | '—' | '·' | '\u{3000}' => None,
            _ => return Cow::Owned(name_key_of_any(text)),
        };
        if kept == 0 {
            key.reserve(text.len());
        }
        key.push_str(&text[kept..at]);
        key.extend(folded);
        kept = at + c.len_utf8();
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    key.push_str(&text[kept..]);
    Cow::Owned(key)
}

/// [`name_key`] of one ASCII character; nothing for what is neither letter nor digit.
fn named_ascii(c: char) -> Option<char> {
    c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase())
}

/// [`name_key`] of whatever there is in Unicode.
fn name_key_of_any(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Words that a name may carry or not.
const GENERIC: [&str; 4] = ["建设", "项目", "工程", "的"];

/// A name's key without what tells nothing, such as 建设项目: what two near names are compared by.
#[must_use]
pub fn name_core(name: &str) -> String {
    let mut key = name_key(name);
    for word in GENERIC {
        if key.contains(word) {
            key = key.replace(word, "");
        }
    }
    key
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
    squeezed(text).into_owned()
}

/// As [`squeeze`], without copying what is squeezed already.
#[must_use]
pub fn squeezed(text: &str) -> Cow<'_, str> {
    // Most texts are Chinese characters, ASCII and its full-width twins, for which one pass that copies whole stretches
    // gives the same at a twentieth of the cost.
    let mut out = String::new();
    let mut kept = 0;
    for (at, c) in text.char_indices() {
        let folded = match c {
            '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9' | '、' | '。' | '《' | '》' => continue,
            '\0'..='\u{7f}' => u8::try_from(c).ok().and_then(squeezed_ascii),
            '\u{ff01}'..='\u{ff5e}' => u8::try_from(u32::from(c) - 0xfee0).ok().and_then(squeezed_ascii),
            '\u{3000}' => None,
            '“' | '”' => Some('"'),
            _ => return Cow::Owned(squeeze_any(text)),
        };
        if kept == 0 {
            out.reserve(text.len());
        }
        out.push_str(&text[kept..at]);
        out.extend(folded);
        kept = at + c.len_utf8();
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
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
    Some(match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        'a'..='h' => u32::from(c) - u32::from('a') + 1,
        '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// Whether a number before this character counts parts of a project.
fn counts_parts(c: char) -> bool {
    matches!(c, '期' | '区' | '段' | '标' | '批' | '号' | '线' | '园' | '厂' | '栋' | '幢')
}

/// The numbered parts that a project's name speaks of: 一期, 第2期, A区, 三标段 → `1期`, `2期`, `1区`, `3标`, in order.
/// Two names that differ in them are two projects.
#[must_use]
pub fn part_marks(name: &str) -> Vec<String> {
    part_marks_of_key(&name_key(name))
}

/// [`part_marks`] of a name whose [`name_key`] is known.
#[must_use]
pub fn part_marks_of_key(key: &str) -> Vec<String> {
    let mut marks = Vec::new();
    // The stretch of numerals that ends at the character at hand; few of them are followed by what counts.
    let mut digits = None;
    for (at, c) in key.char_indices() {
        if numeral(c).is_some() {
            digits.get_or_insert(at);
        } else if let Some(from) = digits.take().filter(|_| counts_parts(c)) {
            let mut mark = String::new();
            for value in key[from..at].chars().filter_map(numeral) {
                mark.push_str(&value.to_string());
            }
            mark.push(c);
            marks.push(mark);
        }
    }
    marks
}

/// What a name's [`name_key`] has in common with those of its parts and its whole: without numbered parts, without 打捆,
/// and without 项目 or 工程 at its end.
#[must_use]
pub fn part_base(key: &str) -> String {
    let mut kept = String::with_capacity(key.len());
    let mut number = String::new();
    let mut after_part = false;
    for c in key.chars() {
        if c.is_ascii_digit() || ('a'..='h').contains(&c) || "一二三四五六七八九十零".contains(c) {
            number.push(c);
            continue;
        }
        let part = !number.is_empty() && counts_parts(c);
        if part {
            if kept.ends_with('第') {
                kept.pop();
            }
        } else if !(after_part && c == '段' && number.is_empty()) {
            kept.push_str(&number);
            kept.push(c);
        }
        after_part = part;
        number.clear();
    }
    kept.push_str(&number);
    for word in ["打捆", "打包", "捆绑"] {
        if kept.contains(word) {
            kept = kept.replace(word, "");
        }
    }
    let end = ["建设项目", "项目", "工程"].into_iter().find_map(|end| kept.strip_suffix(end)).map(str::len);
    kept.truncate(end.unwrap_or(kept.len()));
    kept
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
        assert_eq!(part_marks("十二号线第三标段、5G年产10万吨B区4"), ["102号", "3标", "2区"]);
    }

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for text in ["年产10万吨（一期）项目", "年产１０万吨(一期) 项目", "年产10万吨【一期】\n项目"]
        {
            assert_eq!(name_key(text), "年产10万吨一期项目", "{text}");
        }
        assert_eq!(name_key("——"), "");
        let mut every: Vec<String> = ('\0'..='\u{ff}')
            .chain('\u{2000}'..='\u{30ff}')
            .chain('\u{ff00}'..='\u{ffef}')
            .map(|c| format!("甲{c}乙B"))
            .collect();
        every.extend(["5G“智慧”产业园（A区）、B区：《示范》—。；，", "〇龥鿿", "甲", "（甲）", ""].map(str::to_owned));
        for text in every {
            assert_eq!(name_key(&text), name_key_of_any(&text), "{text:?}");
        }
    }

    #[test]
    fn what_a_name_may_carry_or_not_is_no_part_of_its_core() {
        assert_eq!(name_core("年产12万吨光伏支架建设项目"), "年产12万吨光伏支架");
        assert_eq!(name_core("（工程）"), "");
    }

    #[test]
    fn parts_share_the_base_of_their_whole() {
        for name in [
            "豫西产业园项目",
            "豫西产业园一期项目",
            "豫西产业园（第二期）",
            "豫西产业园三标段工程",
            "豫西产业园项目（打捆）",
        ] {
            assert_eq!(part_base(&name_key(name)), "豫西产业园", "{name}");
        }
        assert_eq!(part_base("年产10万吨铝箔项目"), "年产10万吨铝箔");
    }
}
