//! Office Open XML workbooks, read part by part: values and facts in one pass over each sheet.

mod book;
mod cell;
mod sheet;
mod strings;
mod styles;

pub(super) use book::read;
