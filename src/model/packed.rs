//! Values as bytes and back: what a reading child answers, and what the cache keeps. A text is stored once as far as it is
//! noticed, and what was one allocation is one again.
//!
//! Every struct is taken apart by its fields' names: a field that is new in the model does not compile until it is packed.

use std::sync::Arc;

use super::texts::{Writer, number};
use super::{CellRef, Source};

/// Most values that room is set aside for before they are there.
const BELIEVED: usize = 1 << 14;

/// A value as bytes behind those of `head`; `texts` is about how many texts it has.
pub(crate) fn pack<T: Packed>(value: &T, texts: usize, head: &[u8]) -> Vec<u8> {
    let mut writer = Writer::for_texts(texts);
    value.put(&mut writer);
    let texts: usize = writer.strings.iter().map(|text| text.len() + 2).sum();
    let mut bytes = Vec::with_capacity(head.len() + 10 + texts + writer.body.len());
    bytes.extend_from_slice(head);
    number(&mut bytes, writer.strings.len() as u64);
    for text in &writer.strings {
        number(&mut bytes, text.len() as u64);
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.extend_from_slice(&writer.body);
    bytes
}

/// The value that these bytes hold; `None` when they hold none, or more than it.
pub(crate) fn unpack<T: Packed>(bytes: &[u8]) -> Option<T> {
    let mut input = Unpacking { rest: bytes, strings: Vec::new(), source: None };
    for _ in 0..input.number()? {
        let length = usize::try_from(input.number()?).ok()?;
        let text = std::str::from_utf8(input.take(length)?).ok()?;
        input.strings.push(Arc::from(text));
    }
    let value = T::get(&mut input)?;
    input.rest.is_empty().then_some(value)
}

/// Bytes that are read back.
pub(crate) struct Unpacking<'a> {
    /// What was not read yet.
    pub(crate) rest: &'a [u8],
    strings: Vec<Arc<str>>,
    /// The file's own source, which every row of it names.
    source: Option<Arc<Source>>,
}

impl<'a> Unpacking<'a> {
    /// The next bytes.
    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    /// The next number.
    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The next text.
    pub(crate) fn text(&mut self) -> Option<&Arc<str>> {
        let index = usize::try_from(self.number()?).ok()?;
        self.strings.get(index)
    }
}

/// What can be written and read back.
pub(crate) trait Packed: Sized {
    /// Writes it.
    fn put<'a>(&'a self, out: &mut Writer<'a>);
    /// Reads what [`Packed::put`] wrote.
    fn get(input: &mut Unpacking<'_>) -> Option<Self>;
}

/// Structs that are packed field by field.
macro_rules! packed {
    ($($type:ident { $($field:ident)* })*) => { $(
        impl $crate::model::Packed for $type {
            fn put<'a>(&'a self, out: &mut $crate::model::TextWriter<'a>) {
                let $type { $($field),* } = self;
                $($crate::model::Packed::put($field, out);)*
            }
            fn get(input: &mut $crate::model::Unpacking<'_>) -> Option<Self> {
                $(let $field = $crate::model::Packed::get(input)?;)*
                Some($type { $($field),* })
            }
        }
    )* };
}
pub(crate) use packed;

impl Packed for Arc<Source> {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        let Source { file, sha256 } = &**self;
        file.put(out);
        sha256.put(out);
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        let source = Source { file: Packed::get(input)?, sha256: Packed::get(input)? };
        match &input.source {
            Some(known) if **known == source => Some(Arc::clone(known)),
            _ => Some(Arc::clone(input.source.insert(Arc::new(source)))),
        }
    }
}

impl Packed for CellRef {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        number(&mut out.body, u64::from(self.row));
        number(&mut out.body, u64::from(self.col));
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        Some(Self::new(Packed::get(input)?, Packed::get(input)?))
    }
}

impl Packed for bool {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        out.body.push(u8::from(*self));
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        Some(input.byte()? == 1)
    }
}

impl Packed for u32 {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        number(&mut out.body, u64::from(*self));
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        Self::try_from(input.number()?).ok()
    }
}

impl Packed for f64 {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        out.body.extend_from_slice(&self.to_le_bytes());
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        input.take(size_of::<Self>())?.try_into().ok().map(Self::from_le_bytes)
    }
}

impl Packed for Arc<str> {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        out.text(self);
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        input.text().map(Arc::clone)
    }
}

impl Packed for String {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        out.text(self);
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        input.text().map(|text| text.as_ref().to_owned())
    }
}

impl<T: Packed> Packed for Option<T> {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        out.body.push(u8::from(self.is_some()));
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        if bool::get(input)? { Some(Some(T::get(input)?)) } else { Some(None) }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        number(&mut out.body, self.len() as u64);
        for value in self {
            value.put(out);
        }
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        let length = usize::try_from(input.number()?).ok()?;
        let mut values = Self::with_capacity(length.min(BELIEVED));
        for _ in 0..length {
            values.push(T::get(input)?);
        }
        Some(values)
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn put<'a>(&'a self, out: &mut Writer<'a>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        Some((Packed::get(input)?, Packed::get(input)?))
    }
}
