//! Details against published figures, and which units could make up the difference.

use super::accepted::{by_unit, places};
use super::breakdown;
use super::cause::Cause;
use super::findings;
use super::input::Input;
use super::rows::Rows;
use super::single::{Sizes, suspected_slip};
use super::stated::{Judgement, Stated, fixed4};
use super::words::{self, Sides};
use crate::model::{Comparison, FACTOR_WAN, Finding, Measure, Verdict};
use crate::spec::{Published, Spec};

/// Doubtful amounts that are looked at, alone and in pairs.
const MAX_SUSPECTS: usize = 64;
/// What is said of doubtful amounts.
const SLIPS: &str = "万元、亿元存疑的";

/// A published figure with the rows that it speaks of.
pub(super) struct Figure<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) rows: &'a Rows<'a>,
    pub(super) published: &'a Published,
    /// Item of a breakdown, or the stages of a figure over two of them.
    pub(super) group: Option<String>,
    /// Why it is only listed, besides what its file says.
    pub(super) reason: Option<String>,
    /// There is no row of its unit and stage at all.
    pub(super) nothing: bool,
    /// All rows of its unit, stage and group.
    pub(super) own: Vec<usize>,
}

/// A fact that changes our sum.
struct Part {
    cause: Cause,
    /// Ours − published, if that is all.
    effect: i128,
    /// All rows of its kind, not only one of them.
    whole: bool,
    text: String,
}

impl Part {
    /// Whether the two do not speak of the same rows.
    fn apart(&self, other: &Self) -> bool {
        self.cause != other.cause || (self.whole == other.whole && self.text != other.text)
    }
}

/// Comparisons with the published figures of the batch, and a finding for each that is not met by what is published
/// in `projects`.
pub(super) fn compare(input: &Input<'_>, rows: &Rows<'_>) -> (Vec<Comparison>, Vec<Finding>) {
    let (mut comparisons, mut found) = (Vec::new(), Vec::new());
    let figures = input.spec.batches.get(input.batch).map_or(&[][..], |b| b.published.as_slice());
    for published in figures {
        let own = covered(published, rows, input.spec);
        let (group, nothing) = (published.stages_label(), own.is_empty());
        let figure = Figure { input, rows, published, group, reason: None, nothing, own };
        figure.compare(&mut comparisons, &mut found);
    }
    breakdown::compare(input, rows, &mut comparisons, &mut found);
    (comparisons, found)
}

/// Rows of the unit and the stages of a figure.
pub(super) fn covered(published: &Published, rows: &Rows<'_>, spec: &Spec) -> Vec<usize> {
    let all: Vec<usize> = (0..rows.all.len()).collect();
    let province = published.unit_code == spec.roster.province_code;
    rows.pick(&all, |r| (province || r.record.unit_code == published.unit_code) && published.covers(r.record.stage))
}

impl Figure<'_> {
    /// The comparisons of one figure, and the finding when it is not met.
    pub(super) fn compare(&self, comparisons: &mut Vec<Comparison>, found: &mut Vec<Finding>) {
        let accepted = self.rows.pick(&self.own, |r| r.accepted);
        let detail = self.side("detail", &self.own);
        // Both sides of the ledger only where they differ: then what is published decides.
        let decisive = if accepted.len() == self.own.len() {
            detail.clone()
        } else {
            let side = self.side("accepted", &accepted);
            comparisons.push(side.clone());
            side
        };
        comparisons.push(detail);
        if matches!(decisive.verdict, Verdict::Mismatch | Verdict::Missing) {
            found.push(self.finding(&decisive));
        }
    }

    fn side(&self, left: &'static str, used: &[usize]) -> Comparison {
        let measure = self.published.measure;
        let sum = self.rows.sum(used, measure);
        let stated = self.published.amount.map(|a| Stated::new(a, measure));
        let judged = stated.map(|s| s.judge(sum, self.rows.half(used, measure)));
        let reason = self.published.not_comparable.clone().or_else(|| self.reason.clone());
        let (verdict, note, cause) = match (stated, judged) {
            _ if reason.is_some() => (Verdict::NotComparable, reason, None),
            (Some(stated), _) if self.nothing && stated.value != 0 => {
                (Verdict::Missing, Some(self.nothing(&stated)), None)
            }
            (Some(stated), Some(judged)) if judged.verdict == Verdict::Mismatch => {
                let (cause, why) = self.explain(left, used, &judged);
                (Verdict::Mismatch, Some(format!("{}{why}", self.head(left, sum, &stated))), Some(cause.as_str()))
            }
            (_, Some(judged)) => (judged.verdict, None, None),
            (_, None) => (Verdict::NotComparable, Some("公布数没有读出数字".to_owned()), None),
        };
        let judged = judged.filter(|_| !matches!(verdict, Verdict::NotComparable | Verdict::Missing));
        let fixed = |v: i128| fixed4(v, measure);
        let untold = self.reason.is_some() && self.own.is_empty();
        Comparison {
            batch: self.input.batch.clone(),
            unit_code: self.published.unit_code.clone(),
            stage: self.published.stage,
            group: self.group.clone(),
            measure,
            left,
            right: "published",
            left_value: (verdict != Verdict::Missing && !untold).then(|| fixed(sum)),
            right_value: stated.map(|s| fixed(s.value)),
            difference: judged.map(|j| fixed(j.difference)),
            tolerance: judged.map(|j| fixed(j.tolerance)),
            half_widths: (judged.map(|_| fixed(self.rows.half(used, measure))), stated.map(|s| fixed(s.half))),
            right_unit: stated.map(|s| words::unit(measure, s.factor)),
            verdict,
            cause,
            note,
            left_at: words::range(self.rows.at(used), measure),
            right_at: Some(self.source()),
        }
    }

    /// Where the figure was published, with the register that it speaks of.
    fn source(&self) -> String {
        match &self.published.scope {
            Some(scope) => format!("{}（{scope}）", self.published.source),
            None => self.published.source.clone(),
        }
    }

    fn head(&self, left: &str, sum: i128, stated: &Stated) -> String {
        let sides = Sides {
            unit: &self.published.unit_code,
            stage: self.published.stage,
            group: self.group.as_deref(),
            measure: self.published.measure,
            names: (if left == "accepted" { "采用" } else { "明细" }, "公布"),
            values: (sum, stated.value),
            factor: stated.factor,
        };
        words::head(&sides, &self.input.spec.roster)
    }

    fn nothing(&self, stated: &Stated) -> String {
        let figure = words::value(stated.value, self.published.measure, stated.factor);
        let name = self.input.spec.roster.name_of(&self.published.unit_code);
        let missing: Vec<String> = self.missing_units().into_iter().collect();
        let stage = match (&self.published.stage, &self.group) {
            (None, Some(group)) => group,
            (stage, _) => words::stage_name(*stage),
        };
        format!("{name} {stage}：公布 {figure}，没有收到明细{}", listed("；", &missing))
    }

    /// What could make up the difference: a single fact, else two, else a list of everything that is open.
    fn explain(&self, left: &str, used: &[usize], judged: &Judgement) -> (Cause, String) {
        let parts = self.parts(left, used);
        let fits = |effect: i128| (judged.difference - effect).abs() <= judged.tolerance;
        let open: Vec<String> = self.missing_units().into_iter().chain(self.without_amount()).collect();
        if let Some(part) = parts.iter().find(|p| fits(p.effect)) {
            return (part.cause, format!(" = {}{}", part.text, listed("；另有", &open)));
        }
        let mut pairs = parts.iter().enumerate().flat_map(|(i, a)| parts[i + 1..].iter().map(move |b| (a, b)));
        if let Some((a, b)) = pairs.find(|(a, b)| a.apart(b) && fits(a.effect + b.effect)) {
            let larger = if a.effect.abs() >= b.effect.abs() { a } else { b };
            return (
                larger.cause,
                format!(
                    " = {} {} 与 {} {}{}",
                    self.show(a.effect),
                    a.text,
                    self.show(b.effect),
                    b.text,
                    listed("；另有", &open)
                ),
            );
        }
        self.account(judged.difference, &parts)
    }

    /// The difference by its sources: what pulls the same way and is not larger, the rest, and who may have the rest.
    fn account(&self, difference: i128, parts: &[Part]) -> (Cause, String) {
        let (used, other): (Vec<&Part>, Vec<&Part>) = parts
            .iter()
            .filter(|p| p.whole)
            .partition(|p| p.effect.signum() == difference.signum() && p.effect.abs() <= difference.abs());
        let rest = difference - used.iter().map(|p| p.effect).sum::<i128>();
        // Who sent nothing makes our sum too small, never too large.
        let (missing, more) = if rest < 0 { (self.missing_units(), None) } else { (None, self.missing_units()) };
        let largest = used.iter().max_by_key(|p| p.effect.abs());
        // Who sent nothing explains the rest, but no cause of the list has that name.
        let named = largest.filter(|p| missing.is_some() || p.effect.abs() > rest.abs());
        let cause = named.map_or(Cause::Unexplained, |p| p.cause);
        let mut texts: Vec<String> = used.iter().map(|p| format!("{}：{}", self.show(p.effect), p.text)).collect();
        let rest = match (missing, texts.is_empty()) {
            (Some(missing), true) => format!("{missing}，差额可能就在这里"),
            (Some(missing), false) => format!("其余 {}：{missing}，可能就在这里", self.show(rest)),
            (None, true) if more.is_some() => "没有发现能解释差额的退回或存疑".to_owned(),
            (None, true) => "没有发现能解释差额的退回、存疑或未报送".to_owned(),
            (None, false) => format!("其余 {} 没有找到原因", self.show(rest)),
        };
        texts.push(rest);
        texts.extend(more.map(|units| format!("{units}，补报以后多出的会更多")));
        texts.extend(self.without_amount());
        texts.extend(other.iter().map(|p| format!("另有 {}：{}", self.show(p.effect), p.text)));
        (cause, format!("；{}", texts.join("；")))
    }

    /// Facts with a known effect on our sum.
    fn parts(&self, left: &str, used: &[usize]) -> Vec<Part> {
        let (rows, measure, roster) = (self.rows, self.published.measure, &self.input.spec.roster);
        let mut parts = Vec::new();
        let mut add = |cause: Cause, effect: i128, whole: bool, what: &str, positions: &[usize]| {
            if effect != 0 {
                parts.push(Part { cause, effect, whole, text: self.tell(what, positions) });
            }
        };
        let rejected = rows.pick(&self.own, |r| !r.accepted);
        let sum = rows.sum(&rejected, measure);
        // Our accepted rows lack them; all rows read have them too much.
        add(Cause::RejectedRows, if left == "accepted" { -sum } else { sum }, true, "退回的", &rejected);
        if self.published.stage.is_some() && self.group.is_none() {
            let all: Vec<usize> = (0..rows.all.len()).collect();
            let province = self.published.unit_code == roster.province_code;
            let stray = rows.pick(&all, |r| {
                r.record.stage.is_none() && (province || r.record.unit_code == self.published.unit_code)
            });
            add(Cause::RejectedRows, -rows.sum(&stray, measure), true, "分不清签约、开工、投产的", &stray);
        }
        if measure == Measure::TotalInvestment {
            let sizes = Sizes::of(rows.at(used));
            let slip = |&i: &usize| Some((i, suspected_slip(i, rows.all.get(i)?, &sizes)?.effect));
            let slips: Vec<(usize, i128)> = used.iter().filter_map(slip).take(MAX_SUSPECTS).collect();
            let positions: Vec<usize> = slips.iter().map(|s| s.0).collect();
            add(Cause::UnitSlip, slips.iter().map(|s| s.1).sum(), true, SLIPS, &positions);
            for &(i, effect) in slips.iter().filter(|_| slips.len() > 1) {
                add(Cause::UnitSlip, effect, false, SLIPS, &[i]);
            }
        }
        parts
    }

    /// Rows by unit, with their cells when they are few.
    fn tell(&self, what: &str, positions: &[usize]) -> String {
        let rows = by_unit(self.rows, positions, &self.input.spec.roster);
        format!("{what}{rows}{}", places(self.rows, positions))
    }

    /// A value as published figures are shown.
    fn show(&self, value: i128) -> String {
        let factor = self.published.amount.map_or(FACTOR_WAN, |a| a.factor);
        words::value(value, self.published.measure, factor)
    }

    /// Rows that count, but whose amount is unknown.
    fn without_amount(&self) -> Option<String> {
        let rows = self.rows.pick(&self.own, |r| r.money.is_none());
        let known = self.published.measure == Measure::Count || rows.is_empty();
        (!known).then(|| self.tell("没有可用总投资的", &rows))
    }

    /// 商丘市未报送.
    fn missing_units(&self) -> Option<String> {
        let roster = &self.input.spec.roster;
        let province = self.published.unit_code == roster.province_code;
        let mut codes: Vec<&str> = self
            .input
            .findings
            .iter()
            .filter(|f| f.code == "F101")
            .filter_map(|f| f.unit_code.as_deref())
            .filter(|unit| province || *unit == self.published.unit_code)
            .collect();
        codes.sort_by_key(|c| roster.position(c));
        codes.dedup();
        let names: Vec<&str> = codes.iter().map(|c| roster.name_of(c)).collect();
        (!names.is_empty()).then(|| format!("{}未报送", names.join("、")))
    }

    fn finding(&self, side: &Comparison) -> Finding {
        let seen = format!("{} {}", self.published.value, self.published.unit);
        let ours = self.rows.pick(&self.own, |r| side.left != "accepted" || r.accepted);
        let sum = self.rows.sum(&ours, self.published.measure);
        let message = side.note.clone().unwrap_or_default();
        let mut finding = findings::of_published(message, &self.published.unit_code, seen, Some(self.show(sum)));
        finding.batch = Some(self.input.batch.clone());
        finding.stage = self.published.stage;
        finding
    }
}

fn listed(before: &str, texts: &[String]) -> String {
    if texts.is_empty() { String::new() } else { format!("{before}{}", texts.join("；")) }
}
