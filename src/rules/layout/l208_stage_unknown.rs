//! L208: 签约/开工/投产 cannot be told.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "L208",
    slug: "stage-unknown",
    title: "分不清签约、开工、投产",
    severity: Severity::Error,
    what: "从工作表名、标题、分组行、“类别”列和文件名，都看不出这些项目属于签约、开工、投产的哪一批。",
    why: "三批分别统计，不知道是哪一批就没有地方放。这些项目退回。",
    fix: "在工作表名或者标题里写明“签约一批”“开工一批”“投产一批”，或者加一列“类别”。",
    basis: "收件与发布的约定：不猜测批次。认批次的字样见 pipelines/layouts.toml。",
    example: "工作表名是 Sheet1，标题是“重大项目清单”：报 L208。",
    help: "在工作表名或标题里写明签约、开工或投产",
    thresholds: &[],
    needs: &[],
    check: None,
};
