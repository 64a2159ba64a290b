//! F112: a later version was used instead.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "F112",
    slug: "submission-superseded",
    title: "已被后来的版本代替",
    severity: Severity::Info,
    what: "同一单位的同一批报了不止一次，这是较早的一份，没有采用。先看文件名里的版本字样（修订、第二次、v2、最终），再看名称里的日期，再看修改时间。标明“补报”的是追加，不代替。",
    why: "说明程序采用了哪一份。采用错了，项目和金额就都不对。",
    fix: "核对采用的是不是最后定稿；不是的，在定稿的文件名里写上“修订”或者日期。",
    basis: "收件与发布的约定：同批重报以后来的版本为准，补报则累加。",
    example: "“许昌市重大项目.xls”和“许昌市重大项目(第二次报送).xls”：采用后者，前者提示 F112。",
    help: "核对采用的版本；不对的请在定稿文件名里写明“修订”",
    thresholds: &[],
    needs: &[],
    check: None,
};
