//! What the cells of a column say about it, whatever its header says.

use crate::model::{Cell, CellKind, squeeze};

/// Shares (0 to 1) of the filled cells of a column that look like something.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Content {
    /// Filled cells looked at.
    pub(super) filled: usize,
    /// Filled cells among all project rows.
    pub(super) fill: f32,
    /// 18 characters of a credit code.
    pub(super) credit: f32,
    /// 2412-410102-04-01-123456.
    pub(super) project_code: f32,
    /// Holds a digit.
    pub(super) digits: f32,
    /// A number or a date.
    pub(super) date: f32,
    /// 有限公司, 局, 中心 …
    pub(super) organisation: f32,
    /// A telephone or identity number.
    pub(super) telephone: f32,
    /// 是, 否, √.
    pub(super) flag: f32,
    /// Speaks of 签约, 开工 or 投产.
    pub(super) stage: f32,
    /// Longer than a label.
    pub(super) long: f32,
}

/// Looks at the filled cells of a column; `rows` is the number of project rows, `stages` the names of the lists.
pub(super) fn look(cells: &[&Cell], rows: usize, stages: &[String]) -> Content {
    let filled = cells.len();
    if filled == 0 {
        return Content::default();
    }
    let texts: Vec<String> = cells.iter().map(|c| squeeze(&c.text())).collect();
    #[allow(clippy::cast_precision_loss, reason = "a share of a few dozen cells")]
    let share = |n: usize| n as f32 / filled as f32;
    let count = |test: &dyn Fn(&str) -> bool| share(texts.iter().filter(|t| test(t)).count());
    let dates = cells.iter().zip(&texts).filter(|(c, t)| is_date(c, t)).count();
    #[allow(clippy::cast_precision_loss, reason = "a share of a few dozen cells")]
    let fill = filled as f32 / rows.max(filled) as f32;
    Content {
        filled,
        fill,
        credit: count(&is_credit_code),
        project_code: count(&is_project_code),
        digits: count(&|t| t.chars().any(|c| c.is_ascii_digit())),
        date: share(dates),
        organisation: count(&is_organisation),
        telephone: count(&is_telephone),
        flag: count(&|t| matches!(t, "是" | "否" | "√" | "×" | "y" | "n")),
        // 新开工 beside 续建 is how a project is built, not the list it is in.
        stage: if count(&|t| matches!(t, "续建" | "新建" | "扩建" | "改扩建" | "技改")) > 0.0 {
            0.0
        } else {
            count(&|t| t.chars().count() <= 12 && stages.iter().any(|w| t.contains(w.as_str())))
        },
        long: count(&|t| t.chars().count() > 30),
    }
}

/// 18 letters and digits that begin with a digit or 9/5/1 class; look-alike letters are allowed here, a rule judges them.
fn is_credit_code(text: &str) -> bool {
    (17..=19).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && text.chars().take(6).filter(char::is_ascii_digit).count() >= 5
        && text.chars().any(|c| c.is_ascii_alphabetic())
}

/// Four to six groups of digits with the lengths of a project code, whatever the dashes are.
fn is_project_code(text: &str) -> bool {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|g| !g.is_empty()).collect();
    let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
    lengths == [4, 6, 2, 2, 6] || (lengths.len() == 5 && lengths[0] == 4 && lengths[1] == 6)
}

fn is_date(cell: &Cell, text: &str) -> bool {
    match &cell.kind {
        CellKind::Date(_) => true,
        CellKind::Number(n) => {
            (1990.0..=2100.0).contains(n)
                || (30_000.0..80_000.0).contains(n)
                || (199_001.0..=210_012.0).contains(n)
                || (19_900_101.0..=21_001_231.0).contains(n)
        }
        _ => {
            text.contains('年')
                || text.contains("月")
                || (text.chars().any(|c| c.is_ascii_digit())
                    && text.len() >= 4
                    && text
                        .chars()
                        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '/' | ':' | '至' | '~' | '—' | '–')))
        }
    }
}

fn is_organisation(text: &str) -> bool {
    text.chars().count() >= 4
        && [
            "公司",
            "集团",
            "局",
            "委",
            "厂",
            "中心",
            "政府",
            "医院",
            "学校",
            "合作社",
            "院",
            "管委会",
            "办事处",
            "企业",
            "银行",
        ]
        .iter()
        .any(|w| text.contains(w))
}

fn is_telephone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let other = text
        .chars()
        .filter(|c| !c.is_ascii_digit() && !matches!(c, '-' | ',' | '/' | '、' | ';' | '(' | ')' | '.'))
        .count();
    let mobile = digits.len() == 11 && digits.starts_with('1') && !text.contains('.');
    let fixed = (10..=12).contains(&digits.len()) && digits.starts_with('0') && !text.contains('.');
    other <= 4 && (mobile || fixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    #[test]
    fn codes_and_telephones_are_told_by_their_form() {
        assert!(is_credit_code("91410102ma5htyxx61") && !is_credit_code("410102199001011234"));
        assert!(is_project_code("2412-410102-04-01-123456") && !is_project_code("2025-2027"));
        assert!(is_telephone("13800000029") && is_telephone("0371-00000060") && is_telephone("张三13800000029"));
        assert!(!is_telephone("138000000.29") && !is_telephone("51000"));
        let cell = Cell::new(CellRef::new(0, 0), CellKind::Text("2026.03-2027.12".to_owned()));
        assert!((look(&[&cell], 1, &[]).date - 1.0).abs() < 0.01);
    }
}
