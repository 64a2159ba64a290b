//! The sentences of `note` and of the findings: what differs by how much, and which cells to look at.

use super::cause::{Explanation, Story};
use super::rows::Row;
use super::trace::World;
use crate::model::{CellRef, DeclaredTotal, FACTOR_WAN, FACTOR_YI, Measure, Stage, TotalScope};
use crate::spec::Roster;

/// Rows whose numbers are listed; more are counted.
const MAX_LISTED: usize = 6;
/// Rows that are named one by one.
const MAX_NAMED: usize = 3;
/// Characters of a project's name in a sentence.
const MAX_NAME: usize = 24;

/// A value in a measure: `412.30 亿元`, `51000 万元`, `16 项`. Money in 亿元 when `factor` is that or more.
pub(super) fn value(value: i128, measure: Measure, factor: i64) -> String {
    match measure {
        Measure::Count => format!("{value} 项"),
        Measure::TotalInvestment if factor >= FACTOR_YI => format!("{} 亿元", decimal(value, FACTOR_YI, 2)),
        Measure::TotalInvestment => format!("{} 万元", decimal(value, FACTOR_WAN, 0)),
    }
}

/// The unit that a figure is written in.
pub(super) fn unit(measure: Measure, factor: i64) -> &'static str {
    match (measure, factor) {
        (Measure::Count, _) => "项",
        (_, 1) => "元",
        (_, 1_000) => "千元",
        (_, FACTOR_WAN) => "万元",
        (_, 1_000_000) => "百万元",
        (_, 10_000_000) => "千万元",
        (_, FACTOR_YI) => "亿元",
        (_, 1_000_000_000_000) => "万亿元",
        _ => "其他单位",
    }
}

/// `value` in units of `unit`, exact, with at least so many decimals.
pub(super) fn decimal(value: i128, unit: i64, decimals: usize) -> String {
    let unit = i128::from(unit);
    let width = unit.to_string().len() - 1;
    let fraction = format!("{:0width$}", value.abs() % unit);
    let kept = fraction.trim_end_matches('0').len().max(decimals).min(width);
    let sign = if value < 0 { "-" } else { "" };
    let whole = value.abs() / unit;
    if kept == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{}", &fraction[..kept]) }
}

/// 合计, 小计 or 汇总表.
pub(super) fn noun(scope: TotalScope) -> &'static str {
    match scope {
        TotalScope::Sheet => "合计",
        TotalScope::Group => "小计",
        TotalScope::Cover => "汇总表",
    }
}

/// 签约, 开工, 投产 or 三批.
pub(super) fn stage_name(stage: Option<Stage>) -> &'static str {
    stage.map_or("三批合计", Stage::as_str)
}

/// file › sheet › cell.
pub(super) fn path(file: &str, sheet: Option<&str>, cell: Option<&str>) -> String {
    [Some(file), sheet, cell].into_iter().flatten().collect::<Vec<_>>().join(" › ")
}

/// What is compared, for the beginning of a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    /// Unit code.
    pub(super) unit: &'a str,
    /// Stage.
    pub(super) stage: Option<Stage>,
    /// Group of a 小计.
    pub(super) group: Option<&'a str>,
    /// Measure.
    pub(super) measure: Measure,
    /// Names of the sides.
    pub(super) names: (&'static str, &'static str),
    /// Values of the sides.
    pub(super) values: (i128, i128),
    /// 元 in the unit to be shown.
    pub(super) factor: i64,
}

/// `洛阳市 开工：明细 412.30 亿元，合计 403.30 亿元，差 9.00 亿元`.
pub(super) fn head(sides: &Sides<'_>, roster: &Roster) -> String {
    let show = |v| value(v, sides.measure, sides.factor);
    // 签约+开工 says which stages; 三批合计 beside it would be wrong.
    let stage = (sides.stage.is_some() || sides.group.is_none()).then(|| stage_name(sides.stage));
    let place = [Some(roster.name_of(sides.unit)), stage, sides.group];
    let place: Vec<&str> = place.into_iter().flatten().filter(|p| !p.is_empty()).collect();
    let (left, right) = sides.values;
    let (left_name, right_name) = sides.names;
    format!("{}：{left_name} {}，{right_name} {}，差 {}", place.join(" "), show(left), show(right), show(left - right))
}

/// Sentences about one total.
#[derive(Debug, Clone, Copy)]
pub(super) struct Teller<'a> {
    /// Rows and totals.
    pub(super) world: World<'a>,
    /// The total.
    pub(super) total: &'a DeclaredTotal,
    /// 元 in the unit of the figure.
    pub(super) factor: i64,
}

impl Teller<'_> {
    /// What explains the difference, to be put behind the head.
    pub(super) fn tell(&self, explanation: &Explanation) -> String {
        let Some(first) = explanation.stories.first() else {
            return "；没有找到有把握的原因（单独的、两项合在一起的都试过），请逐行核对".to_owned();
        };
        let mut text = if explanation.together {
            let parts: Vec<String> = explanation.stories.iter().map(|s| self.phrase(std::slice::from_ref(s))).collect();
            let sure = if explanation.certain { "由几项合成" } else { "可能由几项合成" };
            format!("；{sure}：{}", parts.join("；"))
        } else if explanation.certain {
            format!(" = {}", self.phrase(&explanation.stories))
        } else if matches!(first, Story::Unread { .. } | Story::CountShort(_)) {
            format!("；{}", self.phrase(&explanation.stories))
        } else {
            format!("，疑为{}", self.phrase(&explanation.stories))
        };
        if let Some(rival) = &explanation.rival {
            text.push_str("；也可能是");
            text.push_str(&self.phrase(std::slice::from_ref(rival)));
        }
        text
    }

    /// One story, or the possibilities that differ only in their row.
    fn phrase(&self, stories: &[Story]) -> String {
        let Some(first) = stories.first() else { return String::new() };
        let rows: Vec<usize> = stories.iter().flat_map(Story::rows).collect();
        let noun = noun(self.total.scope);
        let these =
            |what: &str| if rows.len() == 1 { format!("这一{what}") } else { format!("这 {} {what}", rows.len()) };
        let one = if stories.len() == 1 { "这一行" } else { "其中一行" };
        match first {
            Story::FormulaShort(_) => {
                let formula = self.total.formula.as_deref().unwrap_or("");
                format!("{}，{noun}公式 {formula} 没有包括{}", self.spots(&rows), these("行"))
            }
            Story::TextSkipped(_) => format!("{}，{}是文本，求和时没有计入", self.spots(&rows), these("格")),
            Story::Hidden(_) => format!("隐藏的{}，{noun}没有计入", self.spots(&rows)),
            Story::Rejected(_) => format!("退回的{}，{noun}没有计入", self.spots(&rows)),
            Story::Below(_) => format!("{noun}行下面的{}，{noun}没有计入", self.spots(&rows)),
            Story::EndMissing(_) => format!("{}，{noun}漏计{}", self.spots(&rows), these("行")),
            Story::FormulaTwice(_) => format!("{}，{noun}公式重复计入{}", self.spots(&rows), these("行")),
            Story::GroupMissing { label, .. } => format!("“{label}”全部 {} 行，{noun}没有计入", rows.len()),
            Story::StageMissing { stage, .. } => format!("{stage}全部 {} 行，{noun}没有计入", rows.len()),
            Story::RowMissing(_) => format!("{}，{noun}漏计{one}", self.either(&rows)),
            Story::RowTwice(_) => format!("{}，{noun}把{one}计了两次", self.either(&rows)),
            Story::TwoMissing(_) => format!("{}之和，{noun}漏计这两行", self.named(&rows, "与")),
            Story::RowSlip { corrected, .. } | Story::RowDigits { corrected, .. } => {
                self.of_row(first, &rows, *corrected)
            }
            Story::TotalSlip { corrected } => {
                format!("{noun}的万元、亿元写错：若为 {}，两边一致", self.show(*corrected))
            }
            Story::TotalDigits { corrected } => {
                format!("{noun}的相邻两位数字写颠倒：若为 {}，两边一致", self.show(*corrected))
            }
            Story::Outside(_) => format!("{noun}公式还加了范围以外的{}", self.spots(&rows)),
            Story::SubtotalTwice(totals) => format!("{}，{noun}把小计与其明细重复相加", self.cells(totals)),
            Story::Inherited { total, text, .. } => {
                let text = text.trim_start_matches([' ', '=', '；', '，']);
                format!("{} 的差额（{text}）", self.cells(&[*total]))
            }
            Story::Unread { .. } => format!("{}没有可用的总投资，差额可能在这里", self.spots(&rows)),
            Story::CountShort(short) => format!("{noun}少计 {short} 项，只看项数分不出是哪一行"),
        }
    }

    /// A row that was taken for another figure.
    fn of_row(&self, story: &Story, rows: &[usize], corrected: i128) -> String {
        let what = if matches!(story, Story::RowSlip { .. }) {
            "万元、亿元写错"
        } else {
            "相邻两位数字写颠倒"
        };
        if rows.len() == 1 {
            return format!("{}的{what}：若为 {}，两边一致", self.spots(rows), self.show(corrected));
        }
        format!("{}的{what}", self.either(rows))
    }

    fn show(&self, amount: i128) -> String {
        value(amount, self.total.measure, self.factor)
    }

    /// Rows as alternatives.
    fn either(&self, rows: &[usize]) -> String {
        self.named(rows, "或")
    }

    fn named(&self, rows: &[usize], between: &str) -> String {
        let named: Vec<String> = self.world.rows.at(rows).take(MAX_NAMED).map(|r| self.spot(r)).collect();
        let more = if rows.len() > MAX_NAMED { format!("等 {} 行", rows.len()) } else { String::new() };
        format!("{}{more}", named.join(between))
    }

    /// Rows that belong together.
    fn spots(&self, rows: &[usize]) -> String {
        let home = (&*self.total.source.file, self.total.sheet_index);
        let at_home = self.world.rows.at(rows).all(|r| r.place() == home);
        if rows.len() == 1 || !at_home {
            return self.named(rows, "、");
        }
        numbers(self.world.rows.at(rows))
    }

    /// `第 37 行“…”（F37，9.00 亿元）`, with its sheet and file when they are not those of the total.
    fn spot(&self, row: &Row<'_>) -> String {
        let home = (&*self.total.source.file, self.total.sheet_index);
        let file = if row.place().0 == home.0 { String::new() } else { format!("{} ", row.place().0) };
        let sheet = row.record.origin.sheet.as_deref().filter(|_| row.place() != home);
        let sheet = sheet.map_or_else(String::new, |name| format!("“{}”表", name.trim()));
        let name = row.record.name().map_or_else(String::new, |name| format!("“{}”", short(name)));
        let amount = value(row.value(Measure::TotalInvestment), Measure::TotalInvestment, self.factor.max(FACTOR_WAN));
        let cell = match (row.cell(), self.total.measure, row.money) {
            (Some(cell), Measure::TotalInvestment, Some(_)) => format!("（{cell}，{amount}）"),
            (Some(cell), ..) => format!("（{cell}）"),
            (None, ..) => String::new(),
        };
        format!("{file}{sheet}第 {} 行{name}{cell}", row.number())
    }

    /// Totals by their cells: `小计 H9、H16`.
    fn cells(&self, totals: &[usize]) -> String {
        let known: Vec<&DeclaredTotal> = totals.iter().filter_map(|&t| self.world.totals.get(t).copied()).collect();
        let home = (&self.total.source.file, self.total.sheet_index);
        let place = |total: &DeclaredTotal| {
            let sheet = total.sheet.as_deref().filter(|_| (&total.source.file, total.sheet_index) != home);
            format!("{}{}", sheet.map_or_else(String::new, |name| format!("“{}”表 ", name.trim())), total.cell)
        };
        let listed: Vec<String> = known.iter().take(MAX_LISTED).map(|t| place(t)).collect();
        let more = if known.len() > MAX_LISTED { format!(" 等 {} 个", known.len()) } else { String::new() };
        format!("{} {}{more}", known.first().map_or("", |t| noun(t.scope)), listed.join("、"))
    }
}

/// `第 12、31 行`.
pub(super) fn numbers<'r>(rows: impl Iterator<Item = &'r Row<'r>>) -> String {
    let all: Vec<u32> = rows.map(Row::number).collect();
    let listed: Vec<String> = all.iter().take(MAX_LISTED).map(u32::to_string).collect();
    let more = if all.len() > MAX_LISTED { format!(" 等 {}", all.len()) } else { String::new() };
    format!("第 {}{more} 行", listed.join("、"))
}

fn short(name: &str) -> String {
    let name = name.replace(char::is_whitespace, "");
    if name.chars().count() <= MAX_NAME {
        return name;
    }
    name.chars().take(MAX_NAME - 1).chain(std::iter::once('…')).collect()
}

/// Where rows stand: the range of their cells when they share a sheet, their file, or how many files.
pub(super) fn range<'r>(rows: impl Iterator<Item = &'r Row<'r>>, measure: Measure) -> Option<String> {
    let rows: Vec<&Row<'_>> = rows.collect();
    let first = rows.first()?;
    if rows.iter().any(|r| r.place().0 != first.place().0) {
        let mut files: Vec<&str> = rows.iter().map(|r| r.place().0).collect();
        files.sort_unstable();
        files.dedup();
        return Some(format!("{} 个文件", files.len()));
    }
    if rows.iter().any(|r| r.place() != first.place()) {
        return Some(first.place().0.to_owned());
    }
    let lines = || rows.iter().map(|r| r.number());
    let (low, high) = (lines().min()?, lines().max()?);
    let column = first.cell().filter(|c| {
        measure == Measure::TotalInvestment && rows.iter().all(|r| r.cell().is_none_or(|o| o.col == c.col))
    });
    let cells = column.map_or_else(
        || format!("{low}:{high}"),
        |c| format!("{}:{}", CellRef::new(low.saturating_sub(1), c.col), CellRef::new(high.saturating_sub(1), c.col)),
    );
    Some(path(first.place().0, first.record.origin.sheet.as_deref(), Some(&cells)))
}

/// The place of a total.
pub(super) fn place_of(total: &DeclaredTotal) -> String {
    path(&total.source.file, total.sheet.as_deref(), Some(&total.cell.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_shown_exactly() {
        let yi = i128::from(FACTOR_YI);
        for (amount, factor, expected) in [
            (41_230 * yi / 100, FACTOR_YI, "412.30 亿元"),
            (9 * yi, FACTOR_YI, "9.00 亿元"),
            (-90_000, FACTOR_YI, "-0.0009 亿元"),
            (9 * yi, FACTOR_WAN, "90000 万元"),
            (-54_994_500, FACTOR_WAN, "-5499.45 万元"),
            (1, FACTOR_WAN, "0.0001 万元"),
            (0, 1, "0 万元"),
        ] {
            assert_eq!(value(amount, Measure::TotalInvestment, factor), expected);
        }
        assert_eq!(value(-3, Measure::Count, 1), "-3 项");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(short("豫中 高端\n装备园"), "豫中高端装备园");
        assert_eq!(short(&"项".repeat(40)).chars().count(), MAX_NAME);
    }
}
