//! What goes back to a unit, `reports/<batch>/<unit name>/index.html`: 退回说明, one printable page.

use serde::Serialize;

use super::format;
use super::template;
use super::view::{self, Class, FileView, FindingView, LedgerView, UnitView};
use crate::model::BatchResult;
use crate::spec::Spec;

/// Findings that ask for the same.
#[derive(Serialize)]
struct Section<'a> {
    class: Class,
    title: &'static str,
    lead: &'static str,
    findings: Vec<&'a FindingView>,
}

#[derive(Serialize)]
struct Context<'a> {
    title: String,
    date: Option<String>,
    deadline: Option<String>,
    unit: &'a UnitView,
    heading: &'static str,
    summary: String,
    sections: Vec<Section<'a>>,
    ledger: Vec<LedgerView>,
    files: Vec<FileView>,
}

/// The page of one unit as one self-contained file.
#[must_use]
pub fn page(result: &BatchResult, unit_code: &str, spec: &Spec) -> String {
    let unit = view::unit_of(result, unit_code, spec);
    let findings = view::findings_of(result, unit_code, spec);
    let batch = spec.batches.get(&result.batch);
    let day = |d: jiff::civil::Date| format!("{}年{}月{}日", d.year(), d.month(), d.day());
    template::page(
        "unit.html",
        Context {
            title: format::batch_title(&result.batch),
            date: batch.and_then(|b| b.date).map(day),
            deadline: batch.and_then(|b| b.deadline).map(day),
            summary: summary(&unit),
            sections: sections(&findings, unit.missing),
            ledger: view::ledger_of(result, unit_code, spec),
            files: view::files_of(result, Some(unit_code)),
            heading: if unit.must + unit.explain > 0 { "退回说明" } else { "审核结果" },
            unit: &unit,
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

fn sections(findings: &[FindingView], missing: bool) -> Vec<Section<'_>> {
    let of = |class, title, lead| Section {
        class,
        title,
        lead,
        findings: findings.iter().filter(|f| f.class == class).collect(),
    };
    let must = if missing {
        "在补报或改正以前，本期汇总里没有贵单位的项目。"
    } else {
        "请在原表中改正下列各处，改好后整份文件重新报送。相关项目在改正前不计入汇总。"
    };
    let all = [
        of(Class::Must, "退回：必须更正", must),
        of(
            Class::Explain,
            "说明：请核实",
            "下列各处看起来不合常理。有误的请改正；属实的请书面说明原因。相关项目已计入汇总。",
        ),
        of(Class::Know, "提示：供参考", "下列各处不影响汇总，不需要处理，下次报送时可以改进。"),
    ];
    all.into_iter().filter(|s| !s.findings.is_empty()).collect()
}
