//! V501: a project without a name.

use crate::model::{Field, Finding, Severity};
use crate::rules::context::{Context, Presence, presence};
use crate::rules::wording::amount;
use crate::rules::{Need, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V501",
    slug: "name-missing",
    title: "项目名称为空",
    severity: Severity::Error,
    what: "项目行里填了其他内容，“项目名称”却是空的，或者只写了“/”“—”“无”。",
    why: "没有名称就说不清是哪个项目，无法查重，也无法与以后的开工、投产对上。所以这一行先退回，不进入项目库。",
    fix: "补上项目名称，与备案（核准、批复）文件上的名称一致。如果这一行是上一行的续行或说明，请并入上一行。",
    basis: "三个一批项目清单以项目为单位统计个数；投资项目在线审批监管平台的登记也以项目名称为必填项。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目单位 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 郑州市 | 签约 | 桥式起重机生产线建设项目 | 甲公司 | 51000 | |
| 郑州市 | 签约 | | 乙公司 | 20000 | V501 |
| 郑州市 | 签约 | —— | 丙公司 | 30000 | V501 |",
    help: "补上与备案文件一致的项目名称；如果不是项目，请删去这一行",
    thresholds: &[],
    needs: &[Need::all(&[Field::ProjectName])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let nameless = context.iter().filter(|(_, r)| presence(r, Field::ProjectName) == Presence::Empty);
    let findings = nameless.map(|(_, record)| {
        let owner = record.text(Field::Owner).map(|o| format!("项目单位：{o}"));
        let total = record.amount(Field::TotalInvestment).map(|a| format!("总投资：{}", amount(a)));
        let known: Vec<String> = owner.into_iter().chain(total).collect();
        let known = if known.is_empty() { String::new() } else { format!("（{}）", known.join("，")) };
        let mut finding = Finding::new("V501", format!("项目名称为空{known}"));
        if let Some(cell) = context.empty_cell(record, Field::ProjectName) {
            finding = finding.at(cell);
        }
        finding.on(record, Some(Field::ProjectName))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
