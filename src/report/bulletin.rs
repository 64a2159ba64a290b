//! 通报, the bulletin that the province sends: `reports/<batch>/通报.html`, from the template that the office edits
//! (`pipelines/bulletin.html`).

use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind};
use serde::Serialize;

use super::{format, template, view};
use crate::model::BatchResult;
use crate::spec::{PageTemplate, Problem, Spec};

/// File of the bulletin beside the overview.
pub(super) const BULLETIN: &str = "通报.html";
/// What is used where `pipelines/` has no template: the same text.
const BUILT_IN: &str = include_str!("../../pipelines/bulletin.html");
/// Names that are no variables of ours but of the template language.
const OWN_NAMES: [&str; 5] = ["range", "dict", "namespace", "debug", "loop"];
/// Names less alike than this are not suggested.
const LEAST_SIMILARITY: f64 = 0.75;

/// Everything that a template may speak of; `pipelines/bulletin.html` lists it in Chinese.
#[derive(Debug, Clone, Default, Serialize)]
struct Context {
    title: String,
    province: String,
    date: Option<String>,
    deadline: Option<String>,
    expected: usize,
    submitted: usize,
    files: usize,
    missing: Vec<String>,
    late: Vec<String>,
    must: Vec<String>,
    explain: Vec<String>,
    total_count: String,
    total_yi: String,
    rejected: String,
    compared: usize,
    missed: usize,
    stages: Vec<StageLine>,
    units: Vec<UnitLine>,
    rates: Vec<RateList>,
    lag_count: usize,
    lags: Vec<LagLine>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct StageLine {
    title: &'static str,
    count: String,
    yi: String,
    published_count: Option<String>,
    published_yi: Option<String>,
    count_verdict: &'static str,
    yi_verdict: &'static str,
}

#[derive(Debug, Clone, Default, Serialize)]
struct UnitLine {
    order: usize,
    name: String,
    state: &'static str,
    late: bool,
    signing_count: String,
    signing_yi: String,
    start_count: String,
    start_yi: String,
    production_count: String,
    production_yi: String,
    total_count: String,
    total_yi: String,
    rejected: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct RateList {
    title: &'static str,
    full: &'static str,
    province: Option<String>,
    rows: Vec<RateLine>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct RateLine {
    rank: u32,
    name: String,
    value: String,
    fraction: String,
    change: String,
}

#[derive(Debug, Clone, Default, Serialize)]
struct LagLine {
    name: String,
    count: usize,
    kinds: String,
    yi: String,
    worst: u32,
}

/// The bulletin of a batch as one self-contained page.
#[must_use]
pub fn page(result: &BatchResult, spec: &Spec) -> String {
    of(result, &view::overview_of(result, spec), spec)
}

/// As [`page`], of what is known.
pub(super) fn of(result: &BatchResult, overview: &view::Overview, spec: &Spec) -> String {
    let text = spec.bulletin.as_ref().map_or(BUILT_IN, |t| &t.text);
    render(text, &context(result, overview, spec)).unwrap_or_else(|e| template::failed(&e.to_string()))
}

/// What is wrong with the office's template, each at its line; tried with a batch that has everything and with one that
/// has nothing.
#[must_use]
pub fn problems(spec: &Spec) -> Vec<Problem> {
    spec.bulletin.as_ref().map(check).unwrap_or_default()
}

fn check(template: &PageTemplate) -> Vec<Problem> {
    let full = sample();
    let unknown = unknown_names(template, &full);
    if !unknown.is_empty() {
        return unknown;
    }
    for context in [&full, &Context::default()] {
        if let Err(error) = render(&template.text, context) {
            return vec![problem(template, error.line().unwrap_or(0), told(&error))];
        }
    }
    Vec::new()
}

fn render(text: &str, context: &Context) -> Result<String, Error> {
    template::environment()?.template_from_named_str("bulletin.html", text)?.render(Serde(context))
}

/// Variables that no batch has, each at the line where it comes first.
fn unknown_names(template: &PageTemplate, context: &Context) -> Vec<Problem> {
    let Ok(serde_json::Value::Object(known)) = serde_json::to_value(context) else { return Vec::new() };
    let Ok(env) = template::environment() else { return Vec::new() };
    let Ok(parsed) = Environment::template_from_named_str(&env, "bulletin.html", &template.text) else {
        return Vec::new(); // told by `render`, with its line
    };
    let mut unknown: Vec<String> = parsed.undeclared_variables(false).into_iter().collect();
    unknown.retain(|name| !known.contains_key(name) && !OWN_NAMES.contains(&name.as_str()));
    unknown.sort();
    unknown
        .iter()
        .map(|name| {
            let near = known.keys().map(|k| (strsim::jaro_winkler(name, k), k));
            let near = near.filter(|(s, _)| *s >= LEAST_SIMILARITY).max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = near.map(|(_, k)| format!("，是不是想写 {k}")).unwrap_or_default();
            let names: Vec<&str> = known.keys().map(String::as_str).collect();
            let message = format!("没有变量 {name}{hint}；可以写：{}", names.join("、"));
            problem(template, first_line(&template.text, name), message)
        })
        .collect()
}

/// Line from 1 of the first tag that has the name as a word; 0 when none has.
fn first_line(text: &str, name: &str) -> usize {
    let word = |line: &str| {
        line.match_indices(name).any(|(at, _)| {
            let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !line[..at].ends_with(part) && !line[at + name.len()..].starts_with(part)
        })
    };
    let tags = |line: &str| line.contains("{{") || line.contains("{%");
    text.lines().position(|line| tags(line) && word(line)).map_or(0, |at| at + 1)
}

fn problem(template: &PageTemplate, line: usize, message: String) -> Problem {
    let source_line = line.checked_sub(1).and_then(|at| template.text.lines().nth(at)).unwrap_or_default();
    Problem {
        file: Path::new(&template.path).to_owned(),
        line,
        key: String::new(),
        message,
        source_line: source_line.trim_end().to_owned(),
    }
}

/// The template engine's error in the words of the office.
fn told(error: &Error) -> String {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::SyntaxError => {
            format!("模板语法有误：{detail}。检查 {{{{ }}}} 和 {{% %}} 是否成对，for 和 if 是否有 endfor、endif")
        }
        ErrorKind::UndefinedError => "用到了没有的变量或属性；文件开头列出了全部变量".to_owned(),
        ErrorKind::UnknownFilter => format!("没有这个过滤器：{detail}"),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod | ErrorKind::UnknownTest => {
            format!("没有这个函数或判断：{detail}")
        }
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => format!("不能引用别的文件：{detail}"),
        _ => format!("模板不能使用：{error}"),
    }
}

fn context(result: &BatchResult, overview: &view::Overview, spec: &Spec) -> Context {
    let stages = view::stages(result, spec);
    let (compared, missed) = view::tally(&stages);
    let (expected, missing) = view::expected(overview);
    let batch = spec.batches.get(&result.batch);
    let names = |wanted: fn(&view::UnitView) -> bool| -> Vec<String> {
        overview.units.iter().filter(|u| wanted(u)).map(|u| u.name.clone()).collect()
    };
    Context {
        title: format::batch_title(&result.batch),
        province: spec.roster.province_name.clone(),
        date: batch.and_then(|b| b.date).map(format::day),
        deadline: batch.and_then(|b| b.deadline).map(format::day),
        expected,
        submitted: expected - missing.len(),
        files: overview.files,
        missing: names(|u| u.missing),
        late: names(|u| u.late),
        must: names(|u| u.state == "must"),
        explain: names(|u| u.state == "explain"),
        total_count: overview.total.count_text.clone(),
        total_yi: overview.total.yi.clone(),
        rejected: overview.rejected.count_text.clone(),
        compared,
        missed,
        stages: stages.iter().map(stage_line).collect(),
        units: overview.units.iter().map(unit_line).collect(),
        rates: view::rates(result, spec, &overview.units).as_ref().map(rate_lists).unwrap_or_default(),
        lag_count: result.laggards.len(),
        lags: view::laggards_by_unit(result, &overview.units).into_iter().map(lag_line).collect(),
    }
}

fn stage_line(stage: &view::StageView) -> StageLine {
    let bare = |text: &Option<String>| text.as_deref().and_then(|t| t.split(' ').next()).map(str::to_owned);
    StageLine {
        title: stage.title,
        count: stage.accepted.count_text.clone(),
        yi: stage.accepted.yi.clone(),
        published_count: bare(&stage.count.published),
        published_yi: bare(&stage.investment.published),
        count_verdict: stage.count.verdict_title,
        yi_verdict: stage.investment.verdict_title,
    }
}

fn unit_line(unit: &view::UnitView) -> UnitLine {
    let stage = |i: usize| {
        unit.stages.get(i).map_or_else(<(String, String)>::default, |s| (s.count_text.clone(), s.yi.clone()))
    };
    let [(signing_count, signing_yi), (start_count, start_yi), (production_count, production_yi)] =
        [stage(0), stage(1), stage(2)];
    UnitLine {
        order: unit.order,
        name: unit.name.clone(),
        state: unit.state_title,
        late: unit.late,
        signing_count,
        signing_yi,
        start_count,
        start_yi,
        production_count,
        production_yi,
        total_count: unit.total.count_text.clone(),
        total_yi: unit.total.yi.clone(),
        rejected: unit.rejected.count_text.clone(),
    }
}

/// Per rate the units that have one, by rank; equal ranks in report order.
fn rate_lists(table: &view::RateTable) -> Vec<RateList> {
    let lists = table.titles.iter().enumerate().map(|(i, title)| {
        let mut rows: Vec<RateLine> = table
            .rows
            .iter()
            .filter_map(|r| {
                let cell = r.cells.get(i)?;
                Some(RateLine {
                    rank: cell.rank?,
                    name: r.name.clone(),
                    value: cell.value.clone()?,
                    fraction: cell.fraction.clone().unwrap_or_default(),
                    change: cell.change.clone().unwrap_or_else(|| "—".to_owned()),
                })
            })
            .collect();
        rows.sort_by_key(|r| r.rank);
        let province = table.province.as_ref().and_then(|p| p.cells.get(i)?.value.clone());
        RateList { title: title.title, full: title.full, province, rows }
    });
    lists.filter(|l| !l.rows.is_empty()).collect()
}

fn lag_line(sum: view::LaggardSum) -> LagLine {
    LagLine { name: sum.name, count: sum.count, kinds: sum.kinds, yi: sum.yi, worst: sum.worst }
}

/// A batch that has everything, to try a template with.
fn sample() -> Context {
    let text = || "1".to_owned();
    let names = || vec![text(), text()];
    let stage = StageLine { published_count: Some(text()), published_yi: Some(text()), ..StageLine::default() };
    let rates = RateList { province: Some(text()), rows: vec![RateLine::default(); 4], ..RateList::default() };
    Context {
        date: Some(text()),
        deadline: Some(text()),
        missing: names(),
        late: names(),
        must: names(),
        explain: names(),
        compared: 6,
        missed: 1,
        stages: vec![stage; 4],
        units: vec![UnitLine { late: true, ..UnitLine::default() }; 2],
        rates: vec![rates; 3],
        lag_count: 2,
        lags: vec![LagLine::default(); 2],
        ..Context::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn edited(old: &str, new: &str) -> Vec<Problem> {
        assert!(BUILT_IN.contains(old), "{old}");
        check(&PageTemplate { path: "pipelines/bulletin.html".into(), text: BUILT_IN.replacen(old, new, 1) })
    }

    #[test]
    fn the_bulletin_has_the_figures_of_the_overview() {
        let (spec, result) = (fixture::spec(), fixture::result());
        let page = page(&result, &spec);
        for part in [
            "第二期",
            "应报送单位 19 个，已报送 18 个",
            "10,993.00",
            "4647",
            "未报送的单位：商丘市",
            "迟报的单位：信阳市",
            "郑州市（71.4%）",
            "签约项目开工率",
            "30/42",
            "滞后项目",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert_eq!(page.matches("<th scope=\"row\">郑州市</th>").count(), 1 + 3 + 1, "units, three rates, laggards");
        for part in ["http:", "https:", "<script", "url(", " src=", "{{", "{%"] {
            assert!(!page.contains(part), "{part}");
        }
    }

    #[test]
    fn mistakes_of_the_office_are_told_with_their_line() {
        assert!(edited("提醒预警", "提醒").is_empty());
        let line = |old: &str| BUILT_IN.lines().position(|l| l.contains(old)).map_or(0, |at| at + 1);
        for (old, new, at, says) in [
            ("{{ expected }} 个", "{{ expectd }} 个", "{{ expected }}", "没有变量 expectd，是不是想写 expected"),
            ("{{ u.signing_yi }}", "{{ u.signing_money }}", "{{ u.signing_yi }}", "没有的变量或属性"),
            ("{% if lags %}", "{% if lags }", "{% if lags %}", "模板语法有误"),
            ("| join(\"、\")", "| jion(\"、\")", "{% if missing %}", "没有这个过滤器"),
        ] {
            let problems = edited(old, new);
            assert_eq!(problems.len(), 1, "{new}: {problems:?}");
            assert!(problems[0].message.contains(says), "{new}: {problems:?}");
            assert_eq!(problems[0].line, line(at), "{new}: {problems:?}");
        }
    }

    #[test]
    fn names_of_projects_and_units_are_text() {
        let (mut spec, result) = (fixture::spec(), fixture::result());
        spec.roster.unit[0].name = "<b>郑州市</b>".into();
        assert!(!page(&result, &spec).contains("<b>郑州市"));
    }
}
