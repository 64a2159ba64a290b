//! What is wrong with the configuration.

use std::fmt;
use std::path::PathBuf;

/// One problem, at its line and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The TOML file.
    pub file: PathBuf,
    /// Line from 1; 0 for the file as a whole.
    pub line: usize,
    /// Key concerned.
    pub key: String,
    /// What is wrong (Chinese).
    pub message: String,
    /// The line as written.
    pub source_line: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.key.is_empty() {
            write!(f, " 键 {}", self.key)?;
        }
        write!(f, "：{}", self.message)?;
        if !self.source_line.is_empty() {
            write!(f, "\n    {:>4} | {}", self.line, self.source_line)?;
        }
        Ok(())
    }
}

/// Everything that is wrong with the configuration, in file and line order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "配置有 {} 处错误，改正后再运行：", self.problems.len())?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SpecError {}
