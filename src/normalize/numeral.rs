//! Figures as people write them: `1,200.5`, `3亿5000万`, `1.2千万元`, `叁亿伍仟万元整`, `三点五亿`.

use super::decimal::Decimal;
use super::fold::chinese_digit;

/// A figure as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    /// Value, in single units.
    pub(super) value: Decimal,
    /// 万 or 亿 (or 千) that the last digits count, as a factor; 1 when there is none.
    pub(super) factor: u64,
    /// Decimals of the last digits, counted in `factor`.
    pub(super) decimals: u32,
    /// 万, 亿 or 元 was written: the figure is in 元 and not in the unit of its column.
    pub(super) has_unit: bool,
    /// 多 or 余 stands inside: the figure or more.
    pub(super) or_more: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// Digits; `chinese` for 三 and 叁.
    Number { value: Decimal, chinese: bool },
    /// 十, 百, 千.
    Small(u64),
    /// 万, 亿.
    Big(u64),
    /// 元.
    Yuan,
    /// 角 or 分, as decimals of 元.
    Part(i32),
    /// 零 between two places.
    Zero,
    /// 整.
    Exact,
    /// 多, 余.
    More,
}

/// Reads a figure; the text is folded, without white space, and holds nothing else.
pub(super) fn numeral(text: &str) -> Option<Numeral> {
    let tokens = tokens(text)?;
    let mut sum = Sum::default();
    for (i, token) in tokens.iter().enumerate() {
        let last = i + 1 == tokens.len();
        sum.add(*token, last)?;
    }
    sum.finish()
}

/// The sum so far: `total` of closed 亿 and 万 sections, `section` of closed 千 百 十 places, `current` the open digits.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent fact about the figure")]
struct Sum {
    total: Decimal,
    section: Decimal,
    current: Option<(Decimal, bool)>,
    /// Smallest factor closed so far; the next must be smaller.
    small: u64,
    big: u64,
    /// Factor and decimals of the last digits.
    factor: u64,
    decimals: u32,
    has_unit: bool,
    closed: bool,
    or_more: bool,
    exact: bool,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            total: Decimal::ZERO,
            section: Decimal::ZERO,
            current: None,
            small: u64::MAX,
            big: u64::MAX,
            factor: 1,
            decimals: 0,
            has_unit: false,
            closed: false,
            or_more: false,
            exact: false,
        }
    }
}

impl Sum {
    fn add(&mut self, token: Token, last: bool) -> Option<()> {
        match token {
            Token::Number { value, chinese } => {
                if self.current.is_some() {
                    return None;
                }
                self.current = Some((value, chinese));
                self.decimals = value.scale();
                self.factor = 1;
            }
            Token::Zero => (self.current.is_none() && !self.closed).then_some(())?,
            Token::Small(factor) => self.small(factor)?,
            Token::Big(factor) => self.big(factor)?,
            Token::Yuan => {
                if self.closed {
                    return None;
                }
                self.close()?;
                self.closed = true;
                self.has_unit = true;
            }
            Token::Part(exponent) => {
                let (digits, _) = self.current.take().filter(|_| self.closed)?;
                self.total = self.total.plus(digits.shift(exponent)?)?;
                self.decimals = exponent.unsigned_abs();
            }
            Token::Exact => {
                last.then_some(())?;
                self.exact = true;
            }
            Token::More => self.or_more = true,
        }
        Some(())
    }

    fn small(&mut self, factor: u64) -> Option<()> {
        // 十五 is 15; 百五 is nothing.
        let ten = || (factor == 10 && self.section.is_zero()).then_some((Decimal::from_int(1), true));
        let (digits, chinese) = self.current.take().or_else(ten)?;
        if factor >= self.small || self.closed {
            return None;
        }
        self.section = self.section.plus(digits.times(factor)?)?;
        self.small = factor;
        if !chinese {
            self.factor = factor;
        }
        Some(())
    }

    fn big(&mut self, factor: u64) -> Option<()> {
        let open = self.take_section()?;
        // 万亿: the 万 part counts 亿.
        let nested = factor > self.big && self.big == 10_000 && open.is_zero() && !self.total.is_zero();
        if self.closed || (!nested && (factor >= self.big || open.is_zero())) {
            return None;
        }
        if nested {
            self.total = self.total.times(factor)?;
        } else {
            self.total = self.total.plus(open.times(factor)?)?;
        }
        self.factor = self.factor.checked_mul(factor)?;
        self.big = factor;
        self.small = u64::MAX;
        self.has_unit = true;
        Some(())
    }

    fn take_section(&mut self) -> Option<Decimal> {
        let digits = self.current.take().map_or(Decimal::ZERO, |(d, _)| d);
        let sum = self.section.plus(digits)?;
        self.section = Decimal::ZERO;
        Some(sum)
    }

    fn close(&mut self) -> Option<()> {
        let open = self.take_section()?;
        self.total = self.total.plus(open)?;
        Some(())
    }

    fn finish(mut self) -> Option<Numeral> {
        // 三亿五 and 3亿5000 leave open what the last digits count; a 角 or 分 sign may be missing too.
        if self.current.is_some() && (self.has_unit || self.closed) {
            return None;
        }
        self.close()?;
        let (factor, decimals) = if self.exact { (1, 0) } else { (self.factor, self.decimals) };
        Some(Numeral { value: self.total, factor, decimals, has_unit: self.has_unit, or_more: self.or_more })
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut digits_seen = false;
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        let (token, length) = if c.is_ascii_digit() || c == '.' {
            number(&chars[i..])?
        } else if chinese_digit(c).is_some() {
            chinese_number(&chars[i..])?
        } else {
            (sign(c)?, 1)
        };
        digits_seen |= matches!(token, Token::Number { .. } | Token::Small(10));
        tokens.push(token);
        i += length;
    }
    digits_seen.then_some(tokens)
}

fn sign(c: char) -> Option<Token> {
    Some(match c {
        '十' | '拾' => Token::Small(10),
        '百' | '佰' => Token::Small(100),
        '千' | '仟' => Token::Small(1_000),
        '万' | '萬' => Token::Big(10_000),
        '亿' | '億' => Token::Big(100_000_000),
        '元' | '圆' | '圓' | '块' => Token::Yuan,
        '角' => Token::Part(-1),
        '分' => Token::Part(-2),
        '整' | '正' => Token::Exact,
        '多' | '余' | '餘' => Token::More,
        _ => return None,
    })
}

/// ASCII digits with thousands separators, a point (also one typed as 。 or ·) or an exponent.
fn number(chars: &[char]) -> Option<(Token, usize)> {
    let digit_at = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut text = String::new();
    let mut groups = Vec::new(); // digits since the last comma
    let mut point = false;
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        match c {
            '0'..='9' => text.push(c),
            ',' if !point && digit_at(i + 1) => groups.push(text.len()),
            '.' if !point => {
                point = true;
                text.push('.');
            }
            '。' | '·' if !point && digit_at(i + 1) && !text.is_empty() => {
                point = true;
                text.push('.');
            }
            _ => break,
        }
        i += 1;
    }
    let whole = text.find('.').unwrap_or(text.len());
    let starts = || groups.iter().copied().chain([whole]);
    let threes = groups.first().is_none_or(|&first| (1..=3).contains(&first))
        && groups.iter().zip(starts().skip(1)).all(|(a, b)| b - a == 3);
    if !threes {
        return None;
    }
    let mut value = Decimal::parse(&text)?;
    if chars.get(i).is_some_and(|c| matches!(c, 'e' | 'E')) {
        let sign = usize::from(chars.get(i + 1).is_some_and(|c| matches!(c, '+' | '-')));
        let digits: String = chars[i + 1 + sign..].iter().take_while(|c| c.is_ascii_digit()).collect();
        let exponent: i32 = digits.parse().ok().filter(|e| *e < 100)?;
        let down = chars.get(i + 1) == Some(&'-');
        value = value.shift(if down { -exponent } else { exponent })?;
        i += 1 + sign + digits.len();
    }
    Some((Token::Number { value, chinese: false }, i))
}

/// 三, 三点五, 二〇〇〇; a 零 that only separates places is no number.
fn chinese_number(chars: &[char]) -> Option<(Token, usize)> {
    let run =
        |from: usize| chars.get(from..).unwrap_or_default().iter().map_while(|&c| chinese_digit(c)).collect::<Vec<_>>();
    let whole = run(0);
    let mut text: String = whole.iter().map(|d| char::from(b'0' + d)).collect();
    let mut length = whole.len();
    if chars.get(length) == Some(&'点') {
        let fraction = run(length + 1);
        if fraction.is_empty() {
            return None;
        }
        text.push('.');
        text.extend(fraction.iter().map(|d| char::from(b'0' + d)));
        length += 1 + fraction.len();
    }
    // 三亿零五十万: the 零 stands for skipped places, and digits may follow it at once.
    if whole.first() == Some(&0) && length > 0 && chars.get(1) != Some(&'点') && chars.len() > 1 {
        return Some((Token::Zero, 1));
    }
    Some((Token::Number { value: Decimal::parse(&text)?, chinese: true }, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figure → 元 (or single units), factor, decimals.
    const FIGURES: &[(&str, i64, u64, u32)] = &[
        ("51000", 51_000, 1, 0),
        ("51,000", 51_000, 1, 0),
        ("1,234,567", 1_234_567, 1, 0),
        ("5.0E4", 50_000, 1, 0),
        ("5万", 50_000, 10_000, 0),
        ("1200万元", 12_000_000, 10_000, 0),
        ("3.5亿", 350_000_000, 100_000_000, 1),
        ("12.50亿元", 1_250_000_000, 100_000_000, 2),
        ("3。5亿", 350_000_000, 100_000_000, 1),
        ("3亿5000万", 350_000_000, 10_000, 0),
        ("3亿5千万元", 350_000_000, 10_000_000, 0),
        ("3亿零500万", 305_000_000, 10_000, 0),
        ("1.2千万元", 12_000_000, 10_000_000, 1),
        ("5百万", 5_000_000, 1_000_000, 0),
        ("5000千元", 5_000_000, 1_000, 0),
        ("1.2万亿元", 1_200_000_000_000, 1_000_000_000_000, 1),
        ("35000000元", 35_000_000, 1, 0),
        ("3亿5000元", 300_005_000, 1, 0),
        ("3亿多元", 300_000_000, 100_000_000, 0),
        ("10余亿元", 1_000_000_000, 100_000_000, 0),
        ("叁亿伍仟万元整", 350_000_000, 1, 0),
        ("伍仟万", 50_000_000, 10_000, 0),
        ("三点五亿", 350_000_000, 100_000_000, 1),
        ("零点八亿元", 80_000_000, 100_000_000, 1),
        ("壹仟贰佰叁拾肆万元", 12_340_000, 10_000, 0),
        ("十二亿元", 1_200_000_000, 100_000_000, 0),
        ("二十亿", 2_000_000_000, 100_000_000, 0),
        ("一亿零五十万元", 100_500_000, 10_000, 0),
        ("两亿元", 200_000_000, 100_000_000, 0),
        ("二〇〇〇万元", 20_000_000, 10_000, 0),
        ("五千", 5_000, 1, 0),
        ("壹拾万元正", 100_000, 1, 0),
    ];

    #[test]
    fn figures() {
        for (text, yuan, factor, decimals) in FIGURES {
            let read = numeral(text).unwrap_or_else(|| panic!("{text} is a figure"));
            assert_eq!(
                (read.value.to_yuan(1), read.factor, read.decimals),
                (Some(*yuan), *factor, *decimals),
                "{text}"
            );
        }
        let cents = numeral("壹佰元伍角贰分").and_then(|n| n.value.to_yuan(100));
        assert_eq!(cents, Some(10_052));
    }

    #[test]
    fn units_and_more() {
        assert!(numeral("5000").is_some_and(|n| !n.has_unit && !n.or_more));
        assert!(numeral("五千").is_some_and(|n| !n.has_unit));
        assert!(numeral("3亿多").is_some_and(|n| n.has_unit && n.or_more));
    }

    #[test]
    fn what_is_no_figure() {
        for text in [
            "",
            "元",
            "万元",
            "亿",
            "3亿5000",
            "三亿五",
            "3.5.1",
            "1,23",
            "3,5000",
            "1,2,3",
            "3亿5亿",
            "5万3亿",
            "3-5亿",
            "3+5",
            "几亿",
            "约3",
            "3吨",
            "3万平方米",
            "百五",
            "整",
            "3整5",
            "零",
            "e5",
            "1e",
            "1e999",
            "点五",
            "三点",
        ] {
            let read = numeral(text);
            assert!(read.is_none_or(|n| text == "零" && n.value.is_zero()), "{text}: {read:?}");
        }
    }
}
