//! F114: a file that is still being written.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F114",
    slug: "submission-in-progress",
    title: "文件还在写入",
    severity: Severity::Info,
    what: "运行期间大小或修改时间还在变的文件；已经发布过、内容又变了、旁边还有近期锁文件（~$、.~lock.…#）的文件。",
    why: "只写了一半的文件会少项目、少合计。留待下次运行，上次发布的内容仍然有效；从未发布过的，本次没有它的内容。\
          只有锁文件而内容没有变，或者从未发布过的完整文件，照常读取，不会因为一个遗留的锁文件被一直搁置。",
    fix: "不用处理，下次运行会读取。一直提示的，请关闭打开它的程序，删去旁边的锁文件。",
    basis: "没有文件依据；读到一半的文件不能当作报送。",
    example: "正在从网络复制的“洛阳市台账.xlsx”：F114，submissions.outcome 为 in_progress。",
    help: "不用处理，下次运行会读取；一直提示的请关闭打开它的程序",
    thresholds: &[],
    needs: &[],
    check: None,
};
