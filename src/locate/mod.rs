//! Sheet → tables.
