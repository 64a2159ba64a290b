//! Why a total does not hold: the words of `reconciliation.cause` and what stands behind each.

use crate::model::Stage;

/// A value of `reconciliation.cause`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Cause {
    UnitSlip,
    RowMissing,
    RowTwice,
    TextNumberSkipped,
    FormulaRangeShort,
    SubtotalCountedTwice,
    HiddenRow,
    DigitTransposition,
    RejectedRows,
    Unexplained,
}

impl Cause {
    /// The contract's name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::UnitSlip => "unit_slip",
            Self::RowMissing => "row_missing",
            Self::RowTwice => "row_twice",
            Self::TextNumberSkipped => "text_number_skipped",
            Self::FormulaRangeShort => "formula_range_short",
            Self::SubtotalCountedTwice => "subtotal_counted_twice",
            Self::HiddenRow => "hidden_row",
            Self::DigitTransposition => "digit_transposition",
            Self::RejectedRows => "rejected_rows",
            Self::Unexplained => "unexplained",
        }
    }

    /// Advice for the unit.
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::UnitSlip => "核对所指单元格的单位是万元还是亿元，改正后重算合计。",
            Self::RowMissing => "核对所指的行是否应当计入：应当计入的，改正合计；不应当报送的，删去该行。",
            Self::RowTwice => "核对所指的行是否重复计入，改正合计。",
            Self::TextNumberSkipped => "把所指单元格由文本改为数字，重算合计。",
            Self::FormulaRangeShort => "把合计公式的范围改为包括全部项目行。",
            Self::SubtotalCountedTwice => "合计只加项目行，或只加各小计，不要两样都加。",
            Self::HiddenRow => "取消隐藏或筛选，核对所指的行是否报送；报送的应当计入合计。",
            Self::DigitTransposition => "对照原始资料核对所指的数字，改正写颠倒的一处。",
            Self::RejectedRows => "先处理退回的行，再核对合计。",
            Self::Unexplained => "逐行核对明细与合计。",
        }
    }
}

/// What makes a story of the rows of one kind.
pub(super) type OfRows = fn(Vec<usize>) -> Story;

/// One thing that may have happened. Rows and totals by position; money in 元.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Story {
    /// The total's own formula does not reach these rows.
    FormulaShort(Vec<usize>),
    /// SUM passed over these rows, whose amount is text.
    TextSkipped(Vec<usize>),
    /// The total lacks these hidden rows.
    Hidden(Vec<usize>),
    /// The total took this row for `corrected`, some powers of 10⁴ away.
    RowSlip { row: usize, corrected: i128 },
    /// The total as a whole is some powers of 10⁴ away from the details.
    TotalSlip { corrected: i128 },
    /// With two neighbouring digits exchanged the total is that of the details.
    TotalDigits { corrected: i128 },
    /// With two neighbouring digits of this row exchanged the total is that of the details.
    RowDigits { row: usize, corrected: i128 },
    /// The total lacks the rejected rows.
    Rejected(Vec<usize>),
    /// The total lacks the rows below it.
    Below(Vec<usize>),
    /// The total lacks this row.
    RowMissing(usize),
    /// The total lacks all rows of a group.
    GroupMissing { label: String, rows: Vec<usize> },
    /// The total lacks all rows of a stage.
    StageMissing { stage: Stage, rows: Vec<usize> },
    /// The total lacks the first or the last rows.
    EndMissing(Vec<usize>),
    /// The total lacks two rows.
    TwoMissing([usize; 2]),
    /// The total has this row twice.
    RowTwice(usize),
    /// The total's own formula has these rows twice.
    FormulaTwice(Vec<usize>),
    /// The total's own formula has these rows of other tables.
    Outside(Vec<usize>),
    /// The total has these group totals besides their rows.
    SubtotalTwice(Vec<usize>),
    /// A narrower total that does not hold brought the difference along.
    Inherited { total: usize, cause: Cause, text: String, rows: Vec<usize> },
    /// A row whose amount could not be read; the total may have it.
    Unread { rows: Vec<usize>, rejected: bool },
    /// The total counts so many rows less; which ones, the number cannot tell.
    CountShort(i128),
}

impl Story {
    /// The name of this kind of story.
    pub(super) fn cause(&self) -> Cause {
        match self {
            Self::FormulaShort(_) => Cause::FormulaRangeShort,
            Self::TextSkipped(_) => Cause::TextNumberSkipped,
            Self::Hidden(_) => Cause::HiddenRow,
            Self::RowSlip { .. } | Self::TotalSlip { .. } => Cause::UnitSlip,
            Self::TotalDigits { .. } | Self::RowDigits { .. } => Cause::DigitTransposition,
            Self::Rejected(_) | Self::Unread { rejected: true, .. } => Cause::RejectedRows,
            Self::Below(_)
            | Self::RowMissing(_)
            | Self::GroupMissing { .. }
            | Self::StageMissing { .. }
            | Self::EndMissing(_)
            | Self::TwoMissing(_)
            | Self::CountShort(_) => Cause::RowMissing,
            Self::RowTwice(_) | Self::FormulaTwice(_) => Cause::RowTwice,
            Self::SubtotalTwice(_) => Cause::SubtotalCountedTwice,
            Self::Inherited { cause, .. } => *cause,
            Self::Unread { .. } | Self::Outside(_) => Cause::Unexplained,
        }
    }

    /// The rows to look at.
    pub(super) fn rows(&self) -> Vec<usize> {
        match self {
            Self::FormulaShort(rows)
            | Self::TextSkipped(rows)
            | Self::Hidden(rows)
            | Self::Rejected(rows)
            | Self::Below(rows)
            | Self::EndMissing(rows)
            | Self::FormulaTwice(rows)
            | Self::Outside(rows)
            | Self::GroupMissing { rows, .. }
            | Self::StageMissing { rows, .. }
            | Self::Inherited { rows, .. }
            | Self::Unread { rows, .. } => rows.clone(),
            Self::RowSlip { row, .. } | Self::RowDigits { row, .. } | Self::RowMissing(row) | Self::RowTwice(row) => {
                vec![*row]
            }
            Self::TwoMissing(rows) => rows.to_vec(),
            Self::TotalSlip { .. } | Self::TotalDigits { .. } | Self::SubtotalTwice(_) | Self::CountShort(_) => {
                Vec::new()
            }
        }
    }
}

/// A story with the part of the difference (details − total) that it explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What may have happened.
    pub(super) story: Story,
    /// Details − total, if that is what happened.
    pub(super) effect: i128,
    /// How far that is known only, because a figure in it is rounded.
    pub(super) blur: i128,
}

impl Candidate {
    /// An effect that is known exactly.
    pub(super) fn new(story: Story, effect: i128) -> Self {
        Self { story, effect, blur: 0 }
    }
}

/// What is said about a total that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Explanation {
    /// What may have happened, likeliest first; more than one are possibilities of one kind, unless `together`.
    pub(super) stories: Vec<Story>,
    /// The stories explain the difference only together.
    pub(super) together: bool,
    /// Nothing else fits, and chance is no explanation.
    pub(super) certain: bool,
    /// Another kind of story that fits as well.
    pub(super) rival: Option<Story>,
}

impl Explanation {
    /// Nothing was found.
    pub(super) fn none() -> Self {
        Self { stories: Vec::new(), together: false, certain: false, rival: None }
    }

    /// One story, for certain.
    pub(super) fn certainly(story: Story) -> Self {
        Self { stories: vec![story], together: false, certain: true, rival: None }
    }

    /// The likeliest cause.
    pub(super) fn cause(&self) -> Cause {
        self.stories.first().map_or(Cause::Unexplained, Story::cause)
    }
}
