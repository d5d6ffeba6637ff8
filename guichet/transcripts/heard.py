"""What was heard in a turn, and what a turn expects to hear. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from guichet.core.language import Language


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word: start and end in seconds from the start of listening, confidence from 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


class Ending(StrEnum):
    """Why listening ended."""

    ENDPOINT = "endpoint"
    SILENCE = "silence"
    TOO_LONG = "too_long"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Heard:
    """The outcome of listening: text (may be empty), words, other readings (best first, without `text`), seconds.

    `cpu` is what hearing it has cost, in CPU seconds of the recogniser; 0 where nobody measured.
    """

    language: Language
    text: str
    words: tuple[Word, ...] = ()
    alternatives: tuple[str, ...] = ()
    seconds: float = 0.0
    ending: Ending = Ending.ENDPOINT
    cpu: float = 0.0

    @property
    def confidence(self) -> float:
        """Mean confidence of the words, 0 where there are none."""
        return sum(word.confidence for word in self.words) / len(self.words) if self.words else 0.0

    @property
    def readings(self) -> tuple[str, ...]:
        """All readings, best first, without empty ones."""
        return tuple(dict.fromkeys(reading for reading in (self.text, *self.alternatives) if reading))

    def evolve(self, **changes: object) -> "Heard":
        """Return a copy with changes."""
        return replace(self, **changes)  # type: ignore[arg-type]  # checked by the dataclass itself


@dataclass(frozen=True, slots=True)
class FreeSpeech:
    """Anything may be said; `is_yes_no` where the question can be answered by yes or no alone."""

    is_yes_no: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no, in everyday forms; the value is `yes` or `no`."""


@dataclass(frozen=True, slots=True)
class Digits:
    """A number said digit by digit or in groups; the value is its digits. Lengths where known."""

    shortest: int = 1
    longest: int = 20


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone number, in pairs or otherwise; the value is E.164 (`+33639981001`)."""


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode; the value is its readings, best first, one a line: only the record tells which is meant."""


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A date; the value is ISO 8601 (`1985-03-03`)."""


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """When somebody wants to be called (`demain après 14 heures`); the value is all readings, one a line, unmasked.

    `is_yes_no` where a moment is proposed, so that yes or no alone is an answer too.
    """

    is_yes_no: bool = False


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters, plain or spelt (`M for Mike`); the value is upper case (`AB`)."""


@dataclass(frozen=True, slots=True)
class FileNumber:
    """The number of a file: digits, with letters among them or not; the value is its readings, best first, one a line.

    Letters are lower case: `2024log00123`. Nobody but the record can tell which reading is meant.
    """


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words or names; the value is the choice as given."""

    choices: tuple[str, ...]


Expectation = (
    FreeSpeech | YesNo | Digits | Telephone | Postcode | SpokenDate | SpokenTime | Letters | FileNumber | OneOf
)
