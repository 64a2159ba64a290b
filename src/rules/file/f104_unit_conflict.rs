//! F104: path, name and sheet name different units.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F104",
    slug: "unit-conflict",
    title: "单位前后矛盾",
    severity: Severity::Error,
    what: "文件夹、文件名、表里的“填报单位”指向不同的单位。以文件夹为准继续读。",
    why: "多半是放错了文件夹，或者拿别的市的表改的、忘了改填报单位。放错了就会把一个市的项目算到另一个市。",
    fix: "核对文件是谁报的：放错的移到正确的文件夹；填报单位没有改的，改正后重新报送。",
    basis: "收件与发布的约定：文件夹的单位优先。单位名称和别名见 pipelines/roster.toml。",
    example: "文件在“济源示范区”文件夹里，表上写着“填报单位：焦作市发展改革委”：报 F104，按济源示范区读。",
    help: "核对文件是谁报的，移到正确的文件夹或改正填报单位",
    thresholds: &[],
    needs: &[],
    check: None,
};
