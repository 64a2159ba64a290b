//! The fields of a record, a map in one block of memory: a record has about twenty of them, and there are millions of
//! records.

use super::{Field, FieldValue};

/// Values by field, in the order of fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Values(Vec<(Field, FieldValue)>);

impl Values {
    /// No value.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No value yet, and room for `fields` of them.
    #[must_use]
    pub fn with_capacity(fields: usize) -> Self {
        Self(Vec::with_capacity(fields))
    }

    fn place(&self, field: Field) -> Result<usize, usize> {
        self.0.binary_search_by_key(&field, |(f, _)| *f)
    }

    /// Value of a field.
    #[must_use]
    pub fn get(&self, field: &Field) -> Option<&FieldValue> {
        let place = self.place(*field).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Value of a field, to be changed.
    pub fn get_mut(&mut self, field: &Field) -> Option<&mut FieldValue> {
        let place = self.place(*field).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Whether a field has a value.
    #[must_use]
    pub fn contains_key(&self, field: &Field) -> bool {
        self.place(*field).is_ok()
    }

    /// Gives a field a value; what it had before, when it had one.
    pub fn insert(&mut self, field: Field, value: FieldValue) -> Option<FieldValue> {
        match self.place(field) {
            Ok(place) => self.0.get_mut(place).map(|(_, old)| std::mem::replace(old, value)),
            Err(place) => {
                self.0.insert(place, (field, value));
                None
            }
        }
    }

    /// Takes a field's value away.
    pub fn remove(&mut self, field: &Field) -> Option<FieldValue> {
        let place = self.place(*field).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Fields with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&Field, &FieldValue)> {
        self.0.iter().map(|(field, value)| (field, value))
    }

    /// Fields that have a value.
    pub fn keys(&self) -> impl Iterator<Item = &Field> {
        self.0.iter().map(|(field, _)| field)
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &FieldValue> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut FieldValue> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// How many fields have a value.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no field has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Field, FieldValue)> for Values {
    fn from_iter<I: IntoIterator<Item = (Field, FieldValue)>>(fields: I) -> Self {
        let mut values = Self::new();
        for (field, value) in fields {
            values.insert(field, value);
        }
        values
    }
}

impl<const N: usize> From<[(Field, FieldValue); N]> for Values {
    fn from(fields: [(Field, FieldValue); N]) -> Self {
        fields.into_iter().collect()
    }
}

impl std::ops::Index<&Field> for Values {
    type Output = FieldValue;

    /// # Panics
    /// When the field has no value; for tests.
    fn index(&self, field: &Field) -> &FieldValue {
        self.get(field).unwrap_or_else(|| panic!("no {field:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    fn value(raw: &str) -> FieldValue {
        FieldValue { value: None, raw: raw.into(), cell: CellRef::new(0, 0) }
    }

    #[test]
    fn fields_come_in_their_order_and_a_second_value_replaces_the_first() {
        let mut values = Values::from([(Field::Owner, value("a")), (Field::ProjectName, value("b"))]);
        assert!(Field::ProjectName < Field::Owner);
        assert_eq!(values.keys().collect::<Vec<_>>(), [&Field::ProjectName, &Field::Owner]);
        assert_eq!(values.insert(Field::Owner, value("c")).map(|v| v.raw).as_deref(), Some("a"));
        assert_eq!(values.get(&Field::Owner).map(|v| &*v.raw), Some("c"));
        assert_eq!((values.remove(&Field::ProjectName).is_some(), values.len()), (true, 1));
        assert!(!values.contains_key(&Field::ProjectName));
    }
}
