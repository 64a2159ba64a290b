//! What the cells of a column say about it, whatever its header says.

use std::borrow::Cow;

use crate::model::{Cell, CellKind, Letters, is_ideograph, squeezed};

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

/// The names of the three lists, prepared for looking for them.
pub(super) struct Lists {
    names: Vec<String>,
    /// Letters that they begin with.
    firsts: Letters,
    /// Ideographs that tell more than that there is one.
    telling: Letters,
}

impl Lists {
    pub(super) fn new(names: Vec<String>) -> Self {
        let firsts = || names.iter().filter_map(|n| n.chars().next());
        let ends = ENDS_ORGANISATION.iter().filter_map(|word| word.chars().next());
        let telling = Letters::of(ends.chain(['至', '年', '月']).chain(firsts()));
        Self { firsts: Letters::of(firsts()), telling, names }
    }
}

/// Looks at the filled cells of a column; `rows` is the number of project rows.
pub(super) fn look(cells: &[&Cell], rows: usize, lists: &Lists) -> Content {
    let filled = cells.len();
    if filled == 0 {
        return Content::default();
    }
    let mut seen = Seen::default();
    for cell in cells {
        seen.add(cell, lists);
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
    fn add(&mut self, cell: &Cell, lists: &Lists) {
        let figure = matches!(cell.kind, CellKind::Number(n) if n.is_finite());
        let written = cell.text();
        let text = if figure { Cow::Borrowed(&*written) } else { squeezed(&written) };
        let text = &*text;
        let looks = Looks::of(text, lists);
        self.credit += usize::from(looks.is_credit_code(text));
        self.project_code += usize::from(looks.is_project_code(text));
        self.digits += usize::from(looks.digits > 0);
        self.date += usize::from(is_date(cell).unwrap_or_else(|| looks.is_date(text)));
        self.organisation += usize::from(looks.length >= 4 && looks.organisation);
        self.telephone += usize::from(looks.is_telephone(text));
        self.flag += usize::from(looks.length == 1 && matches!(text, "是" | "否" | "√" | "×" | "y" | "n"));
        self.nature |= looks.length <= 3 && matches!(text, "续建" | "新建" | "扩建" | "改扩建" | "技改");
        let named = || lists.names.iter().any(|w| text.contains(w.as_str()));
        self.stage += usize::from(looks.length <= 12 && looks.list && named());
        self.long += usize::from(looks.length > 30);
    }
}

/// What one pass over a squeezed text tells about it.
#[derive(Default)]
struct Looks {
    /// Characters.
    length: usize,
    digits: usize,
    /// Latin letters.
    letters: usize,
    /// Characters that a telephone number has none of.
    no_telephone: usize,
    /// Characters that a date without 年 and 月 has none of.
    no_date: usize,
    /// 年 or 月.
    dated: bool,
    /// A word with which the names of organisations end.
    organisation: bool,
    /// A letter with which the name of a list begins.
    list: bool,
}

impl Looks {
    fn of(text: &str, lists: &Lists) -> Self {
        let mut looks = Self::default();
        for (at, c) in text.char_indices() {
            looks.length += 1;
            if is_ideograph(c) && !lists.telling.contains(c) {
                looks.no_telephone += 1;
                looks.no_date += 1;
                continue;
            }
            match c {
                '0'..='9' => looks.digits += 1,
                'a'..='z' | 'A'..='Z' => {
                    looks.letters += 1;
                    looks.no_date += 1;
                    looks.no_telephone += 1;
                }
                _ => {
                    looks.no_telephone += usize::from(!matches!(c, '-' | ',' | '/' | '、' | ';' | '(' | ')' | '.'));
                    looks.no_date += usize::from(!matches!(c, '.' | '-' | '/' | ':' | '至' | '~' | '—' | '–'));
                    looks.dated |= matches!(c, '年' | '月');
                    looks.organisation |= ends_organisation(&text[at..]);
                }
            }
            looks.list |= lists.firsts.contains(c);
        }
        looks
    }

    /// 18 letters and digits that begin with a digit or 9/5/1 class; look-alike letters are allowed here, a rule judges
    /// them.
    fn is_credit_code(&self, text: &str) -> bool {
        (17..=19).contains(&text.len())
            && self.digits + self.letters == text.len()
            && text.chars().take(6).filter(char::is_ascii_digit).count() >= 5
            && self.letters > 0
    }

    /// Four to six groups of digits with the lengths of a project code, whatever the dashes are.
    fn is_project_code(&self, text: &str) -> bool {
        let groups = || text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|g| !g.is_empty()).map(str::len);
        self.digits + self.letters >= 4 + 6 + 3 && groups().take(2).eq([4, 6]) && groups().count() == 5
    }

    fn is_date(&self, text: &str) -> bool {
        self.dated || (self.digits > 0 && text.len() >= 4 && self.no_date == 0)
    }

    fn is_telephone(&self, text: &str) -> bool {
        let first = || text.bytes().find(u8::is_ascii_digit);
        let mobile = self.digits == 11 && first() == Some(b'1');
        let fixed = (FEWEST_TELEPHONE..=12).contains(&self.digits) && first() == Some(b'0');
        (mobile || fixed) && self.no_telephone <= 4 && !text.contains('.')
    }
}

/// Whether a cell is a date by its number; `None` for texts.
fn is_date(cell: &Cell) -> Option<bool> {
    match &cell.kind {
        CellKind::Date(_) => Some(true),
        CellKind::Number(n) => Some(
            (1990.0..=2100.0).contains(n)
                || (30_000.0..80_000.0).contains(n)
                || (199_001.0..=210_012.0).contains(n)
                || (19_900_101.0..=21_001_231.0).contains(n),
        ),
        _ => None,
    }
}

/// Words with which the names of organisations end.
const ENDS_ORGANISATION: [&str; 13] =
    ["局", "委", "厂", "院", "公司", "集团", "中心", "政府", "学校", "合作社", "办事处", "企业", "银行"];

/// Whether a text begins with a word with which the names of organisations end.
fn ends_organisation(text: &str) -> bool {
    ENDS_ORGANISATION.iter().any(|word| text.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    /// The looks of a text with itself.
    fn looks(text: &str) -> Looks {
        Looks::of(text, &Lists::new(Vec::new()))
    }

    #[test]
    fn codes_and_telephones_are_told_by_their_form() {
        assert!(
            looks("91410102ma5htyxx61").is_credit_code("91410102ma5htyxx61")
                && !looks("410102199001011234").is_credit_code("410102199001011234")
        );
        assert!(
            looks("2412-410102-04-01-123456").is_project_code("2412-410102-04-01-123456")
                && !looks("2025-2027").is_project_code("2025-2027")
        );
        assert!(
            looks("13800000029").is_telephone("13800000029")
                && looks("0371-00000060").is_telephone("0371-00000060")
                && looks("张三13800000029").is_telephone("张三13800000029")
        );
        assert!(!looks("138000000.29").is_telephone("138000000.29") && !looks("51000").is_telephone("51000"));
        let cell = Cell::new(CellRef::new(0, 0), CellKind::Text("2026.03-2027.12".into()));
        assert!((look(&[&cell], 1, &Lists::new(Vec::new())).date - 1.0).abs() < 0.01);
    }
}
