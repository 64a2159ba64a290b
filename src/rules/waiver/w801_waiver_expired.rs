//! W801: a waiver whose time is over.

use crate::model::Severity;
use crate::rules::Rule;

pub(in crate::rules) static RULE: Rule = Rule {
    code: "W801",
    slug: "waiver-expired",
    title: "豁免已到期",
    severity: Severity::Warning,
    what: "waivers.toml 里有一条豁免，本期活动的日期已经在它的截止日（until）以后。到期的豁免不再起作用，与它相符的问题恢复原来的级别。",
    why: "豁免是一时的认可，不是永久的例外。到期不说，要么问题悄悄回来，要么豁免悄悄继续。",
    fix: "情况没有变的，由认可的处室重新认可，写上新的截止日；问题已经解决的，删去这一条。以前各期还要重跑的，可以用 batch 限定在那一期。",
    basis: "本库约定：豁免写明理由、认可的处室和截止日；截止日与各期活动的日期比较（pipelines/batches/），没有登记日期的期不判。",
    example: "第五期活动在 2022-07-05，豁免写着 until = 2022-06-30：报 W801，与它相符的问题照常列出。",
    help: "需要继续豁免的重新认可并写上新的截止日；不需要的删去",
    thresholds: &[],
    needs: &[],
    check: None,
};
