//! What went into a column, in a few bytes: what is read back must leave the same.

use arrow::array::{Array, ArrowPrimitiveType, AsArray, PrimitiveArray};
use arrow::buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow::datatypes::{ArrowNativeType, DataType, Date32Type, Decimal128Type, Int64Type, ToByteSlice};
use crc32fast::Hasher;

/// A checksum over the values of a column, array by array. Equal arrays in the same order leave the same; a difference
/// goes unnoticed once in four thousand million. The values themselves need not be kept for comparing.
#[derive(Debug, Clone, Default)]
pub(super) struct Fingerprint(Hasher);

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl Fingerprint {
    fn value(&self) -> u32 {
        self.0.clone().finalize()
    }

    /// Takes the next values in. What lies where nothing stands, and behind the last value, is not of the column.
    pub(super) fn add(&mut self, array: &dyn Array) {
        self.0.update(&array.len().to_ne_bytes());
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
        if let Some(nulls) = nulls {
            self.bits(nulls.inner(), None);
        }
        match array.data_type() {
            DataType::Utf8 => {
                let texts = array.as_string::<i32>();
                let (from, to) = self.offsets(texts.offsets());
                self.0.update(texts.value_data().get(from..to).unwrap_or_default());
            }
            DataType::Boolean => self.bits(array.as_boolean().values(), nulls.map(NullBuffer::inner)),
            DataType::Decimal128(..) => self.numbers(array.as_primitive::<Decimal128Type>()),
            DataType::Date32 => self.numbers(array.as_primitive::<Date32Type>()),
            DataType::Int64 => self.numbers(array.as_primitive::<Int64Type>()),
            DataType::List(_) => {
                let lists = array.as_list::<i32>();
                let (from, to) = self.offsets(lists.offsets());
                self.add(&lists.values().slice(from, to - from));
            }
            // No column of ours: its name alone makes the two differ from any other type.
            other => self.0.update(other.to_string().as_bytes()),
        }
    }

    /// Where each item ends, and where all of them lie.
    fn offsets(&mut self, offsets: &OffsetBuffer<i32>) -> (usize, usize) {
        let (from, to) = (offsets.first().copied().unwrap_or(0), offsets.last().copied().unwrap_or(0));
        if from == 0 {
            self.0.update(offsets.inner().inner().as_slice());
        } else {
            offsets.iter().for_each(|end| self.0.update(&(end - from).to_ne_bytes()));
        }
        (from.as_usize(), to.as_usize())
    }

    /// Bits, of these only the ones that are `set`.
    fn bits(&mut self, bits: &BooleanBuffer, set: Option<&BooleanBuffer>) {
        let words = bits.bit_chunks();
        match set {
            None => words.iter_padded().for_each(|word| self.0.update(&word.to_ne_bytes())),
            Some(set) => {
                let both = words.iter_padded().zip(set.bit_chunks().iter_padded());
                both.for_each(|(word, set)| self.0.update(&(word & set).to_ne_bytes()));
            }
        }
    }

    /// Only numbers that are there.
    fn numbers<T: ArrowPrimitiveType>(&mut self, array: &PrimitiveArray<T>) {
        if array.null_count() == 0 {
            self.0.update(array.values().inner().as_slice());
        } else {
            array.iter().flatten().for_each(|value| self.0.update(value.to_byte_slice()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, ListBuilder, StringArray, StringBuilder,
    };

    use super::*;

    fn of(arrays: &[ArrayRef]) -> Fingerprint {
        let mut print = Fingerprint::default();
        for array in arrays {
            print.add(array);
        }
        print
    }

    fn lists(items: &[Option<&[&str]>]) -> ArrayRef {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for item in items {
            item.unwrap_or_default().iter().for_each(|text| lists.values().append_value(text));
            lists.append(item.is_some());
        }
        Arc::new(lists.finish())
    }

    /// Arrays of one type of which no two are equal.
    fn arrays() -> Vec<Vec<ArrayRef>> {
        let texts = |texts: &[Option<&str>]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
        let flags = |flags: &[Option<bool>]| -> ArrayRef { Arc::new(BooleanArray::from(flags.to_vec())) };
        let counts = |counts: &[Option<i64>]| -> ArrayRef { Arc::new(Int64Array::from(counts.to_vec())) };
        let money = |money: &[Option<i128>]| -> ArrayRef { Arc::new(Decimal128Array::from(money.to_vec())) };
        let dates = |dates: &[Option<i32>]| -> ArrayRef { Arc::new(Date32Array::from(dates.to_vec())) };
        vec![
            vec![
                texts(&[Some("ab"), Some("c"), None]),
                texts(&[Some("a"), Some("bc"), None]),
                texts(&[Some("ab"), Some("c"), Some("")]),
                texts(&[Some("ab"), None, Some("c")]),
                texts(&[Some("ab"), Some("d"), None]),
                texts(&[Some("ab"), Some("c")]),
            ],
            vec![
                flags(&[Some(true), Some(false), None]),
                flags(&[Some(true), Some(false), Some(false)]),
                flags(&[Some(true), None, Some(false)]),
                flags(&[Some(true), Some(true), None]),
            ],
            vec![
                counts(&[Some(1), Some(2), None]),
                counts(&[Some(1), None, Some(2)]),
                counts(&[Some(1), Some(2), Some(0)]),
                counts(&[Some(2), Some(1), None]),
            ],
            vec![money(&[Some(1), None]), money(&[None, Some(1)]), money(&[Some(1), Some(0)]), money(&[Some(2), None])],
            vec![dates(&[Some(1), None]), dates(&[None, Some(1)]), dates(&[Some(1), Some(0)]), dates(&[Some(2), None])],
            vec![
                lists(&[Some(&["a", "b"]), Some(&[]), None]),
                lists(&[Some(&["a"]), Some(&["b"]), None]),
                lists(&[Some(&["a", "b"]), None, Some(&[])]),
                lists(&[Some(&["a", "c"]), Some(&[]), None]),
            ],
        ]
    }

    #[test]
    fn arrays_have_one_fingerprint_when_they_are_equal() {
        for kind in arrays() {
            for (a, b) in kind.iter().flat_map(|a| kind.iter().map(move |b| (a, b))) {
                assert_eq!(of(&[Arc::clone(a)]) == of(&[Arc::clone(b)]), a == b, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn what_lies_around_the_values_does_not_matter() {
        for array in arrays().into_iter().flatten() {
            let around = arrow::compute::concat(&[&array, &array, &array]).unwrap();
            let part = around.slice(array.len(), array.len());
            assert_eq!(of(&[Arc::clone(&array)]), of(&[part]), "{array:?}");
        }
        let nulls = || Some(NullBuffer::from(vec![true, false]));
        let counts = |values: [i64; 2]| -> ArrayRef { Arc::new(Int64Array::new(values.to_vec().into(), nulls())) };
        assert_eq!(of(&[counts([1, 2])]), of(&[counts([1, 3])]));
        let flags = |values: [bool; 2]| -> ArrayRef { Arc::new(BooleanArray::new(values.to_vec().into(), nulls())) };
        assert_eq!(of(&[flags([true, true])]), of(&[flags([true, false])]));
    }
}
