//! What texts can be told apart by at a glance: the letters that they begin with or hold. A glance may take a text for
//! what it is not, never the other way round; it spares looking closer at nearly all cells of a sheet.

/// The first unified ideograph.
const FIRST_IDEOGRAPH: char = '\u{4e00}';

/// Whether a character is of the block of unified ideographs: no form of writing changes them.
#[must_use]
pub fn is_ideograph(c: char) -> bool {
    (FIRST_IDEOGRAPH..='\u{9fff}').contains(&c)
}

/// A set of ideographs and ASCII characters, one bit each.
#[derive(Debug)]
pub struct Letters {
    ideographs: Vec<u64>,
    ascii: u128,
    /// A letter that is neither is in the set.
    others: bool,
}

impl Letters {
    /// The set of some letters.
    #[must_use]
    pub fn of(letters: impl IntoIterator<Item = char>) -> Self {
        let mut set = Self { ideographs: vec![0; 0x5200 / 64], ascii: 0, others: false };
        for c in letters {
            if is_ideograph(c) {
                let (word, bit) = Self::place(c);
                set.ideographs.get_mut(word).into_iter().for_each(|w| *w |= bit);
            } else if c.is_ascii() {
                set.ascii |= 1 << u32::from(c);
            } else {
                set.others = true;
            }
        }
        set
    }

    /// Whether a letter is in the set; of letters that are neither, whether any such is.
    #[must_use]
    pub fn contains(&self, c: char) -> bool {
        if is_ideograph(c) {
            let (word, bit) = Self::place(c);
            return self.ideographs.get(word).is_some_and(|w| w & bit != 0);
        }
        if c.is_ascii() { self.ascii >> u32::from(c) & 1 == 1 } else { self.others }
    }

    fn place(c: char) -> (usize, u64) {
        let n = c as usize - FIRST_IDEOGRAPH as usize;
        (n / 64, 1 << (n % 64))
    }
}

/// The first character of a text squeezed, where it is sure without squeezing: the text begins with a digit or an
/// ideograph.
#[must_use]
pub fn sure_first(text: &str) -> Option<char> {
    text.chars().next().filter(|c| c.is_ascii_digit() || is_ideograph(*c))
}

/// Whether a text squeezed surely begins with none of some squeezed words.
#[must_use]
pub fn begins_otherwise(text: &str, words: &[String]) -> bool {
    sure_first(text).is_some_and(|c| !words.iter().any(|w| w.starts_with(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_again() {
        let set = Letters::of("合计total一\u{9fff}".chars());
        for c in "合计total一\u{9fff}".chars() {
            assert!(set.contains(c), "{c}");
        }
        for c in "项目xz9、é".chars() {
            assert!(!set.contains(c), "{c}");
        }
        assert!(Letters::of(['é']).contains('ü'), "one such stands for all");
    }

    #[test]
    fn a_glance_never_denies() {
        let words = ["同上".to_owned(), "\"".to_owned()];
        assert!(begins_otherwise("项目", &words) && begins_otherwise("2026", &words));
        for text in ["同上", " 同上", "“", "\u{ad}项目", "", "同项目"] {
            assert!(!begins_otherwise(text, &words), "{text:?}");
        }
    }
}
