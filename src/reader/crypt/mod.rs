//! Workbooks under Excel's built-in password, which Excel opens without asking ([MS-OFFCRYPTO]). Any other password
//! stays closed.

mod biff;
mod ciphers;
mod ooxml;

pub(super) use biff::Opener;
pub(super) use ooxml::open_package;
