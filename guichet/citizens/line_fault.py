"""What is wrong with a line of the administration's data, in plain words. Pure."""

from dataclasses import dataclass

from guichet.citizens.layout import SourceLine
from guichet.core.language import Bilingual


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a line; `kept` tells whether the record was kept without that value."""

    number: int
    reason: Bilingual
    kept: bool = False

    @classmethod
    def unreadable(cls, line: SourceLine) -> "LineFault":
        """Return the fault of a line that no record can be read from."""
        return cls(line.number, Bilingual(f"ligne illisible : {line.fault}", f"unreadable: {line.fault}"))


class Unreadable(Exception):
    """The line gives no record."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.reason = Bilingual(fr, en)
