//! What clerks write for "nothing".

/// Whether a text says that there is nothing: `—`, `/`, 暂无.
#[must_use]
pub fn is_blank_mark(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "—" | "——" | "/" | "\\" | "无" | "暂无")
}
