//! Texts of what is packed: each is written as a number, and kept once as far as it is known again.

use super::text::eights;

/// Little-endian base 128.
pub(crate) fn number(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Texts that are remembered by where they lie in memory.
const PLACES: usize = 64;
/// Places that are looked at for a text that is known by its characters.
const NEAR: usize = 4;
/// Fewest and most texts that are remembered by their characters, powers of two.
const KNOWN: (usize, usize) = (1 << 8, 1 << 20);

/// What is written: bytes in which texts are numbers, and the texts.
pub(crate) struct Writer<'a> {
    /// The bytes.
    pub(crate) body: Vec<u8>,
    /// The texts, by their numbers.
    pub(crate) strings: Vec<&'a str>,
    /// Texts by their characters. It forgets texts when it is full: one may be stored twice then, and no choice of texts
    /// makes it slow.
    known: Vec<(&'a str, u64)>,
    /// The text before this one: the value of most cells is what stands in them.
    last: (&'a str, u64),
    /// Names and shared texts by their place. All that is written stays where it is meanwhile: one place, one text.
    places: [(&'a str, u64); PLACES],
}

impl<'a> Writer<'a> {
    /// Room for about so many texts.
    pub(crate) fn for_texts(texts: usize) -> Self {
        // The empty text is the first, and stands wherever nothing is remembered.
        let empty = ("", 0);
        Self {
            body: Vec::with_capacity(8 * texts),
            strings: vec![empty.0],
            known: vec![empty; texts.next_power_of_two().clamp(KNOWN.0, KNOWN.1)],
            last: empty,
            places: [empty; PLACES],
        }
    }

    /// Writes a text as its number.
    pub(crate) fn text(&mut self, text: &'a str) {
        if text != self.last.0 {
            self.last = (text, self.index(text));
        }
        number(&mut self.body, self.last.1);
    }

    /// The number of a text; a new one gets the next.
    fn index(&mut self, text: &'a str) -> u64 {
        if let Some((known, index)) = self.places.get(place(text))
            && std::ptr::eq(*known, text)
        {
            return *index;
        }
        let index = self.by_characters(text);
        if let Some(remembered) = self.places.get_mut(place(text)) {
            *remembered = (text, index);
        }
        index
    }

    fn by_characters(&mut self, text: &'a str) -> u64 {
        if text.is_empty() {
            return 0;
        }
        let mask = self.known.len() - 1;
        let first = mix(text.as_bytes());
        let mut free = first & mask;
        for at in (0..NEAR).map(|step| first.wrapping_add(step) & mask) {
            let Some((known, index)) = self.known.get(at) else { break };
            if *known == text {
                return *index;
            }
            if known.is_empty() {
                free = at;
                break;
            }
        }
        let index = self.strings.len() as u64;
        self.strings.push(text);
        if let Some(place) = self.known.get_mut(free) {
            *place = (text, index);
        }
        index
    }
}

/// A number that differs for most texts.
fn mix(bytes: &[u8]) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = eights(bytes).fold(bytes.len() as u64, |sum, word| (sum.rotate_left(23) ^ word).wrapping_mul(ODD));
    usize::try_from(mixed >> 32).unwrap_or_default()
}

/// Where a text is remembered; neighbours in memory are at least this far apart.
fn place(text: &str) -> usize {
    (text.as_ptr().addr() >> 4) % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_again_until_it_is_forgotten() {
        let texts: Vec<String> = (0..5000).map(|n| format!("郑州市第{n}中学迁建项目")).collect();
        let stored = |room| {
            let mut writer = Writer::for_texts(room);
            for text in texts.iter().chain(&texts) {
                let index = usize::try_from(writer.index(text)).unwrap();
                assert_eq!(writer.strings[index], text);
            }
            writer.strings.len()
        };
        assert!(stored(10_000) < 5100, "nearly every text once");
        assert!(stored(0) > 9000, "of many most are forgotten");
    }
}
