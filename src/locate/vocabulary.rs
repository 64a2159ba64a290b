//! The words of the configuration, ready for comparing.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Cell, CellKind, Field, Letters, Stage, begins_otherwise, is_ideograph, squeeze};
use crate::spec::{Heading, Headings, Spec};

/// Longest name of a county behind that of its city.
const MAX_PLACE_CHARS: usize = 20;
/// Longer texts are no headers; saves looking into every 建设内容.
const MAX_HEADER_BYTES: usize = 240;

/// Words that tell headers, totals, lines and places.
pub struct Vocabulary<'a> {
    /// The configuration that the words come from.
    pub(super) spec: &'a Spec,
    headings: Headings,
    /// Short texts that were asked for before: choices and headers come again and again.
    known: Mutex<HashMap<String, Arc<Word>>>,
    /// There is a header without a letter: only then a figure can be one.
    bare_headers: bool,
    /// Letters of which the headers, and what is left out of them, are made.
    letters: Letters,
    /// The same of the headers of the project's name.
    name_letters: Letters,
    units_alone: BTreeSet<String>,
    headers: BTreeSet<String>,
    names: BTreeSet<String>,
    sequences: BTreeSet<String>,
    counts: BTreeSet<String>,
    children: BTreeSet<String>,
    places: BTreeSet<String>,
    stages: Vec<(Stage, Vec<String>)>,
    grand: Vec<String>,
    plain: Vec<String>,
    sub: Vec<String>,
    notes: Vec<String>,
    signatures: Vec<String>,
    of_which: Vec<String>,
    examples: Vec<String>,
    reporters: Vec<String>,
    units: Vec<String>,
    as_above: Vec<String>,
    /// Last letters of the words of total rows.
    total_ends: Letters,
}

/// Longest text whose key is kept, in bytes.
const MAX_KEPT_BYTES: usize = 60;
/// Keys that are kept.
const MAX_KEPT: usize = 4096;
/// What a numbering may be made of.
const NUMBERING: &str = "一二三四五六七八九十";

/// What is known about a short text.
struct Word {
    /// Its key as a header.
    key: String,
    /// It is a known header, and no unit line.
    header: bool,
    /// It is the header of the project's name.
    name: bool,
}

fn squeezed(words: &[String]) -> Vec<String> {
    words.iter().map(|w| squeeze(w)).collect()
}

impl<'a> Vocabulary<'a> {
    /// Prepares the words of a configuration.
    #[must_use]
    pub fn new(spec: &'a Spec) -> Self {
        let headings = Headings::new(&spec.measures);
        let key = |w: &String| headings.parse(w).key;
        let of = |field| {
            spec.columns.of(field).map(|c| c.headers.iter().map(key).collect::<BTreeSet<_>>()).unwrap_or_default()
        };
        let layouts = &spec.layouts;
        let words = &layouts.words;
        let mut headers: BTreeSet<String> = spec.columns.column.iter().flat_map(|c| &c.headers).map(key).collect();
        headers.extend(spec.columns.other.iter().map(key));
        let explanation = &spec.columns.explanation;
        headers.extend(explanation.headers.iter().chain(&explanation.cells).map(key));
        headers.extend(layouts.words.count.iter().map(key));
        let units = spec.roster.unit.iter();
        let places = units
            .flat_map(|u| {
                let own = std::iter::once(&u.name).chain(&u.aliases);
                own.chain(u.area.iter().flat_map(|a| std::iter::once(&a.name).chain(&a.aliases)))
            })
            .map(|n| squeeze(n))
            .collect();
        let left_out = spec.measures.measure.iter().flat_map(|m| std::iter::once(&m.name).chain(&m.aliases));
        let left_out: String = left_out.map(|w| squeeze(w)).collect();
        let letters = |headers: &BTreeSet<String>| {
            let texts = headers.iter().map(String::as_str).chain([left_out.as_str(), NUMBERING]);
            Letters::of(texts.flat_map(str::chars))
        };
        let names = of(Field::ProjectName);
        let totals = &layouts.totals;
        let totals = squeezed(&[&totals.grand[..], &totals.plain, &totals.sub].concat());
        Self {
            spec,
            letters: letters(&headers),
            name_letters: letters(&names),
            known: Mutex::default(),
            bare_headers: headers.iter().any(|h| h.chars().all(|c| c.is_ascii() && !c.is_ascii_alphabetic())),
            total_ends: Letters::of(totals.iter().filter_map(|w| w.chars().next_back())),
            units_alone: spec.measures.measure.iter().map(|m| squeeze(&m.name)).collect(),
            headers,
            names,
            sequences: of(Field::Sequence),
            counts: layouts.words.count.iter().map(key).collect(),
            children: words.generic.iter().chain(&words.planned).chain(&words.actual).map(key).collect(),
            places,
            stages: layouts.stage.iter().map(|s| (s.stage, squeezed(&s.words))).collect(),
            grand: squeezed(&layouts.totals.grand),
            plain: squeezed(&layouts.totals.plain),
            sub: squeezed(&layouts.totals.sub),
            notes: squeezed(&layouts.foot.note),
            signatures: squeezed(&layouts.foot.signature),
            of_which: squeezed(&layouts.totals.of_which),
            examples: squeezed(&layouts.words.example),
            reporters: squeezed(&layouts.lines.reporter),
            units: squeezed(&layouts.lines.unit),
            as_above: squeezed(&layouts.words.as_above),
            headings,
        }
    }

    /// Key of a header text.
    #[must_use]
    pub fn key(&self, text: &str) -> String {
        if text.len() > MAX_KEPT_BYTES { self.headings.parse(text).key } else { self.word(text).key.clone() }
    }

    /// A short text, looked at once.
    fn word(&self, text: &str) -> Arc<Word> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(word) = known().get(text) {
            return Arc::clone(word);
        }
        let word = Arc::new(self.look(text));
        let mut known = known();
        if known.len() < MAX_KEPT {
            known.insert(text.to_owned(), Arc::clone(&word));
        }
        word
    }

    fn look(&self, text: &str) -> Word {
        let key = self.headings.parse(text).key;
        // 单位：万元 is a line above a table, though 单位 may head a column.
        let header = self.headers.contains(&key) && !self.is_unit_line(&squeeze(text));
        let name = self.names.contains(&key);
        Word { key, header, name }
    }

    /// What is known about a text that could be a header.
    fn header_word(&self, text: &str, letters: &Letters) -> Option<Arc<Word>> {
        let possible = text.len() <= MAX_HEADER_BYTES && self.may_be_header(text, letters);
        possible.then(|| if text.len() > MAX_KEPT_BYTES { Arc::new(self.look(text)) } else { self.word(text) })
    }

    /// A header text taken apart.
    #[must_use]
    pub fn heading(&self, text: &str) -> Heading {
        self.headings.parse(text)
    }

    /// Whether a text is a known header.
    pub(super) fn is_header(&self, text: &str) -> bool {
        self.header_word(text, &self.letters).is_some_and(|w| w.header)
    }

    /// Whether a cell holds a known header.
    pub(super) fn heads(&self, cell: &Cell) -> bool {
        !self.is_figure(cell) && self.is_header(&cell.text())
    }

    /// Whether a cell holds the header of the project's name.
    pub(super) fn heads_names(&self, cell: &Cell) -> bool {
        !self.is_figure(cell) && self.is_name_header(&cell.text())
    }

    /// Whether a cell holds a number that is no header, told without writing it as a text.
    fn is_figure(&self, cell: &Cell) -> bool {
        matches!(cell.kind, CellKind::Number(n) | CellKind::Date(n) if n.is_finite()) && !self.bare_headers
    }

    /// Whether a text can stand below a parent header: a known header, or 合计, 计划, 实际.
    pub(super) fn is_child_header(&self, text: &str) -> bool {
        let key = self.key(text);
        self.headers.contains(&key) || self.children.contains(&key)
    }

    /// Whether a header key names the project.
    pub(super) fn is_name(&self, key: &str) -> bool {
        self.names.contains(key)
    }

    /// Whether a text is the header of the project's name.
    #[must_use]
    pub fn is_name_header(&self, text: &str) -> bool {
        self.header_word(text, &self.name_letters).is_some_and(|w| w.name)
    }

    /// Whether a text could be a header of these letters, told by those that it begins with: nothing of them is left out
    /// of its key but numberings, years and money units.
    fn may_be_header(&self, text: &str, letters: &Letters) -> bool {
        let bare = || text.bytes().all(|b| b.is_ascii() && !b.is_ascii_alphabetic());
        if !self.bare_headers && bare() {
            return false;
        }
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if !is_ideograph(c) && !c.is_ascii_alphanumeric() {
                return true;
            }
            // What follows a Latin letter may be an accent, with which it is another one.
            let alone = is_ideograph(c) || chars.peek().is_none_or(char::is_ascii);
            if alone && !c.is_ascii_digit() && !letters.contains(c.to_ascii_lowercase()) {
                return false;
            }
        }
        true
    }

    /// Whether a header key is that of the numbering.
    pub(super) fn is_sequence(&self, key: &str) -> bool {
        self.sequences.contains(key)
    }

    /// Whether a header key counts projects.
    #[must_use]
    pub fn is_count(&self, key: &str) -> bool {
        self.counts.contains(key)
    }

    /// Whether a squeezed text is a county, a zone or a city, also with its city in front: 郑州市中原区.
    #[must_use]
    pub fn is_place(&self, text: &str) -> bool {
        let behind_city = || {
            let cities = self.spec.roster.unit.iter().flat_map(|u| std::iter::once(&u.name).chain(&u.aliases));
            cities.filter_map(|c| text.strip_prefix(c.as_str())).any(|rest| self.places.contains(rest))
        };
        self.places.contains(text) || (text.chars().count() <= MAX_PLACE_CHARS && behind_city())
    }

    /// The list that a text speaks of, when it speaks of exactly one.
    #[must_use]
    pub fn stage(&self, text: &str) -> Option<Stage> {
        let text = squeeze(text);
        let mut spoken = self.stages.iter().filter(|(_, words)| words.iter().any(|w| text.contains(w.as_str())));
        let (first, second) = (spoken.next(), spoken.next());
        first.filter(|_| second.is_none()).map(|(stage, _)| *stage)
    }

    /// Words of total rows with their level.
    pub(super) fn totals(&self) -> impl Iterator<Item = (&str, super::TotalLevel)> {
        let grand = self.grand.iter().map(|w| (w.as_str(), super::TotalLevel::Grand));
        let plain = self.plain.iter().map(|w| (w.as_str(), super::TotalLevel::Plain));
        let sub = self.sub.iter().map(|w| (w.as_str(), super::TotalLevel::Sub));
        sub.chain(grand).chain(plain)
    }

    /// Whether a text holds what each word of a total row ends with: nearly all texts of projects do not.
    pub(super) fn may_be_total(&self, text: &str) -> bool {
        text.chars().any(|c| self.total_ends.contains(c))
    }

    /// Whether a text as written begins a note.
    #[must_use]
    pub fn opens_note(&self, text: &str) -> bool {
        !begins_otherwise(text, &self.notes) && self.is_note(&squeeze(text))
    }

    /// Whether a squeezed text begins a note: `注:…`, `备注1.…`.
    #[must_use]
    pub fn is_note(&self, text: &str) -> bool {
        self.notes.iter().any(|w| starts_line(text, w))
    }

    /// Whether a squeezed text is a signature: `填表人:…`.
    pub(super) fn is_signature(&self, text: &str) -> bool {
        let signs = |rest: &str| {
            let rest = ["签字", "签名", "签章"].iter().find_map(|w| rest.strip_prefix(w)).unwrap_or(rest);
            rest.is_empty() || rest.starts_with([':', '(', '_'])
        };
        self.signatures.iter().any(|w| text.strip_prefix(w.as_str()).is_some_and(signs))
    }

    /// Whether a squeezed text begins with 其中.
    pub(super) fn is_of_which(&self, text: &str) -> bool {
        let text = text.trim_start_matches(['(', '-', '—', '·', '*', '#']);
        self.of_which.iter().any(|w| text.starts_with(w.as_str()))
    }

    /// Whether a squeezed text marks an example row of the form.
    pub(super) fn is_example(&self, text: &str) -> bool {
        let bare = text.trim_matches(['(', ')']);
        let bare = bare.trim_end_matches(|c: char| c.is_ascii_digit());
        let then = |t: &str, w: &str, sign: char| t.strip_prefix(w).is_some_and(|rest| rest.starts_with(sign));
        self.examples.iter().any(|w| {
            let begins = || then(text, w, ':') || text.strip_prefix('(').is_some_and(|t| then(t, w, ')'));
            bare == w || (begins() && w.chars().count() > 1)
        })
    }

    /// Whether a text says 同上.
    #[must_use]
    pub fn is_as_above(&self, text: &str) -> bool {
        !begins_otherwise(text, &self.as_above) && self.as_above.contains(&squeeze(text))
    }

    /// Whether a squeezed text is a 填报单位 line.
    #[must_use]
    pub fn is_reporter(&self, text: &str) -> bool {
        self.reporters.iter().any(|w| text.starts_with(w.as_str()))
    }

    /// Whether a squeezed text is a unit line: `单位:万元`, `(单位:个、亿元)`, `万元`.
    #[must_use]
    pub fn is_unit_line(&self, text: &str) -> bool {
        let bare = text.trim_matches(['(', ')']);
        self.units.iter().any(|w| bare.starts_with(w.as_str()) && bare[w.len()..].starts_with([':', '(']))
            || self.units_alone.contains(bare)
    }
}

/// Whether a line begins with a word and then something that is not the rest of a name.
fn starts_line(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word);
    rest.is_some_and(|r| {
        r.is_empty() || r.starts_with([':', '(', '.', '、', ',']) || r.starts_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    /// A glance at the letters finds no text out that is a header all the same.
    #[test]
    fn a_glance_denies_no_header() {
        let spec = crate::spec::pipelines();
        let words = Vocabulary::new(&spec);
        let columns = &spec.columns;
        let spellings = columns.column.iter().flat_map(|c| &c.headers).chain(&columns.other);
        let mut headers = 0;
        for header in
            spellings.map(String::as_str).chain(["建设单位", "涧西高端轴承产业园", "2412-410102-04-01", "MA5X"])
        {
            let texts = [
                header.to_owned(),
                header.to_uppercase(),
                format!("2026年{header}"),
                format!("2026{header}"),
                format!("3.{header}"),
                format!("十二、{header}*"),
                format!("①{header}"),
                format!(" {header}\n（亿元）"),
                format!("{header}万元"),
                format!("{header}USD"),
                format!("（{header}）"),
                format!("单位：{header}"),
                format!("{header}\u{301}"),
                header.chars().map(|c| if c == 'a' { 'ａ' } else { c }).collect(),
            ];
            for text in texts {
                let word = words.look(&text);
                assert_eq!((words.is_header(&text), words.is_name_header(&text)), (word.header, word.name), "{text}");
                headers += usize::from(word.header);
            }
        }
        assert!(headers > 3000, "{headers}");
        for n in [0.0, -1.5, 2026.0, 1e21, f64::NAN, f64::INFINITY] {
            let cell = Cell::new(CellRef::new(0, 0), CellKind::Number(n));
            assert_eq!(words.heads(&cell), words.look(&cell.text()).header, "{n}");
        }
        assert!(words.totals().all(|(word, _)| words.may_be_total(word)));
    }
}
