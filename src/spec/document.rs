//! One TOML file → one typed value, with **all** its problems, each at its line and key.
//!
//! serde stops at the first problem. So the offending entry is taken out of the parsed document and the rest is tried
//! again, until nothing more is wrong.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;

/// After so many problems in one file the rest is most likely a consequence of them.
const MAX_PROBLEMS: usize = 50;

/// A TOML file with its text, to tell the line of any key.
pub(super) struct Document {
    /// Path as the user would write it.
    pub(super) path: PathBuf,
    /// Text.
    pub(super) text: String,
}

/// A step on the way to a value: a key, or the position in an array of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Key of a table.
    Key(&'a str),
    /// Element of an array, from 0.
    Index(usize),
}

impl Document {
    /// Reads the file; a missing or unreadable one is a problem of its own.
    pub(super) fn read(path: &Path) -> Result<Self, Problem> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { path: path.to_owned(), text }),
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
                    std::io::ErrorKind::InvalidData => "不是 UTF-8 文本，请用 UTF-8 编码保存".to_owned(),
                    _ => format!("无法读取：{error}"),
                };
                Err(Problem {
                    file: path.to_owned(),
                    line: 0,
                    key: String::new(),
                    message: why,
                    source_line: String::new(),
                })
            }
        }
    }

    /// The typed value, if nothing is wrong; problems are appended.
    pub(super) fn parse<T: DeserializeOwned>(&self, problems: &mut Vec<Problem>) -> Option<T> {
        let before = problems.len();
        let (mut table, errors) = DeTable::parse_recoverable(&self.text);
        for error in &errors {
            problems.push(self.problem(error.span(), syntax(error.message())));
        }
        if !errors.is_empty() {
            return None;
        }
        // A value that was taken out is missing afterwards: that is no problem of its own.
        let mut value_removed = false;
        loop {
            match T::deserialize(toml::de::Deserializer::from(table.clone())) {
                Ok(value) => return (problems.len() == before).then_some(value),
                Err(error) => {
                    let span = error.span();
                    let missing = error.message().starts_with("missing field");
                    if missing && value_removed {
                        return None;
                    }
                    let mut problem = self.problem(span.clone(), translate(error.message()));
                    if missing {
                        error.message().split('`').nth(1).unwrap_or_default().clone_into(&mut problem.key);
                    }
                    problems.push(problem);
                    value_removed |= missing || !error.message().starts_with("unknown field");
                    let removed = span.is_some_and(|span| remove(table.get_mut(), &span));
                    if !removed || problems.len() - before >= MAX_PROBLEMS {
                        return None;
                    }
                }
            }
        }
    }

    /// A problem at a place of the text.
    fn problem(&self, span: Option<Range<usize>>, message: String) -> Problem {
        let at = span.map_or(0, |s| s.start);
        let line = self.line_at(at);
        let source_line = self.text.lines().nth(line - 1).unwrap_or_default().trim_end().to_owned();
        let key = source_line.split('=').next().unwrap_or_default().trim().to_owned();
        Problem { file: self.path.clone(), line, key, message, source_line }
    }

    /// A problem at the value at the end of `steps` (or at the deepest of them that exists).
    pub(super) fn problem_at(&self, steps: &[Step], message: String) -> Problem {
        let span = self.span_of(steps);
        let mut problem = self.problem(span, message);
        if let Some(Step::Key(key)) = steps.iter().rev().find(|s| matches!(s, Step::Key(_))) {
            (*key).clone_into(&mut problem.key);
        }
        problem
    }

    /// Line of the value at the end of `steps`, from 1.
    pub(super) fn line_of(&self, steps: &[Step]) -> usize {
        self.line_at(self.span_of(steps).map_or(0, |s| s.start))
    }

    fn span_of(&self, steps: &[Step]) -> Option<Range<usize>> {
        let (table, _) = DeTable::parse_recoverable(&self.text);
        let mut span = None;
        let mut here = &DeValue::Table(table.into_inner());
        for step in steps {
            let (next_span, next) = match (step, here) {
                (Step::Key(key), DeValue::Table(table)) => {
                    let Some((k, v)) = table.get_key_value(*key) else { break };
                    (k.span(), v)
                }
                (Step::Index(index), DeValue::Array(array)) => {
                    let Some(v) = array.get(*index) else { break };
                    (v.span(), v)
                }
                _ => break,
            };
            span = Some(next_span);
            here = next.get_ref();
        }
        span
    }

    fn line_at(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|&&b| b == b'\n').count() + 1
    }
}

/// Takes the smallest entry that covers `span` out of the document. False when there is none.
fn remove(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    let covers = |outer: &Range<usize>| outer.start <= span.start && span.end <= outer.end;
    for (key, value) in table.iter_mut() {
        if covers(&key.span()) {
            let key = key.clone();
            table.remove(&key);
            return true;
        }
        if remove_in(value, span) {
            return true;
        }
    }
    let hit = table.iter().find(|(_, v)| covers(&v.span())).map(|(k, _)| k.clone());
    hit.is_some_and(|key| table.remove(&key).is_some())
}

fn remove_in(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => remove(table, span),
        DeValue::Array(array) => {
            for index in 0..array.len() {
                let Some(element) = array.get_mut(index) else { continue };
                if remove_in(element, span) {
                    return true;
                }
                let outer = element.span();
                if outer.start <= span.start && span.end <= outer.end {
                    *array = array.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, v)| v.clone()).collect();
                    return true;
                }
            }
            false
        }
        _ => false,
    }
}

fn syntax(message: &str) -> String {
    format!("TOML 语法有误：{message}")
}

/// serde's English in the words of the owner of the file.
fn translate(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with("unknown field") {
        let (unknown, known) = quoted.split_first().map_or(("", &[][..]), |(u, k)| (*u, k));
        let nearest = known
            .iter()
            .map(|k| (strsim::jaro_winkler(unknown, k), k))
            .filter(|(similarity, _)| *similarity > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let hint = nearest.map(|(_, k)| format!("，是不是想写 {k}")).unwrap_or_default();
        return format!("不认识的键 {unknown}{hint}；这里可以写：{}", known.join("、"));
    }
    if message.starts_with("unknown variant") {
        let (unknown, known) = quoted.split_first().map_or(("", &[][..]), |(u, k)| (*u, k));
        return format!("不认识的值 {unknown}；可以写：{}", known.join("、"));
    }
    if message.starts_with("missing field") {
        return format!("缺少键 {}", quoted.first().unwrap_or(&""));
    }
    if let Some(rest) = message.strip_prefix("invalid type: ") {
        return format!("值的类型不对：{rest}");
    }
    if let Some(rest) = message.strip_prefix("invalid value: ") {
        return format!("值不在允许范围：{rest}");
    }
    format!("写法有误：{message}")
}
