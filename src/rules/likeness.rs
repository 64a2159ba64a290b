//! In which way two rows are the same project, and when two names are nearly one.

use crate::model::{Field, Record, credit_code_key, name_core, name_key, owner_key, part_marks, project_code_key};

/// Shortest core of a name that tells anything.
const MIN_CORE: usize = 4;
/// Longest piece that one of two nearly equal names may have more.
const MAX_PIECE: usize = 4;
/// Characters that tell a series of projects apart: directions, order, kind of construction. Digits do too.
const TELLING: &str = "零一二三四五六七八九十百甲乙丙丁戊东西南北中上下左右前后新扩改续迁老旧";

/// The agreement that makes two rows of one project id the same, in words.
pub(super) fn agreement(a: &Record, b: &Record) -> &'static str {
    let same = |field: Field, key: fn(&str) -> Option<String>| {
        let of = |r: &Record| r.text(field).and_then(key);
        of(a).is_some_and(|x| Some(x) == of(b))
    };
    let name = |text: &str| Some(name_key(text)).filter(|k| !k.is_empty());
    let owner = |text: &str| Some(owner_key(text)).filter(|k| !k.is_empty());
    if same(Field::ProjectCode, project_code_key) {
        "项目代码相同"
    } else if same(Field::OwnerCreditCode, credit_code_key) && same(Field::ProjectName, name) {
        "项目名称和统一社会信用代码相同"
    } else if same(Field::Owner, owner) && same(Field::ProjectName, name) {
        "项目名称和项目单位相同"
    } else {
        "项目名称和县（市、区）相同"
    }
}

/// How near two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nearness {
    /// They differ in nothing that tells: 建设, 项目, 工程, punctuation.
    Equal,
    /// One has a short piece more.
    Piece,
    /// One character differs.
    Character,
    /// Two names.
    Far,
}

/// What a name is compared by.
#[derive(Debug)]
pub(super) struct Likeness {
    /// Characters of its core.
    pub(super) core: Vec<char>,
    /// Its numbered parts.
    parts: Vec<String>,
}

impl Likeness {
    /// Of a name as written.
    pub(super) fn of(name: &str) -> Self {
        Self { core: name_core(name).chars().collect(), parts: part_marks(name) }
    }
}

/// Compares two names, by their cores.
pub(super) fn nearness(a: &Likeness, b: &Likeness) -> Nearness {
    let (left, right) = (&a.core, &b.core);
    let shorter = left.len().min(right.len());
    if shorter < MIN_CORE || a.parts != b.parts {
        return Nearness::Far;
    }
    if left == right {
        return Nearness::Equal;
    }
    let before = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    let room = shorter - before;
    let after = left.iter().rev().zip(right.iter().rev()).take(room).take_while(|(l, r)| l == r).count();
    let (only_left, only_right) = (&left[before..left.len() - after], &right[before..right.len() - after]);
    let telling = |c: &char| c.is_ascii_alphanumeric() || TELLING.contains(*c);
    if only_left.iter().chain(only_right).any(telling) {
        return Nearness::Far;
    }
    match (only_left.len(), only_right.len()) {
        (1, 1) => Nearness::Character,
        (0, 1..=MAX_PIECE) | (1..=MAX_PIECE, 0) => Nearness::Piece,
        _ => Nearness::Far,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names() {
        use Nearness::{Character, Equal, Far, Piece};
        for (a, b, expected) in [
            ("年产12万吨光伏支架项目", "年产12万吨光伏支架建设项目", Equal),
            ("义马市小流域综合治理工程", "义马市小流域综合治理项目", Equal),
            ("桥式起重机产业园项目", "桥式起重机产业圆项目", Character),
            ("超硬刀具产业园项目", "超硬刀具产业园配套项目", Piece),
            ("年产12万吨光伏支架项目", "年产15万吨光伏支架项目", Far),
            ("保障性租赁住房（二期）项目", "保障性租赁住房（四期）项目", Far),
            ("保障性租赁住房项目", "保障性租赁住房（一期）项目", Far),
            ("标准厂房A区项目", "标准厂房B区项目", Far),
            ("快速路东延工程", "快速路西延工程", Far),
            ("水泥生产线新建项目", "水泥生产线扩建项目", Far),
            ("瑞安商贸综合体项目", "锦远商贸综合体项目", Far),
            ("道路工程", "道路项目", Far),
        ] {
            assert_eq!(nearness(&Likeness::of(a), &Likeness::of(b)), expected, "{a} / {b}");
        }
    }
}
