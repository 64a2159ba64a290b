//! Short texts where they need no allocation: numbers, dates and amounts are written more often than anything else.

use std::fmt::{self, Display, Write};
use std::ops::Deref;

/// A text of a few dozen bytes.
#[derive(Debug, Clone, Copy)]
pub struct ShortText {
    bytes: [u8; Self::MOST],
    length: usize,
}

impl ShortText {
    /// Most bytes.
    const MOST: usize = 40;

    /// A value as it is displayed, when that is short enough.
    #[must_use]
    pub fn of(value: impl Display) -> Option<Self> {
        let mut text = Self { bytes: [0; Self::MOST], length: 0 };
        write!(text, "{value}").is_ok().then_some(text)
    }
}

impl Write for ShortText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl Deref for ShortText {
    type Target = str;

    fn deref(&self) -> &str {
        self.bytes.get(..self.length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// A text that is there already, or was just written.
#[derive(Debug, Clone)]
pub enum Written<'a> {
    /// It is there.
    Stored(&'a str),
    /// It is short, as nearly all that are written.
    Short(ShortText),
    /// It is long.
    Long(String),
}

impl Written<'_> {
    /// A value as it is displayed.
    #[must_use]
    pub fn of(value: impl Display) -> Self {
        ShortText::of(&value).map_or_else(|| Self::Long(value.to_string()), Self::Short)
    }
}

impl Deref for Written<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Stored(text) => text,
            Self::Short(text) => text,
            Self::Long(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_a_text_of_its_own() {
        for text in ["", "51000.0000", "一二三四五六七八九十一二三", "一二三四五六七八九十一二三四", &"9".repeat(99)]
        {
            assert_eq!(&*Written::of(text), text);
            assert_eq!(ShortText::of(text).is_some(), text.len() <= ShortText::MOST);
        }
    }
}
