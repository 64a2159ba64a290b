//! F103: no unit of the roster fits.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F103",
    slug: "unit-unrecognised",
    title: "认不出报送单位",
    severity: Severity::Error,
    what: "从文件夹、文件名、表里的“填报单位”一行都认不出是名录里的哪个单位。",
    why: "不知道是谁报的，项目就没有归属，既不能汇总也不能退回修改。该文件的项目一律退回。",
    fix: "把文件放进以单位命名的文件夹，或者在文件名里写上单位名称；单位另有叫法的，请管理员加到名录的别名里。",
    basis: "单位名称和别名见 pipelines/roster.toml。",
    example: "文件“三个一批台账.xlsx”直接放在第 21 期文件夹下，表里也没有填报单位：报 F103。",
    help: "在文件夹、文件名或“填报单位”一行写上单位名称",
    thresholds: &[],
    needs: &[],
    check: None,
};
