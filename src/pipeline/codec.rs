//! An [`Extract`] as bytes and back, for the cache. A text is stored once as far as it is
//! noticed, and what was one allocation is one again.
//!
//! Every struct is taken apart by its fields' names: a field that is new in the model does not compile until it is here.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::{
    Amount, BatchId, CellBook, CellTrace, DeclaredTotal, Explanation, Extract, Field, FieldValue, FileOutcome, Finding,
    GroupTotal, HeaderColumn, Measure, Origin, Packed, PartialDate, Record, RowBook, SheetBook, Slot, Stage,
    TableHeaders, TextWriter, TotalScope, Unpacking, Value, Values, number, pack, packed, unpack,
};

/// Beginning of an entry; another number for another arrangement of bytes.
const MAGIC: &[u8; 8] = b"sanpi\0\0\x01";
/// Bytes of magic and checksum.
const HEAD: usize = MAGIC.len() + 4;

/// An extract as bytes with a checksum.
pub(super) fn encode(extract: &Extract) -> Vec<u8> {
    let mut bytes = pack(extract, 2 * extract.cells.len(), &[&MAGIC[..], &[0; HEAD - MAGIC.len()]].concat());
    let checksum = crc32fast::hash(bytes.get(HEAD..).unwrap_or_default()).to_le_bytes();
    if let Some(place) = bytes.get_mut(MAGIC.len()..HEAD) {
        place.copy_from_slice(&checksum);
    }
    bytes
}

/// The extract that these bytes hold; `None` when they are damaged or of another version of the program.
pub(super) fn decode(bytes: &[u8]) -> Option<Extract> {
    let (head, payload) = (bytes.get(..HEAD)?, bytes.get(HEAD..)?);
    let (magic, checksum) = (head.get(..MAGIC.len())?, head.get(MAGIC.len()..)?);
    if magic != MAGIC || checksum != crc32fast::hash(payload).to_le_bytes() {
        return None;
    }
    unpack(payload)
}

packed! {
    Extract {
        source batch unit_code format outcome records totals cells sheets headers stages supplement explanations findings
    }
    Explanation { project number cell text }
    Slot { table line }
    Origin { source sheet sheet_index row slot }
    Record { batch unit_code stage origin group values extras hidden after_total }
    FieldValue { value raw cell }
    CellTrace { sheet at raw raw_kind field value rule }
    DeclaredTotal {
        batch unit_code stage scope group measure value amount source sheet sheet_index cell formula rows
    }
    GroupTotal { label }
    SheetBook { sheet rows cells role headers }
    RowBook { non_empty header section total note project }
    CellBook { read header section total note mapped unmapped covered lost blank }
    TableHeaders { batch unit_code stages file sheet sheet_index table columns }
    HeaderColumn { cell header field }
    Finding {
        code batch unit_code stage message file sheet sheet_index cell row slot field seen read_as help project_name
    }
}

/// Small values that know how to write themselves.
macro_rules! by_serde {
    ($($type:ident)*) => { $(
        impl Packed for $type {
            fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
                put_serde(self, out);
            }
            fn get(input: &mut Unpacking<'_>) -> Option<Self> {
                get_serde(input)
            }
        }
    )* };
}

by_serde! { Amount BatchId Field Measure PartialDate Stage TotalScope }

fn put_serde<T: Serialize>(value: &T, out: &mut TextWriter<'_>) {
    // Neither these types nor a vector can fail; if one did, the entry could not be read and would be made anew.
    let _ = postcard::to_io(value, &mut out.body);
}

fn get_serde<T: DeserializeOwned>(input: &mut Unpacking<'_>) -> Option<T> {
    let (value, rest) = postcard::take_from_bytes(input.rest).ok()?;
    input.rest = rest;
    Some(value)
}

/// Outcomes of reading a file, in the order of their numbers.
const OUTCOMES: [FileOutcome; 9] = [
    FileOutcome::Read,
    FileOutcome::NoTable,
    FileOutcome::Unreadable,
    FileOutcome::Unsupported,
    FileOutcome::Stray,
    FileOutcome::Duplicate,
    FileOutcome::Superseded,
    FileOutcome::UnitUnknown,
    FileOutcome::InProgress,
];

impl Packed for FileOutcome {
    fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
        let index = OUTCOMES.iter().position(|o| o == self).unwrap_or(OUTCOMES.len());
        number(&mut out.body, index as u64);
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        OUTCOMES.get(usize::try_from(input.number()?).ok()?).copied()
    }
}

impl Packed for Value {
    fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
        let kind = match self {
            Self::Text(_) => 0,
            Self::Amount(_) => 1,
            Self::Date(_) => 2,
            Self::Flag(_) => 3,
            Self::County { .. } => 4,
        };
        out.body.push(kind);
        match self {
            Self::Text(text) => text.put(out),
            Self::Amount(amount) => amount.put(out),
            Self::Date(date) => date.put(out),
            Self::Flag(flag) => flag.put(out),
            Self::County { name, code } => {
                name.put(out);
                code.put(out);
            }
        }
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        Some(match input.byte()? {
            0 => Self::Text(Packed::get(input)?),
            1 => Self::Amount(Packed::get(input)?),
            2 => Self::Date(Packed::get(input)?),
            3 => Self::Flag(Packed::get(input)?),
            4 => Self::County { name: Packed::get(input)?, code: Packed::get(input)? },
            _ => return None,
        })
    }
}

/// Readings: nearly all are names, but some hold a unit of the configuration.
impl Packed for Cow<'static, str> {
    fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
        out.text(self);
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        Packed::get(input).map(Cow::Owned)
    }
}

/// Names that the program itself gave: codes, kinds and roles.
impl Packed for &'static str {
    fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
        out.text(self);
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        input.text().map(|text| interned(text))
    }
}

/// The one copy of a name that lives as long as the program. There are as many as the program has names.
fn interned(text: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(name) = names.get(text) {
        return name;
    }
    let name: &'static str = Box::leak(text.to_owned().into_boxed_str());
    names.insert(name);
    name
}

impl Packed for Values {
    fn put<'a>(&'a self, out: &mut TextWriter<'a>) {
        number(&mut out.body, self.len() as u64);
        for (key, value) in self.iter() {
            key.put(out);
            value.put(out);
        }
    }

    fn get(input: &mut Unpacking<'_>) -> Option<Self> {
        (0..input.number()?).map(|_| Some((Field::get(input)?, FieldValue::get(input)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::spec::{Spec, pipelines};

    fn sample() -> Extract {
        let spec: Spec = pipelines();
        let text = "洛阳市“三个一批”签约项目清单\n单位：万元\n序号,项目名称,项目单位,县区,总投资（万元）,签约时间,联系电话\n\
                    1,涧西高端轴承产业园项目,洛阳甲装备有限公司,涧西区,约51000,2021年10月,13812345678\n\
                    2,洛龙智能终端生产线项目,洛阳乙电子有限公司,同上,,2021-10-08,\n合计,,,,51000,,\n";
        super::super::file::extract_bytes(text.as_bytes(), "02/洛阳市/洛阳市签约.csv", &BatchId::from_number(2), &spec)
    }

    #[test]
    fn an_extract_comes_back_as_it_was() {
        let extract = sample();
        assert_eq!((extract.records.len(), extract.totals.is_empty(), extract.findings.is_empty()), (2, false, false));
        let bytes = encode(&extract);
        let back = decode(&bytes).unwrap();
        assert_eq!(format!("{back:?}"), format!("{extract:?}"));
        assert!(Arc::ptr_eq(&back.source, &back.records[1].origin.source), "one file, one source");
    }

    #[test]
    fn damage_is_noticed_and_never_a_panic() {
        let bytes = encode(&sample());
        for at in (0..bytes.len()).step_by(7) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            assert!(decode(&damaged).is_none(), "byte {at}");
            assert!(decode(&bytes[..at]).is_none(), "cut at {at}");
        }
        // Bytes with a right checksum that nobody wrote.
        for fill in 0..=255u8 {
            let payload = [fill; 64];
            let mut forged = MAGIC.to_vec();
            forged.extend_from_slice(&crc32fast::hash(&payload).to_le_bytes());
            forged.extend_from_slice(&payload);
            assert!(decode(&forged).is_none());
        }
    }
}
