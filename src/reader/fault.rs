//! Why a file, or one sheet of it, could not be read.

use crate::model::ReadIssue;

/// A reason with its code and the Chinese line for the submitter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Code of the contract.
    pub(super) code: &'static str,
    /// Chinese first line.
    pub(super) message: String,
}

impl Fault {
    /// F105. `what` says in Chinese what is damaged.
    pub(super) fn damaged(what: &str) -> Self {
        let message = format!("文件损坏，无法读取：{what}。请用 Excel 或 WPS 打开核对后另存为 .xlsx，重新报送");
        Self { code: "F105", message }
    }

    /// F105 for a file without content.
    pub(super) fn empty() -> Self {
        Self { code: "F105", message: "文件是空的，没有任何内容。请核对后重新报送".to_owned() }
    }

    /// F106.
    pub(super) fn encrypted() -> Self {
        let message = "文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消打开密码，另存后重新报送";
        Self { code: "F106", message: message.to_owned() }
    }

    /// F107. `what` names what the file is.
    pub(super) fn unsupported(what: &str) -> Self {
        let message = format!("不是可读取的表格文件：{what}。请把台账另存为 .xlsx 后重新报送");
        Self { code: "F107", message }
    }

    /// F113. `what` names what the file is.
    pub(super) fn stray(what: &str) -> Self {
        Self {
            code: "F113", message: format!("{what}，不是报送的台账，未读取。如台账在其中，请另存为 .xlsx 后报送")
        }
    }

    /// F107 instead of F113: the file was meant as a submission, so its unit has to send it again.
    pub(super) fn of_a_submission(self) -> Self {
        if self.code == "F113" { Self { code: "F107", ..self } } else { self }
    }

    /// F109. `what` names the limit.
    pub(super) fn limit(what: &str) -> Self {
        let message = format!("超出读取上限：{what}。请删去多余的内容（空白行列、图片、其他工作表）后重新报送");
        Self { code: "F109", message }
    }

    /// F110.
    pub(super) fn died(what: &str) -> Self {
        let message =
            format!("读取过程异常中止（{what}），其他文件不受影响。请用 Excel 或 WPS 另存为 .xlsx 后重新报送");
        Self { code: "F110", message }
    }

    /// As an issue of the whole file.
    pub(super) fn issue(self) -> ReadIssue {
        ReadIssue { code: self.code.to_owned(), sheet: None, cell: None, message: self.message, seen: None }
    }

    /// As an issue of one sheet.
    pub(super) fn on_sheet(self, sheet: &str) -> ReadIssue {
        ReadIssue { sheet: Some(sheet.to_owned()), ..self.issue() }
    }
}

/// L210 on one cell.
pub(super) fn cell_lost(sheet: &str, cell: &str, why: &str, seen: &str) -> ReadIssue {
    ReadIssue {
        code: "L210".to_owned(),
        sheet: Some(sheet.to_owned()),
        cell: Some(cell.to_owned()),
        message: format!("单元格 {cell} 无法读取：{why}。请核对该单元格后重新填写"),
        seen: (!seen.is_empty()).then(|| seen.chars().take(120).collect()),
    }
}
