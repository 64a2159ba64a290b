//! N405: a date that is none.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "N405",
    slug: "date-unreadable",
    title: "时间读不出来",
    severity: Severity::Warning,
    what: "时间一格里写了内容，但读不出是哪年哪月：没有年份、不存在的日子、文字说明等。",
    why: "读不出的时间不参加先后核对和到期提醒，开工率、投产率会少算。",
    fix: "写成“2026-03”“2026年3月”或者“2026-03-15”；还没有定的写“2026年四季度”“2026年底”也可以。",
    basis: "收件与发布的约定：读不出的时间为空并说明；年底按 12 月读。",
    example: "开工时间写着“待资金到位后”：报 N405。",
    help: "写成 2026-03 或 2026年3月 的形式",
    thresholds: &[],
    needs: &[],
    check: None,
};
