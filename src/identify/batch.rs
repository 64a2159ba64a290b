//! 第二十一期 in a title or a file name.

use crate::model::BatchId;

/// The batch that a text states: 第二十一期, 第21期. 2026年第一批 is none.
#[must_use]
pub fn stated_batch(text: &str) -> Option<BatchId> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    compact.match_indices('第').find_map(|(at, _)| BatchId::parse(&compact[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_period_is_a_batch() {
        let id = |text| stated_batch(text).map(|b| b.as_str().to_owned());
        assert_eq!(id("济源示范区“三个一批”活动第二十一期签约项目"), Some("21".to_owned()));
        assert_eq!(id("洛阳市第 3 期台账"), Some("03".to_owned()));
        assert_eq!(id("2026年第一批重大项目"), None);
        assert_eq!(id("第一季度清单"), None);
        assert_eq!(id("第一批项目（第二期）"), Some("02".to_owned()));
    }
}
