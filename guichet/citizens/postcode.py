"""A postcode as it was spelt, French or British, against those on record. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel
from text_to_num import alpha2digit

from guichet.citizens.spelling import code
from guichet.core.text import fold

Scores = npt.NDArray[np.float64]

_CONFUSED = str.maketrans(
    {
        **dict.fromkeys("bcdegptvz3", "e"),  # the letters named with an ee
        **dict.fromkeys("ahjk8", "a"),
        **dict.fromkeys("mn", "n"),
        **dict.fromkeys("fsx6", "s"),
        **dict.fromkeys("iy59", "i"),
        **dict.fromkeys("uqw2", "u"),
        **dict.fromkeys("o04l", "o"),
    }
)
"""Letters and digits whose names sound alike on the telephone, in classes."""
_LEAD_IN = re.compile(r"\b(?:my|the|mon|le|is|est|code|postal|post|postcode|c est|it s|c)\b")


_POSTCODE = re.compile(r"\d{5}|[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}")


def plain(postcode: str) -> str:
    """Write a postcode without spaces, in lower case: `S6 3YB` is `s63yb`."""
    return fold(postcode).replace(" ", "")


@lru_cache(maxsize=4096)
def postcode_readings(text: str) -> tuple[str, ...]:
    """Return the codes a reading may stand for; those too short or too long to tell anything are left out."""
    without = _LEAD_IN.sub(" ", fold(text))
    found = {code(text), plain(without)}
    found.update(code(alpha2digit(said, language)) for said in (text.lower(), without) for language in ("fr", "en"))
    return tuple(sorted(reading for reading in found if 3 <= len(reading) <= 14))


def looks_like_postcode(text: str) -> bool:
    """Tell whether a text holds nothing but a whole postcode: five digits, or the shape of a British one."""
    return any(_POSTCODE.fullmatch(reading) for reading in postcode_readings(text))


def postcode_similarity(heard: Sequence[str], postcodes: Sequence[str]) -> Scores | None:
    """Return for each plain postcode the best similarity, 0 to 1, of any reading; None if nothing could be read."""
    readings = sorted({reading for text in heard for reading in postcode_readings(text)})
    if not readings:
        return None
    exact = process.cdist(readings, list(postcodes), scorer=Indel.normalized_similarity)
    classes = process.cdist(
        [reading.translate(_CONFUSED) for reading in readings],
        [postcode.translate(_CONFUSED) for postcode in postcodes],
        scorer=Indel.normalized_similarity,
    )
    best: Scores = (0.7 * exact + 0.3 * classes).max(axis=0).astype(np.float64)
    return best
