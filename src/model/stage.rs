//! Batches and stages.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Digits of the largest number.
const MAX_DIGITS: usize = 10;

/// Id of a batch (期): at least two digits as text, `02` = 第二期. Orders by number.
///
/// Every record, finding and comparison holds one, so it stands in itself.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BatchId {
    length: u8,
    digits: [u8; MAX_DIGITS],
}

impl fmt::Debug for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BatchId").field(&self.as_str()).finish()
    }
}

impl Ord for BatchId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // As numbers: 100 comes after 99.
        (self.length, &self.digits).cmp(&(other.length, &other.digits))
    }
}

impl PartialOrd for BatchId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl From<BatchId> for String {
    fn from(batch: BatchId) -> Self {
        batch.as_str().to_owned()
    }
}

impl TryFrom<String> for BatchId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
        let batch = number.map(Self::from_number).filter(|batch| batch.as_str() == text);
        batch.ok_or_else(|| format!("{text:?} 不是期的编号"))
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
        plausible.then(|| Self::from_number(number))
    }

    /// The batch of this number.
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        let mut digits = [0; MAX_DIGITS];
        let mut length = 0;
        for (digit, at) in digits.iter_mut().zip(format!("{number:02}").bytes()) {
            *digit = at;
            length += 1;
        }
        Self { length, digits }
    }

    /// `02`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let digits = self.digits.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }

    /// 2.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.as_str().parse().unwrap_or(0)
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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
        assert_eq!(BatchId::from_number(u32::MAX).number(), u32::MAX);
        let second = BatchId::from_number(2);
        let written = serde_json::to_string(&second).unwrap();
        assert_eq!(written, "\"02\"");
        assert_eq!(serde_json::from_str::<BatchId>(&written).unwrap(), second);
        for text in ["\"2\"", "\"+2\"", "\"十\"", "\"12345678901\"", "\"\""] {
            assert!(serde_json::from_str::<BatchId>(text).is_err(), "{text}");
        }
        for text in ["收件", "2026年第一批", "第一批", "0", ""] {
            assert_eq!(BatchId::parse(text), None, "{text}");
        }
    }
}
