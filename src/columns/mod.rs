//! Header text → field.
