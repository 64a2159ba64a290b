//! Which unit, batch and stage a path, a name or a line speaks of.
