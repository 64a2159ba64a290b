//! Texts as keys for matching; what is published stays as written.

use unicode_normalization::UnicodeNormalization;

/// A name as a key: width folded (NFKC), lower case, without white space, punctuation and symbols. Two spellings of one
/// name that a person would not tell apart give the same key; an empty key means that nothing but such was written.
#[must_use]
pub fn name_key(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for text in ["年产10万吨（一期）项目", "年产１０万吨(一期) 项目", "年产10万吨【一期】\n项目"]
        {
            assert_eq!(name_key(text), "年产10万吨一期项目", "{text}");
        }
        assert_eq!(name_key("——"), "");
    }
}
