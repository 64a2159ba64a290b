//! F106: a password is needed.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F106",
    slug: "file-encrypted",
    title: "文件加密",
    severity: Severity::Error,
    what: "文件设置了打开密码。先用 Excel 自带的默认密码试过，仍然打不开。",
    why: "没有密码读不出任何内容，这份文件里的项目都不会计入。",
    fix: "去掉打开密码后重新报送：在 Excel 或 WPS 里打开，另存时把“打开权限密码”留空。",
    basis: "收件与发布的约定：不保存、不猜测密码；只试 Excel 的内置密码 VelvetSweatshop，因为 Excel 遇到它也不询问。",
    example: "某市的 .xls 打开时要求输入密码：报 F106。",
    help: "去掉打开密码，另存后重新报送",
    thresholds: &[],
    needs: &[],
    check: None,
};
