"""The parts of a sentence that may each have a matter of its own. Pure."""

import re
from typing import Final

_JOINT: Final = re.compile(
    r"\s*[.;?!]+\s+|\s*,\s*|\s+(?:mais\s+)?(?:et|puis|ensuite|ainsi que|and|then|as well as|also)"
    r"(?:\s+(?:puis|aussi|ensuite|egalement|également|en plus|encore|also|then))*\s+"
    r"(?!d[eu]s?\b|d['’]|of\b)",
    re.IGNORECASE,
)
_AT_MOST: Final = 4
_SELF: Final = re.compile(
    r"(?:je suis|i am|i['’]m)\s+(?:(?:une? personne|a)\s+)?(?:sourde?|malentendante?|muette?|aveugle|malvoyante?|deaf"
    r"|hard of hearing|mute|blind)",
    re.IGNORECASE,
)
"""Who says it tells how to speak with them, and asks for nothing."""


def parts_of(text: str) -> tuple[str, ...]:
    """Cut a text at its joints; nothing where there is none, or so many that it is a list and no sentence.

    A joint before a complement is none: "un acte de naissance et de mariage". Who is deaf or blind and says so beside
    what they want has one matter.
    """
    parts = tuple(part for part in _JOINT.split(text) if part.strip() and not _SELF.fullmatch(part.strip(" .!")))
    return parts if 2 <= len(parts) <= _AT_MOST else ()
