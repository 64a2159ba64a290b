//! What one file yields: the value of `extract`, a pure function of its bytes, its path and the spec.

use std::sync::Arc;

use super::{BatchId, CellTrace, DeclaredTotal, Finding, Format, Record, Source, Stage, TableHeaders};

/// Rows of a sheet by what they are. `projects` are further split into accepted and rejected by the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowBook {
    /// Rows with at least one non-blank cell.
    pub non_empty: u32,
    /// Titles, unit lines, header rows.
    pub header: u32,
    /// Section rows.
    pub section: u32,
    /// Totals of every scope, and 其中 rows.
    pub total: u32,
    /// Notes, signatures, rows outside any table.
    pub note: u32,
    /// Project rows.
    pub project: u32,
}

impl RowBook {
    /// Whether every non-empty row was accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.non_empty == self.header + self.section + self.total + self.note + self.project
    }
}

/// Cells of a sheet, each in one class. Rows outside tables, and places beside them, count as notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellBook {
    /// Cells that the reader handed over.
    pub read: u32,
    /// On titles, unit lines and header rows; labels of project cards.
    pub header: u32,
    /// On section rows.
    pub section: u32,
    /// On totals and 其中 rows, and in summary tables.
    pub total: u32,
    /// On notes, and outside project lists.
    pub note: u32,
    /// Of project rows, in a column with a field.
    pub mapped: u32,
    /// Of project rows, kept as extras or withheld as personal.
    pub unmapped: u32,
    /// Under a merged range, where nobody sees them (L203).
    pub covered: u32,
    /// That the reader could not read (L210).
    pub lost: u32,
    /// With nothing but white space.
    pub blank: u32,
}

impl CellBook {
    /// Whether every cell was accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        let rows = self.header + self.section + self.total + self.note;
        self.read == rows + self.mapped + self.unmapped + self.covered + self.lost + self.blank
    }
}

/// The books of one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetBook {
    /// Sheet name.
    pub sheet: Option<Arc<str>>,
    /// Rows by kind.
    pub rows: RowBook,
    /// Cells by what became of them.
    pub cells: CellBook,
    /// What the sheet was taken for: `table`, `cover`, `card`, `notes` (填表说明), `lookup`, `empty`, `unknown`.
    pub role: &'static str,
    /// Column headers of all its tables as joined paths, also of those without projects.
    pub headers: Vec<String>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileOutcome {
    /// Read; its rows count.
    Read,
    /// Read, but no project table in it.
    NoTable,
    /// Could not be read: damaged, encrypted, over a limit, reader died.
    Unreadable,
    /// Not a table format.
    Unsupported,
    /// Not a submission: lock file, note, picture.
    Stray,
    /// Byte-identical to another file of the batch.
    Duplicate,
    /// A later version was used instead.
    Superseded,
    /// No unit of the roster fits.
    UnitUnknown,
    /// Still being written when it was found: left for the next run.
    InProgress,
}

impl FileOutcome {
    /// Value of `submissions.outcome`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::NoTable => "no_table",
            Self::Unreadable => "unreadable",
            Self::Unsupported => "unsupported",
            Self::Stray => "stray",
            Self::Duplicate => "duplicate",
            Self::Superseded => "superseded",
            Self::UnitUnknown => "unit_unknown",
            Self::InProgress => "in_progress",
        }
    }
}

/// What a unit itself says about one of its rows or cells, on a sheet of its own. At least one of the keys is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explanation {
    /// Name of the project.
    pub project: Option<String>,
    /// 序号 of the project in its list.
    pub number: Option<String>,
    /// Cell, `F5` or `签约!F5`.
    pub cell: Option<String>,
    /// What it says.
    pub text: String,
}

/// Everything that one file yields.
#[derive(Debug, Clone)]
pub struct Extract {
    /// The file.
    pub source: Arc<Source>,
    /// Batch, from the folder.
    pub batch: BatchId,
    /// Unit code, when one could be told.
    pub unit_code: Option<String>,
    /// Real format, when it was recognised.
    pub format: Option<Format>,
    /// What became of the file.
    pub outcome: FileOutcome,
    /// Project rows, in sheet and row order.
    pub records: Vec<Record>,
    /// Totals stated in the file.
    pub totals: Vec<DeclaredTotal>,
    /// Cells of table bodies.
    pub cells: Vec<CellTrace>,
    /// The books, one per sheet.
    pub sheets: Vec<SheetBook>,
    /// Columns of its tables of projects, in the order of the file.
    pub headers: Vec<TableHeaders>,
    /// Stages that the file has a list for (also an empty one).
    pub stages: Vec<Stage>,
    /// Marked 补报 in its name or title: adds to what was sent before.
    pub supplement: bool,
    /// Explanations on sheets of their own, in sheet and row order.
    pub explanations: Vec<Explanation>,
    /// Findings about the file, its sheets and its rows, in that order.
    pub findings: Vec<Finding>,
}
