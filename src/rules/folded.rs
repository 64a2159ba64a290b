//! Texts as rules look for words in them: width folded (NFKC) and without white space.

use unicode_normalization::UnicodeNormalization;

/// The text with its width folded and without white space.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_whitespace() => {}
            '!'..='~' => out.push(c),
            // Full-width ASCII.
            '\u{ff01}'..='\u{ff5e}' => out.extend(char::from_u32(u32::from(c) - 0xfee0)),
            _ if stays(c) => out.push(c),
            _ => return folded_any(text),
        }
    }
    out
}

/// [`folded`] of whatever there is in Unicode.
fn folded_any(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Whether [`folded`] of the text may hold one of these ideographs. Most texts hold none, and need not be folded for that
/// to be known: only what is neither an ideograph nor plain punctuation can become one.
pub(super) fn may_hold(text: &str, ideographs: &[char]) -> bool {
    text.chars().any(|c| match c {
        '\0'..='~' | '\u{ff01}'..='\u{ff5e}' => false,
        _ => ideographs.contains(&c) || !stays(c),
    })
}

/// Characters that folding never changes, whatever stands beside them: ideographs and the usual punctuation.
fn stays(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3001}'..='\u{3029}' | '“' | '”' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_is_the_long_way() {
        let every = ('\0'..='\u{ffff}').filter(|c| stays(*c) || matches!(c, '\0'..='\u{ff}' | '\u{ff01}'..='\u{ff5e}'));
        let more = ["总 投资　约５．２亿元", "①总投资", "ｶﾞ", "a\u{301}总", "\u{2f00}总", "㎡、总", "総\u{2028}投"];
        for text in every.map(|c| format!("甲{c}乙{c}")).chain(more.map(str::to_owned)) {
            assert_eq!(folded(&text), folded_any(&text), "{text:?}");
            let (folded, marks) = (folded_any(&text), ['一', '总', '乙']);
            assert!(may_hold(&text, &marks) || !folded.contains(marks), "{text:?}");
        }
        assert!(!may_hold("年产５万吨（一期）光伏支架项目，占地约83亩", &['总']));
    }
}
