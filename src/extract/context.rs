//! What is known about the file while its sheets are read.

use std::sync::Arc;

use crate::columns::Dictionary;
use crate::identify::Names;
use crate::locate::Vocabulary;
use crate::model::{BatchId, Finding, Source, Stage};
use crate::normalize::MoneyUnit;
use crate::spec::{Spec, Unit};

/// The configuration, prepared once for any number of files.
pub struct Knowledge<'a> {
    /// Configuration.
    pub(super) spec: &'a Spec,
    /// Its words.
    pub(super) words: Vocabulary<'a>,
    /// Its header spellings.
    pub(super) dictionary: Dictionary,
    /// Its units and their areas.
    pub(super) names: Names,
}

impl<'a> Knowledge<'a> {
    /// Prepares a configuration.
    #[must_use]
    pub fn new(spec: &'a Spec) -> Self {
        Self { spec, words: Vocabulary::new(spec), dictionary: Dictionary::new(spec), names: Names::new(&spec.roster) }
    }
}

/// What is known about the file.
pub(super) struct Context<'a> {
    /// Configuration.
    pub(super) spec: &'a Spec,
    /// Its words, prepared.
    pub(super) words: &'a Vocabulary<'a>,
    /// Its header spellings, prepared.
    pub(super) dictionary: &'a Dictionary,
    /// The file.
    pub(super) source: &'a Arc<Source>,
    /// Batch of the folder.
    pub(super) batch: &'a BatchId,
    /// The submitting unit, when it could be told.
    pub(super) unit: Option<&'a Unit>,
    /// The list that the file's name, or a folder, speaks of.
    pub(super) stage: Option<Stage>,
    /// Year of the batch, for dates without one.
    pub(super) year: Option<i16>,
    /// A text table: all its cells are text, which says nothing about any of them.
    pub(super) text_only: bool,
    /// The money unit that the file's tables state, when they agree.
    pub(super) money: Option<MoneyUnit>,
}

impl Context<'_> {
    /// Code of the unit; empty when it is unknown.
    pub(super) fn unit_code(&self) -> String {
        self.unit.map(|u| u.code.clone()).unwrap_or_default()
    }
}

/// The sheet that is being read.
#[derive(Debug, Clone)]
pub(super) struct SheetPlace {
    /// Name; `None` for text tables.
    pub(super) name: Option<Arc<str>>,
    /// Position, from 0.
    pub(super) index: u32,
    /// Hidden from the user.
    pub(super) hidden: bool,
}

impl SheetPlace {
    /// Puts a finding on the sheet.
    pub(super) fn place(&self, mut finding: Finding, source: &Source) -> Finding {
        finding.file = Some(Arc::clone(&source.file));
        finding.sheet.clone_from(&self.name);
        finding.sheet_index = Some(self.index);
        finding
    }

    /// The sheet in words: `工作表“签约”`, or `表` for a text table.
    pub(super) fn title(&self) -> String {
        self.name.as_ref().map_or_else(|| "表".to_owned(), |n| format!("工作表“{n}”"))
    }
}
