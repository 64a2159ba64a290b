//! L204: a formula that carries no stored value.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L204",
    slug: "formula-uncached",
    title: "公式没有算出的值",
    severity: Severity::Error,
    what: "单元格里是公式，但文件里没有保存它的计算结果，读出来是空的。",
    why: "这样的文件多半由其他软件生成、没有用 Excel 或 WPS 打开保存过。程序不替单位计算公式，所以没有数可用，所在的项目退回。",
    fix: "用 Excel 或 WPS 打开文件，按 F9 重算后保存再报；或者把公式粘贴成数值。",
    basis: "收件与发布的约定：只用文件里保存的结果，读不出的数不当作 0。",
    example: "总投资一格是“=F12*10000”，没有保存结果：报 L204，项目退回。",
    help: "用 Excel 或 WPS 打开重算并保存，或粘贴成数值",
    thresholds: &[],
    needs: &[],
    check: None,
};
