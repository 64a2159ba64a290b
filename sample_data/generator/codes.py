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


def project_code(dice: Dice, region: str, batch: str, stage: str) -> str | None:
    """Code of the approval platform: year and month of the approval, region, authority, kind, serial.

    Projects that have only been signed mostly have none yet.
    """
    if stage == "签约":
        if dice.chance(60):
            return None
        when = f"21{dice.between(4, 6) if batch == '01' else dice.between(6, 9):02d}"
    elif stage == "开工":
        when = f"{dice.weighted((('20', 30), ('21', 70)))}{dice.between(1, 6):02d}"
    else:
        when = dice.weighted(((f"19{dice.between(1, 12):02d}", 40), (f"18{dice.between(6, 12):02d}", 30), ("2018", 30)))
    kind = dice.pick(("04", "04", "47", "89", "99"))
    return f"{when}-{region}-{kind}-{dice.pick(('01', '02', '03', '05'))}-{dice.below(1_000_000):06d}"
