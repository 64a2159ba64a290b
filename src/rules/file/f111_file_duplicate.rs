//! F111: byte-identical to another file of the batch.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F111",
    slug: "file-duplicate",
    title: "文件重复",
    severity: Severity::Warning,
    what: "这个文件与本期的另一个文件逐字节相同。只读一份，项目不会重复计算。",
    why: "多半是重复下载或者同时放了两处。如果两份在两个单位的文件夹里，说明有一家放错了。",
    fix: "删去多余的一份；两个单位的文件夹里各有一份的，核对是谁的。",
    basis: "按内容的 SHA-256 比较，与文件名无关。",
    example: "“新乡市_签约.csv”和“新乡市_签约(1).csv”内容相同：后一个报 F111，项目只算一次。",
    help: "删去多余的一份，并核对是哪个单位的",
    thresholds: &[],
    needs: &[],
    check: None,
};
