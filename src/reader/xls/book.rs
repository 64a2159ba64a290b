//! placeholder until the BIFF reader is written
use crate::model::ReadOutcome;
use crate::reader::fault::Fault;
use crate::spec::Limits;

pub(in crate::reader) fn read(bytes: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    let _ = (bytes, limits);
    Err(Fault::unsupported("xls"))
}
