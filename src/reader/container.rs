//! OLE compound files: which kind of document they hold.

use super::crypt::open_package;
use super::fault::Fault;
use super::ole::Ole;

/// What lies in an OLE file.
#[derive(Debug)]
pub(super) enum Content {
    /// A BIFF stream.
    Workbook(Vec<u8>),
    /// A zip package, decrypted.
    Package(Vec<u8>),
}

/// The workbook in an OLE file, or what else it is.
pub(super) fn open(bytes: &[u8]) -> Result<Content, Fault> {
    let ole = Ole::open(bytes)?;
    if ole.has("WordDocument") {
        return Err(Fault::stray("Word 文档"));
    }
    if ole.has("PowerPoint Document") {
        return Err(Fault::stray("演示文稿"));
    }
    if ole.has("EncryptedPackage") {
        let part = |name| ole.stream(name).unwrap_or_else(|| Err(Fault::encrypted()));
        return open_package(&part("EncryptionInfo")?, &part("EncryptedPackage")?).map(Content::Package);
    }
    if ole.has("\tDRMContent") {
        return Err(Fault::encrypted());
    }
    match ["Workbook", "Book"].iter().find_map(|name| ole.stream(name)) {
        Some(stream) => stream.map(Content::Workbook),
        None => Err(Fault::unsupported("OLE 文件，里面没有工作簿")),
    }
}
