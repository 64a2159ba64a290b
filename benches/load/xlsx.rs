//! Writes .xlsx as Excel does: shared texts, styles, one part per sheet.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::book::{Book, Sheet, Value, letter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const STYLES: &str = "<numFmts count=\"1\"><numFmt numFmtId=\"176\" formatCode=\"yyyy/m/d;@\"/></numFmts>\
<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"宋体\"/></font><font><b/><sz val=\"18\"/><name val=\"黑体\"/></font></fonts>\
<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
<xf numFmtId=\"4\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
<xf numFmtId=\"176\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>";

/// Texts in the order of their first use.
#[derive(Default)]
struct Texts {
    index: HashMap<String, usize>,
    order: Vec<String>,
    uses: usize,
}

impl Texts {
    fn index(&mut self, text: &str) -> usize {
        self.uses += 1;
        if let Some(&i) = self.index.get(text) {
            return i;
        }
        self.index.insert(text.to_owned(), self.order.len());
        self.order.push(text.to_owned());
        self.order.len() - 1
    }
}

struct Package<W: Write + Seek> {
    zip: ZipWriter<W>,
    options: SimpleFileOptions,
    texts: Texts,
}

/// Writes a workbook.
pub(super) fn write(book: &Book, out: impl Write + Seek) -> io::Result<()> {
    let names: Vec<&str> = book.sheets.iter().map(|s| s.name.as_str()).collect();
    let mut package = Package::new(out, &names)?;
    for (i, sheet) in book.sheets.iter().enumerate() {
        package.sheet(i, sheet, sheet.rows.iter().cloned())?;
    }
    package.finish()
}

/// Writes a workbook of one sheet whose rows come one by one.
pub(super) fn stream(out: impl Write + Seek, sheet: &Sheet, rows: impl Iterator<Item = Vec<Value>>) -> io::Result<()> {
    let mut package = Package::new(out, &[&sheet.name])?;
    package.sheet(0, sheet, rows)?;
    package.finish()
}

impl<W: Write + Seek> Package<W> {
    fn new(out: W, names: &[&str]) -> io::Result<Self> {
        // No clock: the same workbook is the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(zip::DateTime::default())
            .large_file(true);
        let mut package = Self { zip: ZipWriter::new(out), options, texts: Texts::default() };
        let all = |make: &dyn Fn(usize, &str) -> String| {
            names.iter().enumerate().map(|(i, n)| make(i + 1, n)).collect::<String>()
        };
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        let sheets = all(&|i, _| {
            format!("<Override PartName=\"/xl/worksheets/sheet{i}.xml\" ContentType=\"{kind}.worksheet+xml\"/>")
        });
        package.part(
            "[Content_Types].xml",
            &format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>{sheets}\
<Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{kind}.sharedStrings+xml\"/></Types>"
            ),
        )?;
        let relations =
            |inner: &str| format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inner}</Relationships>");
        let relation = |id: usize, kind: &str, target: &str| {
            format!("<Relationship Id=\"rId{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
        };
        package.part("_rels/.rels", &relations(&relation(1, "officeDocument", "xl/workbook.xml")))?;
        let sheets = all(&|i, name| format!("<sheet name=\"{name}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>"));
        package.part(
            "xl/workbook.xml",
            &format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{sheets}</sheets></workbook>"),
        )?;
        let own = all(&|i, _| relation(i, "worksheet", &format!("worksheets/sheet{i}.xml")));
        let rest = relation(names.len() + 1, "styles", "styles.xml")
            + &relation(names.len() + 2, "sharedStrings", "sharedStrings.xml");
        package.part("xl/_rels/workbook.xml.rels", &relations(&(own + &rest)))?;
        package.part("xl/styles.xml", &format!("<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>"))?;
        Ok(package)
    }

    fn part(&mut self, name: &str, content: &str) -> io::Result<()> {
        self.zip.start_file(name, self.options).map_err(io::Error::other)?;
        self.zip.write_all(HEAD.as_bytes())?;
        self.zip.write_all(content.as_bytes())
    }

    fn sheet(&mut self, index: usize, sheet: &Sheet, rows: impl Iterator<Item = Vec<Value>>) -> io::Result<()> {
        let head = format!("<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheetData>");
        self.part(&format!("xl/worksheets/sheet{}.xml", index + 1), &head)?;
        let mut xml = String::new();
        for (i, row) in rows.enumerate() {
            let number = i + 1;
            xml.clear();
            let _ = write!(xml, "<row r=\"{number}\" spans=\"1:{}\" ht=\"28.5\" customHeight=\"1\">", row.len());
            for (col, value) in row.iter().enumerate() {
                let at = format!("{}{number}", letter(col));
                let _ = match value {
                    Value::Empty => write!(xml, "<c r=\"{at}\" s=\"1\"/>"),
                    Value::Text(text) => {
                        write!(xml, "<c r=\"{at}\" s=\"1\" t=\"s\"><v>{}</v></c>", self.texts.index(text))
                    }
                    Value::Number(n) => write!(xml, "<c r=\"{at}\" s=\"2\"><v>{n}</v></c>"),
                    Value::Date(n) => write!(xml, "<c r=\"{at}\" s=\"3\"><v>{n}</v></c>"),
                    Value::Sum(from, to, n) => {
                        write!(xml, "<c r=\"{at}\" s=\"2\"><f>SUM({0}{from}:{0}{to})</f><v>{n}</v></c>", letter(col))
                    }
                };
            }
            xml.push_str("</row>");
            self.zip.write_all(xml.as_bytes())?;
        }
        let merge = |m: &(u32, u32, u32, u32)| {
            let at = |row: u32, col: u32| format!("{}{}", letter(col as usize), row + 1);
            format!("<mergeCell ref=\"{}:{}\"/>", at(m.0, m.1), at(m.2, m.3))
        };
        let merges: String = sheet.merges.iter().map(merge).collect();
        let tail =
            format!("</sheetData><mergeCells count=\"{}\">{merges}</mergeCells></worksheet>", sheet.merges.len());
        self.zip.write_all(tail.as_bytes())
    }

    fn finish(mut self) -> io::Result<()> {
        let texts = std::mem::take(&mut self.texts);
        let head = format!("<sst xmlns=\"{MAIN}\" count=\"{}\" uniqueCount=\"{}\">", texts.uses, texts.order.len());
        self.part("xl/sharedStrings.xml", &head)?;
        for text in &texts.order {
            self.zip.write_all(
                format!("<si><t>{text}</t><phoneticPr fontId=\"1\" type=\"noConversion\"/></si>").as_bytes(),
            )?;
        }
        self.zip.write_all(b"</sst>")?;
        self.zip.finish().map(drop).map_err(io::Error::other)
    }
}
