//! A finding as a workbook shows it.

use std::fmt::Write;
use std::sync::Arc;

use crate::model::{Class, Reported, Severity, mask_numbers, shown_text, shown_value};

/// Most characters of one text; what is longer is cut. A cell holds 32 767 characters, a readable note far fewer.
const MOST: usize = 600;

/// The colour of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// 提示.
    Blue,
    /// 说明.
    Yellow,
    /// 退回.
    Red,
}

impl Tone {
    pub(super) const ALL: [Self; 3] = [Self::Blue, Self::Yellow, Self::Red];

    /// Red, green and blue of the fill: light enough for black text on it.
    pub(super) fn rgb(self) -> u32 {
        match self {
            Self::Red => 0xFF_A3_A3,
            Self::Yellow => 0xFF_DD_7A,
            Self::Blue => 0xBF_DD_F5,
        }
    }

    fn of(class: Class) -> Self {
        match class {
            Class::Must => Self::Red,
            Class::Explain => Self::Yellow,
            Class::Know => Self::Blue,
        }
    }
}

/// A finding with finished texts: nothing personal in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub(super) class: Class,
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) message: String,
    pub(super) project: Option<String>,
    pub(super) seen: Option<String>,
    pub(super) read_as: Option<String>,
    pub(super) help: String,
    /// Waiver and the unit's own explanation.
    pub(super) notes: Vec<String>,
    pub(super) sheet: Option<Arc<str>>,
    pub(super) sheet_index: Option<u32>,
    /// Cell, range or rows as the finding names them.
    pub(super) cell: Option<String>,
}

impl Remark {
    /// The finding's texts, fit to be passed on.
    #[must_use]
    pub fn of(reported: &Reported) -> Self {
        let finding = &reported.finding;
        let value = |text: &Option<String>| {
            text.as_deref().filter(|t| !t.trim().is_empty()).map(|t| cut(&shown_value(t, finding.field)))
        };
        let waiver = reported.waiver.as_deref().map(|w| format!("认可：{}", cut(&mask_numbers(w))));
        let waiver = waiver.or_else(|| reported.waived.then(|| "已认可，不需要处理".to_owned()));
        let own = reported.explanation.as_deref().map(|e| format!("贵单位的说明：{}", cut(&mask_numbers(e))));
        Self {
            class: Class::of(reported),
            severity: reported.severity,
            code: finding.code,
            title: reported.title,
            message: cut(&shown_text(&finding.message, finding.field)),
            project: finding.project_name.as_deref().map(|p| cut(&mask_numbers(p))),
            seen: value(&finding.seen),
            read_as: value(&finding.read_as),
            help: cut(finding.help.as_deref().unwrap_or(&reported.help)),
            notes: waiver.into_iter().chain(own).collect(),
            sheet: finding.sheet.clone(),
            sheet_index: finding.sheet_index,
            cell: finding.cell.clone(),
        }
    }

    pub(super) fn tone(&self) -> Tone {
        Tone::of(self.class)
    }

    /// First line of the note: `【退回】V502 总投资缺失（错误）`.
    pub(super) fn heading(&self) -> String {
        format!("【{}】{} {}（{}）", self.class.title(), self.code, self.title, self.severity.title())
    }

    /// The other lines of the note; `at` is the cell that it hangs on.
    pub(super) fn body(&self, at: &str) -> String {
        let mut text = self.message.clone();
        if let Some(range) = self.cell.as_deref().filter(|c| *c != at) {
            let _ = write!(text, "\n涉及：{range}");
        }
        for (key, value) in [("表中写的", &self.seen), ("系统读作", &self.read_as)] {
            if let Some(value) = value {
                let _ = write!(text, "\n{key}：{value}");
            }
        }
        if self.class != Class::Know && !self.help.is_empty() {
            let _ = write!(text, "\n怎么改：{}", self.help);
        }
        for note in &self.notes {
            let _ = write!(text, "\n{note}");
        }
        text
    }
}

/// The text without characters that XML cannot hold, cut to what is readable.
fn cut(text: &str) -> String {
    let clean = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let mut out: String = text.chars().filter(clean).take(MOST).collect();
    if text.chars().count() > MOST {
        out.push('…');
    }
    out
}
