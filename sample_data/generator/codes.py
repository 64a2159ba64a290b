"""Codes of companies and projects: right in form and check character, and plainly invented."""

from .dice import Dice

# GB 32100-2015: alphabet and weights 3^i mod 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
# GB 11714: weights of the organisation's own eight characters.
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def _body_check(body: str) -> str:
    rest = 11 - sum(int(char, 36) * weight for char, weight in zip(body, _BODY_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def check_character(first: str) -> str:
    """The eighteenth character of a 统一社会信用代码."""
    return _ALPHABET[-sum(_ALPHABET.index(char) * weight for char, weight in zip(first, _WEIGHTS, strict=True)) % 31]


def credit_code(region: str, number: int) -> str:
    """A code of an enterprise; `MA00` and a running number as its body says that it is made up."""
    body = f"MA00{number:04d}"
    first = "91" + region + body + _body_check(body)
    return first + check_character(first)


def project_code(dice: Dice, region: str, stage: str, when: tuple[int, int, int]) -> str | None:
    """Code of the approval platform: year and month of the approval, region, authority, kind, serial.

    The approval comes some months before the start; projects that have only been signed mostly have none yet.
    """
    if stage == "签约" and dice.chance(60):
        return None
    months = when[0] * 12 + when[1] - 1 - (0 if stage == "签约" else dice.between(1, 7))
    year, month = divmod(months, 12)
    # Codes of the older kind begin with the year alone.
    first = str(year) if year < 2020 and dice.chance(50) else f"{year % 100}{month + 1:02d}"
    kind = dice.pick(("04", "04", "47", "89", "99"))
    return f"{first}-{region}-{kind}-{dice.pick(('01', '02', '03', '05'))}-{dice.below(1_000_000):06d}"
