//! F109: over a limit.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F109",
    slug: "limit-exceeded",
    title: "超过读取上限",
    severity: Severity::Error,
    what: "文件大小、解压后大小、工作表个数、单元格个数或者读取时间，超过了 sanpi.toml 里的上限。",
    why: "上限比正常的清单大两个数量级，超过的多半是损坏或者带了大量空格式、图片的文件。不设上限，一个文件就能拖垮整批处理。",
    fix: "新建一个工作簿，只把项目清单的内容复制过去再报；确实需要更大的，请管理员调整上限。",
    basis: "上限见 pipelines/sanpi.toml 的 [limits]，超过 1 GiB 的部件一律不读。",
    example: "一张表的格式一直刷到第 1048576 行、每格都有内容：报 F109。",
    help: "只把项目清单复制到新工作簿里再报",
    thresholds: &[],
    needs: &[],
    check: None,
};
