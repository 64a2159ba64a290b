//! What goes back to a unit, `reports/<batch>/<unit name>/退回说明.html`: one printable page in plain Chinese, without
//! script, that needs nothing but itself.

use serde::Serialize;

use super::template;
use super::view::{self, Entry, FileView, FindingView, OwnLine, UnitView};
use super::{Returns, format};
use crate::model::{BatchResult, Class};
use crate::spec::Spec;

/// Entries that ask for the same.
#[derive(Serialize)]
struct Section {
    class: Class,
    title: &'static str,
    lead: &'static str,
    /// Findings in all entries.
    count: usize,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Context<'a> {
    title: String,
    date: Option<String>,
    deadline: Option<String>,
    unit: &'a UnitView,
    heading: &'static str,
    summary: String,
    sections: Vec<Section>,
    own: Vec<OwnLine>,
    files: Vec<FileView>,
    /// Several files have findings, so that places must name them.
    many_files: bool,
    /// There is an annotated copy.
    copies: bool,
    total: usize,
}

/// The page of one unit as one self-contained file.
#[must_use]
pub fn page(result: &BatchResult, unit_code: &str, spec: &Spec, returns: &Returns) -> String {
    let findings = view::findings_of(result, unit_code, spec);
    of(result, &view::unit_of(result, unit_code, spec), findings, spec, returns)
}

/// As [`page`], of what is known.
pub(super) fn of(
    result: &BatchResult,
    unit: &UnitView,
    findings: Vec<FindingView>,
    spec: &Spec,
    returns: &Returns,
) -> String {
    let batch = spec.batches.get(&result.batch);
    let day = |d: jiff::civil::Date| format!("{}年{}月{}日", d.year(), d.month(), d.day());
    let files = view::files_with_copies(result, &unit.code, returns);
    let sections = sections(view::entries(findings), unit.missing);
    let mut named: Vec<&str> =
        sections.iter().flat_map(|s| s.entries.iter().filter_map(|e| e.file.as_deref())).collect();
    named.sort_unstable();
    named.dedup();
    template::page(
        "unit.html",
        Context {
            title: format::batch_title(&result.batch),
            date: batch.and_then(|b| b.date).map(day),
            deadline: batch.and_then(|b| b.deadline).map(day),
            summary: summary(unit),
            own: if unit.files_read > 0 { view::own_lines(result, &unit.code) } else { Vec::new() },
            heading: if unit.must + unit.explain > 0 { "退回说明" } else { "审核结果" },
            many_files: named.len() > 1,
            copies: files.iter().any(|f| f.copy.is_some()),
            total: sections.iter().map(|s| s.count).sum(),
            files,
            sections,
            unit,
        },
    )
}

/// One sentence for the clerk.
fn summary(unit: &UnitView) -> String {
    if unit.state == "exempt" {
        return "本期不要求贵单位单独报送，也没有收到文件。".to_owned();
    }
    if unit.missing && unit.files == 0 {
        return "没有收到贵单位的报送文件，请尽快报送。".to_owned();
    }
    if unit.missing {
        return format!("收到贵单位 {} 个文件，都不能采用，原因见下，请改正后重新报送。", unit.files);
    }
    let mut parts = Vec::new();
    if unit.must > 0 {
        parts.push(format!("{} 处必须更正后重新报送（退回）", unit.must));
    }
    if unit.explain > 0 {
        parts.push(format!("{} 处请核实，属实的书面说明（说明）", unit.explain));
    }
    if unit.know > 0 {
        parts.push(format!("{} 处供参考，不需要处理（提示）", unit.know));
    }
    if parts.is_empty() {
        return "已收到贵单位报送的文件，未发现问题。".to_owned();
    }
    format!("已收到贵单位报送的文件：{}。", parts.join("；"))
}

fn sections(entries: Vec<Entry>, missing: bool) -> Vec<Section> {
    let must = if missing {
        "在补报或改正以前，本期汇总里没有贵单位的项目。"
    } else {
        "请改正下列各处，改好后整份文件重新报送。写明项目的，改正前该项目不计入汇总。"
    };
    let mut all = [
        (Class::Must, "退回：必须更正", must),
        (
            Class::Explain,
            "说明：请核实",
            "下列各处看起来不合常理。有误的请改正；属实的请书面说明原因。相关项目已计入汇总。",
        ),
        (Class::Know, "提示：供参考", "下列各处不影响汇总，不需要处理，下次报送时可以改进。"),
    ]
    .map(|(class, title, lead)| Section { class, title, lead, count: 0, entries: Vec::new() });
    for entry in entries {
        if let Some(section) = all.iter_mut().find(|s| s.class == entry.class) {
            section.count += entry.count;
            section.entries.push(entry);
        }
    }
    all.into_iter().filter(|s| s.count > 0).collect()
}
