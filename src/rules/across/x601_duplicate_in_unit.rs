//! X601: one project twice in one list of one unit.

use crate::model::{Finding, Record, Severity};
use crate::rules::Rule;
use crate::rules::context::Context;
use crate::rules::likeness::agreement;
use crate::rules::registry::IDENTITY;
use crate::rules::wording::{name, place};
use crate::spec::Overlap;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "X601",
    slug: "duplicate-in-unit",
    title: "本单位重复申报",
    severity: Severity::Error,
    what: "同一个单位、同一期、同一批里，一个项目出现两次：项目代码相同，或者名称与项目单位（信用代码）相同，或者没有写单位而名称与县区相同。报在靠后的那一行。签约和开工各报一次是项目的进展，不算重复；一期、二期是两个项目。",
    why: "重复的项目会把个数和总投资各多算一次，与合计行、公布数也对不上。靠后的一行退回，不计入项目库。",
    fix: "删去重复的一行。确实是两个项目的，用名称区分开（如一期、二期，或写明地点），并核对项目代码。",
    basis: "三个一批按项目个数和总投资统计，一个项目一期一批只报一次；GB/T 40058-2021 规定一个项目一个代码。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目单位 | 项目代码 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 商丘市 | 投产 | 超硬刀具产业园项目 | 甲公司 | | 20000 | |
| 商丘市 | 开工 | 超硬刀具产业园项目 | 甲公司 | | 20000 | |
| 商丘市 | 投产 | 超硬刀具 产业园项目 | 甲公司 | | 20000 | X601 |
| 商丘市 | 投产 | 光伏支架项目（一期） | 乙公司 | | 30000 | |
| 商丘市 | 投产 | 光伏支架项目（二期） | 乙公司 | | 30000 | |
| 商丘市 | 开工 | 减速机扩能改造项目 | 丙公司 | 2511-411402-04-01-986123 | 40000 | |
| 商丘市 | 开工 | 减速机扩能技改 | 丙公司 | 2511-411402-04-01-986123 | 40000 | X601 |",
    help: "删去重复的一行；确实是两个项目的，请用名称区分并核对项目代码",
    thresholds: &[],
    needs: IDENTITY,
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, record) in context.iter() {
        let Some(first) = context.first_of(i).filter(|first| *first < i) else { continue };
        let other = context.records[first];
        let at = place(other, record);
        let same = agreement(other, record);
        let named = if same == "项目代码相同" && other.name() != record.name() {
            format!("，那一行的名称是{}", name(other))
        } else {
            String::new()
        };
        let county = own_list_of_county(context, record, other);
        let note = county.map(|o| format!("；{}", o.note)).unwrap_or_default();
        let message = format!("项目{}与{at}是同一个项目（{same}{named}{note}）", name(record));
        let finding = Finding::new("X601", message).on(record, None);
        findings.push(match county {
            Some(overlap) => finding.help(overlap.advice.clone()),
            None => finding,
        });
    }
    findings
}

/// Of a city's list and the list of a county that also reports by itself: what is known about the two. The file that is
/// named for the county is its own list.
fn own_list_of_county<'a>(context: &Context<'a>, a: &Record, b: &Record) -> Option<&'a Overlap> {
    let unit = context.unit(a)?;
    let named = |record: &Record, overlap: &Overlap| {
        let area = unit.area.iter().find(|area| area.code.as_ref() == Some(&overlap.part));
        area.is_some_and(|area| {
            let short = area.name.trim_end_matches(['县', '市', '区']);
            let file = record.origin.source.file.replace(&format!("含{short}"), "");
            file.contains(short)
        })
    };
    let known = context.spec.roster.overlap.iter().filter(|o| o.city == unit.code);
    known.into_iter().find(|o| named(a, o) != named(b, o))
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::{findings, judge};

    #[test]
    fn example() {
        judge(super::RULE.example);
        assert_eq!(
            findings(super::RULE.example)[1].message,
            "项目“超硬刀具 产业园项目”与第3行是同一个项目（项目名称和项目单位相同）"
        );
    }

    #[test]
    fn a_county_that_reports_by_itself_beside_its_city() {
        let table = "\
| 单位 | 文件 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|---|
| 开封市 | 03/开封市/签约（含兰考县）.xlsx | 签约 | 家居产业园项目 | 甲公司 | 20000 | |
| 开封市 | 03/开封市/兰考县/签约.xlsx | 签约 | 家居产业园项目 | 甲公司 | 20000 | X601 |";
        // A list 含兰考县 is the city's: only one name speaks of the county alone.
        let found = findings(table);
        assert!(found[0].message.contains("兰考县是省直管县"), "{}", found[0].message);
        assert!(found[0].help.as_deref().unwrap_or_default().contains("由开封市统一报送"));
        let own = table.replace("03/开封市/兰考县/签约.xlsx", "03/开封市/签约2.xlsx");
        assert!(findings(&own)[0].help.is_none());
    }
}
