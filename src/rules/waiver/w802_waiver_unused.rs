//! W802: a waiver that nothing needed.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "W802",
    slug: "waiver-unused",
    title: "豁免没有用到",
    severity: Severity::Info,
    what: "waivers.toml 里有一条豁免，在本期没有一个问题与它相符。写明了 batch 的，只在那一期判断；没有写的，只在它所指的单位、文件或者项目本期确实报送了的时候判断，没有报送的期不算没有用到。",
    why: "问题已经改正，或者豁免写错了项目、文件的名称。留着没有用的豁免，以后同样的问题会被悄悄放过。",
    fix: "核对规则代码、单位、文件、项目是否写对；问题已经改正的，删去这一条，或者用 batch 限定在需要它的那一期。",
    basis: "本库约定，没有文件依据；各地系统对人工审核通过的记录同样要求定期清理。",
    example: "豁免的项目是“甲项目”，清单里“甲项目”已经补上总投资，V502 不再报出：报 W802。",
    help: "核对豁免写的规则、单位、文件、项目；不再需要的删去",
    thresholds: &[],
    needs: &[],
    check: None,
};
