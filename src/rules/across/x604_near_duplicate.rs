//! X604: two rows that are almost one project.

use std::collections::{BTreeMap, HashMap};

use crate::model::{
    Field, Finding, PastKey, PastProject, Record, Severity, Stage, name_key, owner_key, project_code_key,
};
use crate::rules::context::Context;
use crate::rules::likeness::{Likeness, Nearness, nearness};
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
    let mut owners: HashMap<(Stage, String), Vec<usize>> = HashMap::new();
    let mut codes: HashMap<(Stage, String), Vec<usize>> = HashMap::new();
    let mut near = Vec::new();
    for (i, record, stage) in context.iter_firsts() {
        let owner = record.text(Field::Owner).map(owner_key).unwrap_or_default();
        if let Some(name) = record.name().filter(|_| !owner.is_empty()) {
            if let Some(past) = near_past(context, i, record, PastKey::near(&owner, &name_key(name)), &owner) {
                near.push((i, past));
            }
            owners.entry((stage, owner)).or_default().push(i);
        }
        if let Some(code) = record.text(Field::ProjectCode).and_then(project_code_key) {
            codes.entry((stage, code)).or_default().push(i);
        }
    }
    for group in groups(owners) {
        compare_owner(context, &group, &mut rivals);
    }
    for group in groups(codes) {
        compare_code(context, &group, &mut rivals);
    }
    let mut messages: BTreeMap<usize, String> = BTreeMap::new();
    for (i, past) in near {
        let (name, batch, known) = (name(context.records[i]), &past.batch, past.name);
        let why = "项目单位相同，名称相近";
        messages.insert(i, format!("项目{name}与第{batch}期已报的“{known}”疑似同一个项目（{why}）"));
    }
    for (i, (other, why)) in rivals {
        let (record, other) = (context.records[i], context.records[other]);
        let (name, at, known) = (name(record), place(other, record), name(other));
        messages.insert(i, format!("项目{name}与{at}的{known}疑似同一个项目（{why}）"));
    }
    let finding = |(i, message): (usize, String)| Finding::new("X604", message).on(context.records[i], None);
    messages.into_iter().map(finding).collect()
}

/// Those of the groups that have more than one member, in the order of their first.
fn groups<K>(by_key: HashMap<K, Vec<usize>>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = by_key.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    groups
}

/// A row with what its name is compared by.
struct Named<'a> {
    position: usize,
    key: String,
    likeness: Likeness,
    record: &'a Record,
}

/// Compares the names of one owner with their neighbours in alphabetical order, read from the front and from the back:
/// names that differ in one place are neighbours in one of the two.
fn compare_owner(context: &Context<'_>, group: &[usize], rivals: &mut BTreeMap<usize, (usize, &'static str)>) {
    let named = |&position: &usize| {
        let record = context.records[position];
        let name = record.name().unwrap_or_default();
        Named { position, key: name_key(name), likeness: Likeness::of(name), record }
    };
    let mut order: Vec<Named<'_>> = group.iter().map(named).collect();
    for backward in [false, true] {
        order.sort_by(|a, b| {
            let (left, right) = (&a.likeness.core, &b.likeness.core);
            let by_name = if backward { left.iter().rev().cmp(right.iter().rev()) } else { left.cmp(right) };
            by_name.then(a.position.cmp(&b.position))
        });
        for (n, a) in order.iter().enumerate() {
            for b in order.iter().skip(n + 1).take(WINDOW) {
                let (first, second) = if a.position < b.position { (a, b) } else { (b, a) };
                if context.ids[first.position] == context.ids[second.position] {
                    continue;
                }
                if let Some(why) = suspicion(first, second) {
                    let this = (first.position, why);
                    let known = rivals.entry(second.position).or_insert(this);
                    *known = (*known).min(this);
                }
            }
        }
    }
}

/// Why two projects of one owner may be one.
fn suspicion(a: &Named<'_>, b: &Named<'_>) -> Option<&'static str> {
    let support = || support(a.record, b.record);
    if a.key == b.key {
        // The same name at two places is a series; the same name with two codes may be one.
        let same_place = a.record.unit_code == b.record.unit_code && support().place;
        return same_place.then_some("名称和项目单位相同，项目代码不同");
    }
    let supported = |count: usize| Some(support()).is_some_and(|s| s.place && s.count >= count);
    match nearness(&a.likeness, &b.likeness) {
        Nearness::Equal => Some("项目单位相同，名称相近"),
        Nearness::Piece if supported(1) => Some("项目单位相同，名称只差几个字"),
        Nearness::Character if supported(2) => Some("项目单位相同，名称只差一个字"),
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

/// An earlier project of the same list whose name differs in nothing that tells, and that is not this one.
fn near_past<'a>(
    context: &Context<'a>,
    position: usize,
    record: &Record,
    key: PastKey,
    owner: &str,
) -> Option<PastProject<'a>> {
    let mut rows = context.history.projects(key);
    rows.retain(|p| {
        let listed = p.accepted && p.batch < *context.batch && Some(p.stage) == record.stage;
        listed && p.unit_code == record.unit_code
    });
    let known = || context.past(position).iter().any(|p| Some(p.stage) == record.stage);
    if rows.is_empty() || known() {
        return None;
    }
    let name = record.name()?;
    let (name_key_now, now) = (name_key(name), Likeness::of(name));
    rows.sort_by(|a, b| a.project_id.cmp(b.project_id));
    let near = |p: &PastProject<'_>| {
        p.owner.map(owner_key).as_deref() == Some(owner)
            && name_key(p.name) != name_key_now
            && nearness(&Likeness::of(p.name), &now) == Nearness::Equal
    };
    rows.into_iter().find(near)
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
