//! X604: two rows that are almost one project.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Finding, PastProject, Record, Severity, Stage, name_key, owner_key, project_code_key};
use crate::rules::context::Context;
use crate::rules::likeness::{Nearness, core, nearness};
use crate::rules::wording::{name, place};
use crate::rules::{Need, Rule};

/// Names of one owner that a name is compared with, before and after it in either order of reading.
const WINDOW: usize = 6;
/// Amounts within so many percent of each other support a suspicion.
const CLOSE_PERCENT: i64 = 10;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X604",
    slug: "near-duplicate",
    title: "疑似重复申报（名称相近）",
    severity: Severity::Warning,
    what: "同一期、同一批里，同一个项目单位的两个项目名称几乎一样：只差“建设”“项目”“工程”这样的字；或者只差一个字、几个字，而县区、金额、时间也相同。名称完全相同但项目代码不同的，以及代码相同而名称、单位都不同的，也报。期数、区号、产能数字不同的算不同的项目。",
    why: "改一两个字再报一次，是重复申报常见的样子；也可能只是名称没有写规范。程序定不了，请单位核对。",
    fix: "是同一个项目的，删去一行；是两个项目的，用名称区分开（如一期、二期，或写明地点），并核对项目代码。",
    basis: "项目名称以备案（核准、批复）文件为准，同一项目各处写法应当一致。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目单位 | 项目代码 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 平顶山市 | 签约 | 年产12万吨光伏支架项目 | 甲公司 | | 16500 | |
| 平顶山市 | 签约 | 年产12万吨光伏支架建设项目 | 甲公司 | | 15200 | X604 |
| 平顶山市 | 签约 | 年产15万吨光伏支架项目 | 甲公司 | | 16500 | |
| 平顶山市 | 签约 | 保障性租赁住房（二期）项目 | 乙公司 | | 9500 | |
| 平顶山市 | 签约 | 保障性租赁住房（四期）项目 | 乙公司 | | 9500 | |
| 平顶山市 | 签约 | 盛达商贸综合体项目 | 丙公司 | | 20000 | |
| 平顶山市 | 签约 | 瑞安商贸综合体项目 | 丙公司 | | 36500 | |
| 平顶山市 | 开工 | 减速机扩能改造项目 | 丁公司 | 2511-410402-04-01-986123 | 40000 | |
| 平顶山市 | 开工 | 中学迁建工程 | 教育局 | 2511-410402-04-01-986123 | 7000 | X604 |",
    help: "是同一个项目的删去一行；是两个项目的请用名称区分并核对代码",
    thresholds: &[],
    needs: &[Need::some(1, &[Field::Owner, Field::ProjectCode])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut rivals: BTreeMap<usize, (usize, &'static str)> = BTreeMap::new();
    let mut owners: BTreeMap<(Stage, String), Vec<usize>> = BTreeMap::new();
    let mut codes: BTreeMap<(Stage, String), Vec<usize>> = BTreeMap::new();
    for (i, record, stage) in context.iter_firsts() {
        let owner = record.text(Field::Owner).map(owner_key).unwrap_or_default();
        if !owner.is_empty() && record.name().is_some() {
            owners.entry((stage, owner)).or_default().push(i);
        }
        if let Some(code) = record.text(Field::ProjectCode).and_then(project_code_key) {
            codes.entry((stage, code)).or_default().push(i);
        }
    }
    for group in owners.values().filter(|g| g.len() > 1) {
        compare_owner(context, group, &mut rivals);
    }
    for group in codes.values().filter(|g| g.len() > 1) {
        compare_code(context, group, &mut rivals);
    }
    let before = earlier_names(context);
    let mut findings = Vec::new();
    for (i, record) in context.iter() {
        let message = match rivals.get(&i) {
            Some((other, why)) => {
                let other = context.records[*other];
                format!("项目{}与{}的{}疑似同一个项目（{why}）", name(record), place(other, record), name(other))
            }
            None => match near_past(context, i, record, &before) {
                Some(p) => format!(
                    "项目{}与第{}期已报的“{}”疑似同一个项目（项目单位相同，名称相近）",
                    name(record),
                    p.batch,
                    p.name
                ),
                None => continue,
            },
        };
        findings.push(Finding::new("X604", message).on(record, None));
    }
    findings
}

/// Compares the names of one owner with their neighbours in alphabetical order, read from the front and from the back:
/// names that differ in one place are neighbours in one of the two.
fn compare_owner(context: &Context<'_>, group: &[usize], rivals: &mut BTreeMap<usize, (usize, &'static str)>) {
    let cores: BTreeMap<usize, String> =
        group.iter().map(|&i| (i, core(context.records[i].name().unwrap_or_default()))).collect();
    let reversed: BTreeMap<usize, String> = cores.iter().map(|(i, c)| (*i, c.chars().rev().collect())).collect();
    for keys in [&cores, &reversed] {
        let mut order = group.to_vec();
        order.sort_by(|a, b| keys.get(a).cmp(&keys.get(b)).then(a.cmp(b)));
        for (n, &a) in order.iter().enumerate() {
            for &b in order.iter().skip(n + 1).take(WINDOW) {
                let (first, second) = (a.min(b), a.max(b));
                if context.ids[first] == context.ids[second] {
                    continue;
                }
                if let Some(why) = suspicion(context.records[first], context.records[second]) {
                    let known = rivals.entry(second).or_insert((first, why));
                    *known = (*known).min((first, why));
                }
            }
        }
    }
}

/// Why two projects of one owner may be one.
fn suspicion(a: &Record, b: &Record) -> Option<&'static str> {
    let (x, y) = (a.name()?, b.name()?);
    let support = support(a, b);
    if name_key(x) == name_key(y) {
        // The same name at two places is a series; the same name with two codes may be one.
        return (a.unit_code == b.unit_code && support.place).then_some("名称和项目单位相同，项目代码不同");
    }
    match nearness(x, y) {
        Nearness::Equal => Some("项目单位相同，名称相近"),
        Nearness::Piece if support.place && support.count >= 1 => Some("项目单位相同，名称只差几个字"),
        Nearness::Character if support.place && support.count >= 2 => Some("项目单位相同，名称只差一个字"),
        _ => None,
    }
}

struct Support {
    /// Nothing says that they are at two places.
    place: bool,
    /// How many of amount, dates and content agree.
    count: usize,
}

fn support(a: &Record, b: &Record) -> Support {
    let county = (a.text(Field::County), b.text(Field::County));
    let close = match (a.total_yuan(), b.total_yuan()) {
        (Some(x), Some(y)) => (x - y).abs() <= x.max(y) / 100 * CLOSE_PERCENT,
        _ => false,
    };
    let equal_date = |f| a.date(f).is_some() && a.date(f) == b.date(f);
    let dates = equal_date(Field::StartDate) && equal_date(Field::CompletionDate);
    let content = a.text(Field::Content).is_some() && a.text(Field::Content) == b.text(Field::Content);
    Support {
        place: county.0.is_none() || county.1.is_none() || county.0 == county.1,
        count: [close, dates, content].into_iter().filter(|x| *x).count(),
    }
}

/// One code on two projects that have nothing else in common.
fn compare_code(context: &Context<'_>, group: &[usize], rivals: &mut BTreeMap<usize, (usize, &'static str)>) {
    let mut heads: Vec<usize> = Vec::new();
    let parts = |i: usize| crate::model::part_marks(context.records[i].name().unwrap_or_default());
    for &i in group {
        if heads.iter().any(|&h| context.ids[h] == context.ids[i]) {
            continue;
        }
        if let Some(&head) = heads.first().filter(|&&h| parts(h) == parts(i)) {
            rivals.entry(i).or_insert((head, "项目代码相同，名称和单位不同"));
        }
        if heads.len() < WINDOW {
            heads.push(i);
        }
    }
}

/// Stage, owner and core of the name → earlier projects.
type EarlierNames<'a> = BTreeMap<(Stage, String, String), Vec<&'a PastProject>>;

fn earlier_names<'a>(context: &Context<'a>) -> EarlierNames<'a> {
    let owners: BTreeSet<String> =
        context.iter().filter_map(|(_, r)| r.text(Field::Owner)).map(owner_key).filter(|o| !o.is_empty()).collect();
    let mut names = EarlierNames::new();
    for past in context.history.values().flatten() {
        let owner = past.owner.as_deref().map(owner_key).unwrap_or_default();
        if owners.contains(&owner) {
            names.entry((past.stage, owner, core(&past.name))).or_default().push(past);
        }
    }
    names
}

/// An earlier project of the same list whose name differs in nothing that tells, and that is not this one.
fn near_past<'a>(
    context: &Context<'a>,
    position: usize,
    record: &Record,
    before: &EarlierNames<'a>,
) -> Option<&'a PastProject> {
    let (stage, name) = (record.stage?, record.name()?);
    let owner = record.text(Field::Owner).map(owner_key)?;
    let known = context.past(position).iter().any(|p| p.stage == stage);
    if known || context.first_of(position) != Some(position) {
        return None;
    }
    let same_place = |p: &&&PastProject| p.unit_code == record.unit_code;
    let near = |p: &&&PastProject| name_key(&p.name) != name_key(name) && nearness(&p.name, name) == Nearness::Equal;
    let candidates = before.get(&(stage, owner, core(name)))?;
    candidates.iter().filter(same_place).find(near).copied()
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::judge;

    #[test]
    fn example() {
        judge(super::RULE.example);
    }

    #[test]
    fn one_character_needs_support() {
        judge(
            "\
| 单位 | 批次 | 项目名称 | 项目单位 | 县（市、区） | 总投资 | 开工时间 | 竣工时间 | 结果 |
|---|---|---|---|---|---|---|---|---|
| 信阳市 | 开工 | 旭泽智慧物流枢纽项目 | 甲公司 | 固始县 | 20000 | 2026-01 | 2027-01 | |
| 信阳市 | 开工 | 旭庆智慧物流枢纽项目 | 甲公司 | 固始县 | 30000 | 2026-01 | 2027-01 | |
| 信阳市 | 开工 | 旭择智慧物流枢纽项目 | 甲公司 | 固始县 | 20000 | 2026-01 | 2027-01 | X604 |",
        );
    }

    #[test]
    fn an_earlier_batch_is_looked_at_too() {
        judge(
            "\
| 期 | 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 02 | 信阳市 | 开工 | 小流域综合治理工程 | 甲公司 | 20000 | |
| 03 | 信阳市 | 开工 | 小流域综合治理项目 | 甲公司 | 20000 | X604 |
| 03 | 信阳市 | 签约 | 小流域综合治理建设工程 | 甲公司 | 20000 | |",
        );
    }
}
