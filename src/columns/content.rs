//! What the cells of a column say about it, whatever its header says.

use crate::model::{Cell, CellKind, squeeze};

/// Digits of a telephone number with its area code, at least.
const FEWEST_TELEPHONE: usize = 10;

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
    let mut seen = Seen::default();
    for cell in cells {
        seen.add(cell, stages);
    }
    #[allow(clippy::cast_precision_loss, reason = "a share of a few dozen cells")]
    let share = |n: usize| n as f32 / filled as f32;
    #[allow(clippy::cast_precision_loss, reason = "a share of a few dozen cells")]
    let fill = filled as f32 / rows.max(filled) as f32;
    Content {
        filled,
        fill,
        credit: share(seen.credit),
        project_code: share(seen.project_code),
        digits: share(seen.digits),
        date: share(seen.date),
        organisation: share(seen.organisation),
        telephone: share(seen.telephone),
        flag: share(seen.flag),
        // 新开工 beside 续建 is how a project is built, not the list it is in.
        stage: if seen.nature { 0.0 } else { share(seen.stage) },
        long: share(seen.long),
    }
}

/// Numbers of cells that look like something.
#[derive(Default)]
struct Seen {
    credit: usize,
    project_code: usize,
    digits: usize,
    date: usize,
    organisation: usize,
    telephone: usize,
    flag: usize,
    stage: usize,
    /// A cell says how something is built.
    nature: bool,
    long: usize,
}

impl Seen {
    fn add(&mut self, cell: &Cell, stages: &[String]) {
        let text = squeeze(&cell.text());
        let text = text.as_str();
        let length = text.chars().count();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        self.credit += usize::from(is_credit_code(text));
        self.project_code += usize::from(is_project_code(text));
        self.digits += usize::from(digits > 0);
        self.date += usize::from(is_date(cell, text, digits));
        self.organisation += usize::from(length >= 4 && names_organisation(text));
        self.telephone += usize::from(digits >= FEWEST_TELEPHONE && is_telephone(text));
        self.flag += usize::from(matches!(text, "是" | "否" | "√" | "×" | "y" | "n"));
        self.nature |= matches!(text, "续建" | "新建" | "扩建" | "改扩建" | "技改");
        self.stage += usize::from(length <= 12 && stages.iter().any(|w| text.contains(w.as_str())));
        self.long += usize::from(length > 30);
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
    let groups = || text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|g| !g.is_empty()).map(str::len);
    groups().take(2).eq([4, 6]) && groups().count() == 5
}

fn is_date(cell: &Cell, text: &str, digits: usize) -> bool {
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
                || (digits > 0
                    && text.len() >= 4
                    && text
                        .chars()
                        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '/' | ':' | '至' | '~' | '—' | '–')))
        }
    }
}

/// Whether a text holds what the names of organisations end with, found in one pass over it.
fn names_organisation(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        let rest = &text[at..];
        match c {
            '局' | '委' | '厂' | '院' => true,
            '公' => rest.starts_with("公司"),
            '集' => rest.starts_with("集团"),
            '中' => rest.starts_with("中心"),
            '政' => rest.starts_with("政府"),
            '学' => rest.starts_with("学校"),
            '合' => rest.starts_with("合作社"),
            '办' => rest.starts_with("办事处"),
            '企' => rest.starts_with("企业"),
            '银' => rest.starts_with("银行"),
            _ => false,
        }
    })
}

fn is_telephone(text: &str) -> bool {
    let digits = || text.bytes().filter(u8::is_ascii_digit);
    let other = text
        .chars()
        .filter(|c| !c.is_ascii_digit() && !matches!(c, '-' | ',' | '/' | '、' | ';' | '(' | ')' | '.'))
        .count();
    let (count, first) = (digits().count(), digits().next());
    let mobile = count == 11 && first == Some(b'1');
    let fixed = (FEWEST_TELEPHONE..=12).contains(&count) && first == Some(b'0');
    other <= 4 && (mobile || fixed) && !text.contains('.')
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
