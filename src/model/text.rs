//! Texts as keys for matching; what is published stays as written.

use unicode_normalization::UnicodeNormalization;

/// A name as a key: width folded (NFKC), lower case, without white space, punctuation and symbols. Two spellings of one
/// name that a person would not tell apart give the same key; an empty key means that nothing but such was written.
#[must_use]
pub fn name_key(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// A label for comparing: width folded (NFKC), lower case, without white space and invisible characters, all brackets
/// round, typographic quotes straight. Unlike [`name_key`] it keeps punctuation, which tells `（一）` from `一`.
#[must_use]
pub fn squeeze(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_punctuation() {
        assert_eq!(squeeze(" 总 投资\n（亿元） "), "总投资(亿元)");
        assert_eq!(squeeze("【一】Ａ：“三个一批”"), "(一)a:\"三个一批\"");
    }

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for text in ["年产10万吨（一期）项目", "年产１０万吨(一期) 项目", "年产10万吨【一期】\n项目"]
        {
            assert_eq!(name_key(text), "年产10万吨一期项目", "{text}");
        }
        assert_eq!(name_key("——"), "");
    }
}
