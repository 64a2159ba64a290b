//! What a single row may explain: absent, twice, in the wrong unit, with two digits exchanged.

use super::case::Window;
use super::cause::{Candidate, Story};
use super::digits::{exchanged, last_digit};
use super::rows::Row;
use crate::model::{Amount, FACTOR_WAN, FACTOR_YI, Measure};

const MONEY: Measure = Measure::TotalInvestment;

/// What a single row may explain.
pub(super) fn single_row(
    position: usize,
    row: &Row<'_>,
    sizes: &Sizes,
    target: i128,
    window: Window,
    found: &mut Vec<Candidate>,
) {
    let Some(amount) = row.money.filter(|a| a.yuan != 0) else { return };
    let value = i128::from(amount.yuan);
    let mut add = |story: Story, effect: i128, width: i128| {
        if (target - effect).abs() <= width {
            found.push(Candidate::new(story, effect));
        }
    };
    // Of several hidden rows, or text numbers, a typed total may lack one.
    let missing = match row {
        Row { record, .. } if record.hidden => Story::Hidden(vec![position]),
        Row { as_text: true, .. } => Story::TextSkipped(vec![position]),
        Row { record, .. } if record.after_total => Story::Below(vec![position]),
        _ => Story::RowMissing(position),
    };
    add(missing, value, window.width);
    add(Story::RowTwice(position), -value, window.width);
    for power in [i128::from(FACTOR_WAN), i128::from(FACTOR_YI)] {
        if let Some(corrected) = sizes.slipped(value, power) {
            // What the row may really be is only as fine as its own digits, times the power.
            let own = if window.wide && corrected.abs() > value.abs() { row.half(MONEY) * power } else { 1 };
            add(Story::RowSlip { row: position, corrected }, value - corrected, window.width.max(own));
        }
    }
    if may_be_exchanged(target, amount, window) {
        for corrected in exchanged(value, amount.factor, amount.decimals) {
            if tells(value - corrected, window) {
                add(Story::RowDigits { row: position, corrected }, value - corrected, window.width);
            }
        }
    }
}

/// Two exchanged digits change a figure by a multiple of nine of its last digits. Where the window holds every such
/// multiple, the digits before them may still tell something when the window is that of the stated figure alone.
fn may_be_exchanged(target: i128, amount: Amount, window: Window) -> bool {
    let step = 9 * last_digit(amount.factor, amount.decimals);
    let over = target.rem_euclid(step);
    if 2 * window.width < step { over.min(step - over) <= window.width } else { !window.wide }
}

/// Whether the window is narrower than the steps, nine times the weight of the digits, in which such changes come.
fn tells(change: i128, window: Window) -> bool {
    let mut step = 9;
    while step * 10 <= change.abs() {
        step *= 10;
    }
    2 * window.width < step
}

/// The slip that the rule on scales suspects in a row, when it does: towards the size of its neighbours.
pub(super) fn suspected_slip(position: usize, row: &Row<'_>, sizes: &Sizes) -> Option<Candidate> {
    let value = i128::from(row.money.filter(|_| row.suspect)?.yuan);
    let corrected = sizes.slipped(value, i128::from(FACTOR_WAN))?;
    Some(Candidate::new(Story::RowSlip { row: position, corrected }, value - corrected))
}

/// How large amounts are among their neighbours.
#[derive(Debug)]
pub(super) struct Sizes(Vec<i128>);

impl Sizes {
    /// The amounts of these rows, in 元.
    pub(super) fn of<'r>(rows: impl Iterator<Item = &'r Row<'r>>) -> Self {
        let mut values: Vec<i128> =
            rows.filter_map(|r| r.money).map(|a| i128::from(a.yuan)).filter(|v| *v > 0).collect();
        values.sort_unstable();
        Self(values)
    }

    /// The amount `power` times larger or smaller, if that is nearer to the middle of the others.
    fn slipped(&self, value: i128, power: i128) -> Option<i128> {
        let own = usize::from(self.0.binary_search(&value).is_ok());
        let others = self.0.len() - own;
        let at = others / 2;
        // Without itself: positions from its own on move up by one.
        let before = self.0.partition_point(|v| *v < value);
        let middle = *self.0.get(if own == 1 && at >= before { at + 1 } else { at })?;
        let square = middle.checked_mul(middle)?;
        let (up, down) = (value.checked_mul(power)?, value / power);
        match value {
            1.. if value.checked_mul(up).is_some_and(|v| v < square) => Some(up),
            1.. if down > 0 && value.checked_mul(down).is_some_and(|v| v > square) => Some(down),
            _ => None,
        }
    }
}
