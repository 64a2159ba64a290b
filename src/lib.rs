//! sanpi turns the submissions of Henan's 三个一批 campaign (签约, 开工, 投产) into reconciled, traceable Parquet
//! datasets and tells every unit what is wrong with its workbooks, and where.
//!
//! # One way through
//!
//! ```text
//! discover → read (sandboxed child) → extract (identify, locate, columns, normalize) → check → reconcile → publish → report
//! └──────────────── per file, in parallel, pure after read ─────────────────────────┘ └────────── per batch ───────────┘
//! ```
//!
//! A step takes values and gives values and findings. Only steps that touch the disk can fail; data never makes one
//! fail. Steps do not import each other: they meet in [`model`] and [`spec`], and [`pipeline`] alone knows the order.
//! `tests/it/layering.rs` holds the code to this.
//!
//! # Code map
//!
//! | module | what it does |
//! |---|---|
//! | [`model`] | the nouns: cells, sheets, records, amounts, dates, findings, comparisons; no I/O |
//! | [`spec`] | `pipelines/*.toml` as typed values; all problems of all files at once, each with file, line and key |
//! | [`discover`] | files of the inbox, by batch folder; never a byte of their content |
//! | [`reader`] | bytes to sheets of raw cells with facts; bounds, formats, the child process. Only user of the format crates |
//! | [`identify`] | which unit, batch and stage a path, a name or a line speaks of |
//! | [`locate`] | sheet to tables: titles, unit lines, headers, sections, totals, notes |
//! | [`columns`] | header text to field, with the rivals that lost |
//! | [`normalize`] | raw cell to value: amounts, dates, counties, codes, choices |
//! | [`extract`] | one file through the four steps above: a pure function of its bytes, its path and the spec |
//! | [`submissions`] | files to submissions: copies, later versions, late and missing units |
//! | [`identity`] | the same project has the same id in every batch |
//! | [`rules`] | the registry: one file per rule with documents, check and first test |
//! | [`lifecycle`] | the life of each project from 签约 to 达效, over all batches |
//! | [`indicators`] | counts, amounts, conversion rates and laggards per batch, in one sweep over all batches |
//! | [`reconcile`] | details against stated and published totals, in exact arithmetic, with causes |
//! | [`dataset`] | Arrow schemas from the field list, Parquet out and back. Only user of arrow and parquet |
//! | [`query`] | SQL over the published datasets. Only user of polars |
//! | [`publish`] | versions beside each other, verified, then one atomic switch |
//! | [`diff`] | what changed from one published version to another |
//! | [`report`] | the overview, the page that goes back to a unit, the terminal |
//! | [`workbook`] | workbooks that people get: the annotated copy, the template. Only user of `rust_xlsxwriter` |
//! | [`pipeline`] | the order of the steps, and the books that must balance |
//!
//! # Invariants
//!
//! - A raw cell is never modified. A value that could not be read is `None` and a finding; never 0, never an empty text.
//! - Money is fixed point in 元 ([`model::Amount`]); no `f64` holds money after it was read.
//! - Conservation: non-empty rows of a sheet are header, section, total, note or project rows, and each cell of it is on
//!   one of them, under a merge or lost; project rows are accepted or rejected; amounts likewise; each file of the inbox
//!   has its row in `submissions`. A run whose books do not balance publishes nothing.
//! - No input ends a run: files are read in children with limits, and a defect of ours that a file brings to light costs
//!   that file.
//! - Same inputs and spec, any number of threads, any file order: byte-identical datasets. The clock and the run id
//!   appear only in logs.
//! - Nothing appears under `current` unless all of that version is written, synced, read back and verified.
//! - Texts that reach HTML or CSV are inert, and no path outside the output folder is written.

pub mod columns;
pub mod dataset;
pub mod diff;
pub mod discover;
pub mod extract;
pub mod identify;
pub mod identity;
pub mod indicators;
pub mod lifecycle;
pub mod locate;
pub mod model;
pub mod normalize;
pub mod pipeline;
pub mod publish;
pub mod query;
pub mod reader;
pub mod reconcile;
pub mod report;
pub mod rules;
pub mod spec;
pub mod submissions;
pub mod workbook;
