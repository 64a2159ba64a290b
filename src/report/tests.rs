//! The forms against the batch that they show.

use std::fs;

use super::fixture::{self, CLEAN, MISSING};
use super::{Returned, Returns, StatusRow, html, json, status, terminal, unit_html, view, write_all};
use crate::model::{Finding, Severity, Verdict};

fn times(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

/// The data of the overview's script.
fn island(page: &str) -> serde_json::Value {
    let start = page.find("id=\"data\">").expect("an island") + "id=\"data\">".len();
    let end = start + page[start..].find("</script>").expect("its end");
    serde_json::from_str(&page[start..end]).expect("JSON")
}

fn rows(island: &serde_json::Value) -> &[serde_json::Value] {
    island["findings"].as_array().expect("findings")
}

/// The body of the page, without style and script.
fn body(page: &str) -> &str {
    let start = page.find("<body>").expect("a body");
    let end = page.rfind("<script>").expect("a script");
    &page[start..end]
}

#[test]
fn every_finding_is_on_its_units_page_exactly_once() {
    let (spec, mut result) = (fixture::spec(), fixture::result());
    for (i, reported) in result.findings.iter_mut().enumerate() {
        reported.finding.message = format!("问题【{i}】");
    }
    for unit in &spec.roster.unit {
        let page = unit_html::page(&result, &unit.code, &spec, &Returns::new());
        let mut own = 0;
        for (i, reported) in result.findings.iter().enumerate() {
            let here = reported.finding.unit_code.as_deref() == Some(unit.code.as_str());
            own += usize::from(here);
            assert_eq!(times(&page, &format!("问题【{i}】")), usize::from(here), "{} {i}", unit.name);
        }
        let entries = view::entries(view::findings_of(&result, &unit.code, &spec));
        assert_eq!(times(&page, "<li class=\"entry\">"), entries.len(), "{}", unit.name);
        assert_eq!(entries.iter().map(|e| e.count).sum::<usize>(), own, "{}", unit.name);
        assert_eq!(page.contains("未发现问题"), unit.code == CLEAN, "{}", unit.name);
    }
    let overview = html::overview(&result, &spec);
    for i in 0..result.findings.len() {
        assert_eq!(times(&overview, &format!("问题【{i}】")), 1, "{i}");
    }
}

#[test]
fn counts_of_the_overview_are_those_of_the_batch() {
    let (spec, result) = (fixture::spec(), fixture::result());
    let page = html::overview(&result, &spec);
    let island = island(&page);
    assert_eq!(rows(&island).len(), result.findings.len());
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let count = result.findings.iter().filter(|r| r.severity == severity).count();
        assert_eq!(rows(&island).iter().filter(|f| f[2] == severity.as_str()).count(), count);
        let foot = &page[page.find("<tfoot>").expect("a foot")..page.find("</tfoot>").expect("a foot")];
        assert!(foot.contains(&format!("<td class=\"num\">{count}</td>")), "{foot}");
    }
    assert_eq!(times(&page, "<tr class=\"unit "), 19);
    assert_eq!(times(&page, "<tr class=\"unit missing\""), 1);
    let problems = result.comparisons.iter().filter(|c| c.verdict == Verdict::Mismatch).count();
    assert!(page.contains(&format!("{problems} 次对不上")));
    assert_eq!(times(&page, "<tr class=\"mismatch\">"), problems);
    for figure in ["1,381", "10,993.00", "4,590.00", "公布 4647 亿元", "差 -57.00"] {
        assert!(page.contains(figure), "{figure}");
    }
}

#[test]
fn data_is_text_and_never_markup() {
    let (spec, mut result) = (fixture::spec(), fixture::result());
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=y>&amp;";
    let file = evil.into();
    let mut finding = Finding::new("V501", evil).unit("410100").in_file(&file).in_sheet(&file).at_range(evil);
    finding.seen = Some(evil.into());
    finding.project_name = Some(evil.into());
    result.findings.push(fixture::reported(finding, "name-missing", "名称缺失", Severity::Error, evil));
    result.comparisons[0].note = Some(evil.into());
    result.comparisons[7].right_at = Some(evil.into());
    result.submissions[0].superseded_by = Some(evil.into());
    let pages = [html::overview(&result, &spec), unit_html::page(&result, "410100", &spec, &Returns::new())];
    for (page, scripts) in pages.iter().zip([1, 0]) {
        assert_eq!(times(page, "<script>"), scripts, "only our own");
        assert_eq!(times(page, "<script"), 2 * scripts, "and its data");
        assert_eq!(times(page, "<img"), 0);
        assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("报告没有生成"));
    }
    let page = html::overview(&result, &spec);
    assert!(rows(&island(&page)).iter().any(|f| f[6] == evil), "the script gets the text as it is");
}

#[test]
fn pages_ask_nothing_of_the_network() {
    let (spec, result) = (fixture::spec(), fixture::result());
    for page in [html::overview(&result, &spec), unit_html::page(&result, "410300", &spec, &Returns::new())] {
        assert!(page.contains("default-src 'none'"));
        for part in ["http:", "https:", "//cdn", "@import", "url(", " src=", "<link"] {
            assert!(!page.contains(part), "{part}");
        }
    }
}

/// What the overview's policy admits is exactly what stands in the page.
#[test]
fn the_policy_of_the_overview_names_its_own_style_and_script() {
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};
    let page = html::overview(&fixture::result(), &fixture::spec());
    for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
        let start = page.find(&format!("<{tag}>")).expect("its start") + tag.len() + 2;
        let end = start + page[start..].find(&format!("</{tag}>")).expect("its end");
        let hash = BASE64_STANDARD.encode(Sha256::digest(&page.as_bytes()[start..end]));
        assert!(page.contains(&format!("{directive} 'sha256-{hash}'")), "{tag}");
    }
    assert!(!page.contains(" style=") && !page.contains(" onclick="), "the policy would drop it");
}

#[test]
fn personal_data_appears_nowhere() {
    let (spec, result) = (fixture::spec(), fixture::result());
    let forms = [
        html::overview(&result, &spec),
        unit_html::page(&result, "410200", &spec, &Returns::new()),
        json::findings(&result, "410200", &spec),
        terminal::findings(&result.findings, &spec),
    ];
    for form in forms {
        assert!(!form.contains("13812345678") && !form.contains("65512345"));
        assert!(form.contains("138********") && form.contains("个人信息，不显示"));
    }
}

#[test]
fn every_unit_gets_its_folder_and_every_link_a_page() {
    let (spec, result) = (fixture::spec(), fixture::result());
    let keep = std::env::var_os("SANPI_REPORT_OUT").map(std::path::PathBuf::from);
    let temporary = tempfile::tempdir().expect("a folder");
    let dir = keep.as_deref().unwrap_or(temporary.path());
    write_all(&result, &spec, &Returns::new(), dir).expect("written");
    let batch = dir.join("reports/02");
    let page = fs::read_to_string(batch.join("index.html")).expect("an overview");
    let mut links = 0;
    for part in page.split("href=\"").skip(1) {
        let link = &part[..part.find('"').expect("an end")];
        if let Some(anchor) = link.strip_prefix('#') {
            assert!(page.contains(&format!("id=\"{anchor}\"")), "{link}");
        } else {
            assert!(batch.join(link).is_file(), "{link}");
            links += 1;
        }
    }
    assert!(links >= 19, "{links}");
    for unit in &spec.roster.unit {
        let page = fs::read_to_string(batch.join(&unit.name).join("退回说明.html")).expect("a page");
        assert!(page.contains("../index.html"));
        let text = fs::read_to_string(batch.join(&unit.name).join("findings.json")).expect("findings");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let own = result.findings.iter().filter(|r| r.finding.unit_code.as_deref() == Some(&unit.code)).count();
        assert_eq!(json["findings"].as_array().map(Vec::len), Some(own));
        assert_eq!(fixture::units_with_findings(&result).contains(&unit.code), own > 0);
    }
    let missing = unit_html::page(&result, MISSING, &spec, &Returns::new());
    assert!(missing.contains("F101") && missing.contains("没有收到文件"));
    assert_eq!(
        fs::read_to_string(batch.join("index.html")).ok().as_deref(),
        Some(html::overview(&result, &spec).as_str())
    );
}

#[test]
fn an_empty_batch_without_published_figures_is_a_page_too() {
    let (mut spec, mut result) = (fixture::spec(), fixture::result());
    spec.batches.clear();
    result.findings.clear();
    (result.submissions, result.accepted, result.rejected, result.comparisons) = (vec![], vec![], vec![], vec![]);
    let page = html::overview(&result, &spec);
    assert!(page.contains("未报送 19 个") && page.contains("没有可以比对的公布数"), "{}", body(&page));
    assert!(unit_html::page(&result, "410100", &spec, &Returns::new()).contains("请尽快报送"));
    assert!(terminal::summary(&[result], &spec, 100).contains("已报 0 个"));
}

#[test]
fn five_thousand_findings_stay_a_page() {
    let (spec, mut result) = (fixture::spec(), fixture::result());
    let one = result.findings[0].clone();
    result.findings.extend(std::iter::repeat_n(one, 5_000));
    let page = html::overview(&result, &spec);
    assert_eq!(rows(&island(&page)).len(), result.findings.len());
    assert!(page.len() < 4_000_000, "{}", page.len());
}

#[test]
fn summary_of_a_run() {
    insta::assert_snapshot!(terminal::summary(&[fixture::result()], &fixture::spec(), 100));
}

#[test]
fn summary_fits_a_screen() {
    use unicode_width::UnicodeWidthStr;
    for width in [80, 100, 120] {
        let text = terminal::summary(&[fixture::result()], &fixture::spec(), width);
        assert!(text.lines().count() <= 24, "{text}");
        assert!(text.lines().all(|l| l.width() <= width), "{text}");
    }
    let many: Vec<_> = std::iter::repeat_with(fixture::result).take(15).collect();
    let text = terminal::summary(&many, &fixture::spec(), 80);
    assert!(text.lines().count() <= 16 && text.lines().all(|l| l.width() <= 80), "{text}");
    assert!(text.contains("第二期  18/19  1,381  10,993.00") && text.contains("另有更早的 3 期"), "{text}");
}

#[test]
fn list_of_a_check() {
    let result = fixture::result();
    let own: Vec<_> =
        result.findings.iter().filter(|r| r.finding.unit_code.as_deref() == Some("410100")).cloned().collect();
    insta::assert_snapshot!(terminal::findings(&own, &fixture::spec()));
    assert_eq!(terminal::findings(&[], &fixture::spec()), "未发现问题。\n");
}

#[test]
fn status_as_a_table() {
    let row = |code: &str, n: u32| StatusRow {
        unit_code: code.into(),
        files: 1,
        stages: [Some((n, i64::from(n) * 830_000_000)), Some((n + 3, 4_200_000_000)), None],
        errors: n % 3,
        warnings: n % 2,
        ..StatusRow::default()
    };
    let mut rows = vec![row("410100", 24), row("410300", 13), row("410173", 9)];
    rows[1].late = true;
    rows.push(StatusRow { unit_code: MISSING.into(), missing: true, errors: 1, ..StatusRow::default() });
    insta::assert_snapshot!(status::table(&rows, &fixture::spec()));
}

#[test]
fn findings_of_one_rule_on_one_column_are_one_entry() {
    let (spec, mut result) = (fixture::spec(), fixture::result());
    let file = std::sync::Arc::from("02/鹤壁市/鹤壁市.xlsx");
    let sheet = std::sync::Arc::from("签约");
    for row in (8..=13).chain([20]) {
        let finding = Finding::new("V502", "没有填总投资").unit(CLEAN).in_file(&file).in_sheet(&sheet);
        let finding = finding.at_range(format!("H{row}"));
        result.findings.push(fixture::reported(
            finding,
            "total-investment-missing",
            "总投资缺失",
            Severity::Error,
            "填上。",
        ));
    }
    let entries = view::entries(view::findings_of(&result, CLEAN, &spec));
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].count, entries[0].cells.as_deref()), (7, Some("H8–H13、H20")));
    let mut explained = result.findings.last().cloned().expect("one");
    explained.explanation = Some("本项目总投资待批复，13812345678".into());
    explained.waiver = Some("同意本期空缺（省发展改革委，至第三期）".into());
    explained.waived = true;
    result.findings.push(explained);
    let page = unit_html::page(&result, CLEAN, &spec, &Returns::new());
    for text in ["H8–H13、H20", "7 处", "待批复，138********", "同意本期空缺", "已认可"] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn copies_are_linked_and_their_absence_is_explained() {
    let (spec, result) = (fixture::spec(), fixture::result());
    let files: Vec<_> = result.submissions.iter().filter(|s| s.unit_code.as_deref() == Some("410300")).collect();
    let copy = Returned::Copy { name: "洛阳市-批注-1.xlsx".into(), own: true };
    let returns = Returns::from([
        (files[0].source.file.clone(), copy),
        (files[1].source.file.clone(), Returned::Without("原因".into())),
    ]);
    let page = unit_html::page(&result, "410300", &spec, &returns);
    assert!(page.contains("href=\"洛阳市-批注-1.xlsx\"") && page.contains(">原因<"), "{page}");
    assert!(page.contains("鼠标停在格上"));
    assert!(!unit_html::page(&result, "410300", &spec, &Returns::new()).contains("鼠标停在格上"));
}
