//! Batches and stages.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Id of a batch (期): at least two digits as text, `02` = 第二期. Orders by number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BatchId(String);

impl Ord for BatchId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // As numbers: 100 comes after 99.
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for BatchId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl BatchId {
    /// Reads `2`, `02`, `第二期`, `第2期`; text after it is allowed for folder names (`23_收件`).
    /// `None` when the text does not begin with a batch.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (number, rest) = if let Some(rest) = text.strip_prefix('第') {
            let end = rest.find('期')?;
            (parse_number(rest[..end].trim())?, &rest[end..])
        } else {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            (text[..end].parse().ok()?, &text[end..])
        };
        let plausible = (1..=999).contains(&number) && !rest.starts_with(['.', '年', '月']);
        plausible.then(|| Self(format!("{number:02}")))
    }

    /// The batch of this number.
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        Self(format!("{number:02}"))
    }

    /// `02`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 2.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.0.parse().unwrap_or(0)
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number below 1000 in Arabic or Chinese digits: `12`, `十二`, `二十`, `一百零三`.
fn parse_number(text: &str) -> Option<u32> {
    if let Ok(n) = text.parse() {
        return Some(n);
    }
    let (mut total, mut digit, mut any) = (0, 0, false);
    for c in text.chars() {
        any = true;
        match c {
            '零' | '〇' => {}
            '十' => {
                total += if digit == 0 { 10 } else { digit * 10 };
                digit = 0;
            }
            '百' => {
                total += digit * 100;
                digit = 0;
            }
            _ => digit = u32::try_from("一二三四五六七八九".chars().position(|d| d == c)?).ok()? + 1,
        }
    }
    any.then_some(total + digit)
}

/// One of the three lists of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// 签约.
    #[serde(rename = "签约")]
    Signing,
    /// 开工.
    #[serde(rename = "开工")]
    Start,
    /// 投产.
    #[serde(rename = "投产")]
    Production,
}

impl Stage {
    /// In the order of the campaign.
    pub const ALL: [Stage; 3] = [Stage::Signing, Stage::Start, Stage::Production];

    /// Position in [`Stage::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Signing => 0,
            Self::Start => 1,
            Self::Production => 2,
        }
    }

    /// 签约, 开工 or 投产.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signing => "签约",
            Self::Start => "开工",
            Self::Production => "投产",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_names() {
        for (text, id) in [("2", "02"), ("02", "02"), ("第二期", "02"), ("第二十二期收件", "22"), ("23_收件", "23")]
        {
            assert_eq!(BatchId::parse(text).as_ref().map(BatchId::as_str), Some(id), "{text}");
        }
        assert!(BatchId::from_number(99) < BatchId::from_number(100));
        for text in ["收件", "2026年第一批", "第一批", "0", ""] {
            assert_eq!(BatchId::parse(text), None, "{text}");
        }
    }
}
