//! The nouns of sanpi: values without I/O that every step may use. Steps never import each other; they meet here.

mod amount;
mod batch;
mod cell;
mod code;
mod date;
mod field;
mod finding;
mod headers;
mod history;
mod indicator;
mod origin;
mod privacy;
mod record;
mod sheet;
mod stage;
mod submission;
mod text;
mod total;

pub use amount::{Amount, Bound, FACTOR_WAN, FACTOR_YI};
pub use batch::{BatchResult, Class, Comparison, Rejected, Reported, SubmissionRow, Verdict};
pub use cell::{Cell, CellKind, CellRef, Region, column_letters};
pub use code::{CreditCodeFault, check_credit_code, code_text, credit_code_key, owner_key, project_code_key};
pub use date::{PartialDate, Precision};
pub use field::{Field, FieldKind};
pub use finding::{Finding, Severity};
pub use headers::{HeaderColumn, TableHeaders};
pub use history::PastProject;
pub use indicator::{Indicator, IndicatorKind, Lag, Laggard};
pub use origin::{Origin, Source};
pub use privacy::{HIDDEN, mask_numbers, shown_text, shown_value};
pub use record::{CellTrace, FieldValue, Record, Value};
pub use sheet::{Format, ReadIssue, ReadOutcome, Sheet, Visibility, Workbook};
pub use stage::{BatchId, Stage};
pub use submission::{CellBook, Extract, FileOutcome, RowBook, SheetBook};
pub use text::{hex, name_key, part_marks, squeeze};
pub use total::{DeclaredTotal, GroupTotal, Measure, TotalScope};
