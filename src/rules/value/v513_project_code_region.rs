//! V513: a project code that was granted elsewhere.

use crate::model::{Field, Finding, Severity, project_code_key};
use crate::rules::context::Context;
use crate::rules::{Need, Rule};
use crate::spec::{Roster, Unit};

pub(in crate::rules) static RULE: Rule = Rule {
    code: "V513",
    slug: "project-code-region",
    title: "项目代码的地区不属于本单位",
    severity: Severity::Warning,
    what: "项目代码第二段是赋码机关所在地的六位区划代码。它既不属于报送单位，也不是省级（410000）或国家级赋码的，报一条。航空港区、济源示范区用过的老地区码在名录里登记，不算错。",
    why: "代码是别的市赋的，可能是复制错了代码，也可能是别人的项目，两地会重复统计。",
    fix: "到投资项目在线审批监管平台核对代码。项目迁建、合作共建、飞地项目等确由外地赋码的，请在备注中说明。",
    basis: "GB/T 40058-2021 规定第二段为地区代码，按 GB/T 2260；赋码地与建设地可以不同，所以只作警告。",
    example: "\
| 单位 | 批次 | 项目名称 | 项目代码 | 总投资 | 结果 |
|---|---|---|---|---|---|
| 郑州市 | 开工 | 甲项目 | 2511-410102-04-01-986123 | 30000 | |
| 郑州市 | 开工 | 乙项目 | 2511-411081-04-01-986123 | 30000 | V513 |
| 郑州市 | 开工 | 丙项目 | 2511-410000-04-01-986123 | 30000 | |
| 郑州航空港区 | 开工 | 丁项目 | 2511-410173-04-01-986125 | 30000 | |
| 郑州航空港区 | 开工 | 戊项目 | 2511-410105-04-01-986123 | 30000 | V513 |
| 济源示范区 | 开工 | 己项目 | 2511-419001-04-01-986123 | 30000 | |
| 济源示范区 | 开工 | 庚项目 | 2511-330100-04-01-986123 | 30000 | V513 |",
    help: "核对项目代码是否复制错；确由外地赋码的请在备注中说明",
    thresholds: &[],
    needs: &[Need::all(&[Field::ProjectCode])],
    check: Some(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, record) in context.iter() {
        let code = record.text(Field::ProjectCode).and_then(project_code_key);
        let (Some(code), Some(unit)) = (code, context.unit(record)) else { continue };
        let Some(region) = code.get(5..11) else { continue };
        if belongs(region, unit, &context.spec.roster) {
            continue;
        }
        let roster = &context.spec.roster;
        let owner = home_unit(region, roster);
        let message = format!("项目代码的地区码 {region}（{}）不属于{}", home(region, owner, roster), unit.name);
        let overlap = owner.and_then(|o| roster.overlap_of(&o.code, &unit.code));
        let message = overlap.map_or(message.clone(), |o| format!("{message}；{}", o.note));
        let finding = Finding::new("V513", message).on(record, Some(Field::ProjectCode));
        findings.push(match overlap {
            Some(overlap) => finding
                .help(format!("{}；由原属的市赋码的请在备注中说明", overlap.advice_in(context.batch.number(), roster))),
            None => finding,
        });
    }
    findings
}

/// Whether a code granted by `region` is natural in a list of `unit`.
fn belongs(region: &str, unit: &Unit, roster: &Roster) -> bool {
    let granted_above = region == roster.province_code || region.starts_with("00");
    let own = match unit.code.strip_suffix("00") {
        Some(prefecture) => region.starts_with(prefecture),
        None => region == unit.code,
    };
    let area = || unit.area.iter().any(|a| a.code.as_deref() == Some(region));
    granted_above || own || unit.region_prefixes.iter().any(|p| region.starts_with(p.as_str())) || area()
}

/// The unit whose region it is.
fn home_unit<'a>(region: &str, roster: &'a Roster) -> Option<&'a Unit> {
    let has_area = |u: &&Unit| u.area.iter().any(|a| a.code.as_deref() == Some(region));
    let within = |u: &&Unit| u.code.strip_suffix("00").is_some_and(|p| region.starts_with(p));
    let units = || roster.unit.iter();
    units().find(has_area).or_else(|| units().find(|u| u.code == region)).or_else(|| units().find(within))
}

/// Whose region it is, in words.
fn home(region: &str, unit: Option<&Unit>, roster: &Roster) -> String {
    match unit {
        Some(unit) => match unit.area.iter().find(|a| a.code.as_deref() == Some(region)) {
            Some(area) if area.name != unit.name => format!("{}{}", unit.name, area.name),
            _ => unit.name.clone(),
        },
        None if region.get(..2) == roster.province_code.get(..2) => "本省没有这个代码".to_owned(),
        None => "外省".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn example() {
        crate::rules::fixture::judge(super::RULE.example);
    }
}
