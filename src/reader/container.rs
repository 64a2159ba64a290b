//! OLE compound files: which kind of document they hold.

use super::fault::Fault;
use super::ole::Ole;
use super::xls;
use crate::model::ReadOutcome;
use crate::spec::Limits;

/// Reads the workbook in an OLE file, or says what else it is.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<ReadOutcome, Fault> {
    let ole = Ole::open(bytes)?;
    if ole.has("WordDocument") {
        return Err(Fault::stray("Word 文档"));
    }
    if ole.has("PowerPoint Document") {
        return Err(Fault::stray("演示文稿"));
    }
    if ole.has("EncryptedPackage") || ole.has("\tDRMContent") {
        return Err(Fault::encrypted());
    }
    match ["Workbook", "Book"].iter().find_map(|name| ole.stream(name)) {
        Some(stream) => xls::read(&stream?, limits),
        None => Err(Fault::unsupported("OLE 文件，里面没有工作簿")),
    }
}
