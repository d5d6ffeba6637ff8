"""How a text travels: its encoding, how many parts it makes, and what may safely be made plain. Pure.

Source: 3GPP TS 23.038 (GSM 7-bit default alphabet and its extension table), TS 23.040 (concatenation).
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
"""Characters that take two places: an escape comes first."""

_SAFE = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "…": "...",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "•": "-",
        "œ": "oe",
        "Œ": "OE",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
        "\u200b": None,
        "\ufeff": None,
    }
)
"""Typography whose meaning a plain character keeps. Accents are not here: they change words (`pêche`, `pèche`)."""


class Encoding(StrEnum):
    """How characters are sent."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text takes: encoding, length in units of it (septets, or UTF-16 code units), number of parts."""

    encoding: Encoding
    units: int
    count: int


_LIMITS = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}
"""Units in a lone part, and in each of several (the rest carries their order)."""


def encoding_of(text: str) -> Encoding:
    """Return GSM-7 if every character is in it, else UCS-2."""
    return Encoding.GSM7 if all(letter in BASIC or letter in EXTENDED for letter in text) else Encoding.UCS2


def measure(text: str) -> Parts:
    """Measure a text. A character of two units is never cut in two, so that a part may be left one unit short."""
    encoding = encoding_of(text)
    sizes = [_size(letter, encoding) for letter in text]
    units = sum(sizes)
    alone, each = _LIMITS[encoding]
    if units <= alone:
        return Parts(encoding, units, 1)
    count, room = 1, each
    for size in sizes:
        if size > room:
            count, room = count + 1, each
        room -= size
    return Parts(encoding, units, count)


def plain(text: str) -> str:
    """Make typography plain where the meaning is safe; accents and everything else stay as they are.

    Letters written as letter and combining accent are put together first: `e` and U+0301 become `é`, which is GSM-7.
    """
    return unicodedata.normalize("NFC", text).translate(_SAFE)


def shortened(text: str, room: int) -> str:
    """Cut a text to at most `room` units (septets if it is GSM-7) between words, with three dots."""
    if measure(text).units <= room:
        return text
    kept = ""
    for word in text.split(" "):
        longer = f"{kept} {word}".strip()
        if measure(f"{longer}...").units > room:
            break
        kept = longer
    return f"{kept}..." if kept else f"{text[: max(0, room - 3)]}..."


def _size(letter: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if letter in EXTENDED else 1
    return 2 if ord(letter) > 0xFFFF else 1
