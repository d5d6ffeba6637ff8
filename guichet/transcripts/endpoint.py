"""When a turn of listening ends. Pure: counted in seconds of audio, never by the wall clock.

    waiting ──voice──> speaking ──voice stops──> pausing ──voice──> speaking
       │                  │                         │
       │ initial silence  │ longest                 │ trailing silence, longest
       v                  v                         v
    SILENCE            TOO_LONG                 ENDPOINT, TOO_LONG

A line may be so noisy that the voice seems never to stop: then the recogniser's own endpoint counts as a pause too,
until it hears words again. Where yes or no answers the question, either alone ends the turn sooner (`turn`).
"""

from dataclasses import dataclass, replace
from typing import assert_never

from guichet.transcripts.heard import (
    Digits,
    Ending,
    Expectation,
    FileNumber,
    FreeSpeech,
    Letters,
    OneOf,
    Postcode,
    SpokenDate,
    SpokenTime,
    Telephone,
    YesNo,
)

AFTER_YES = 0.6
"""Seconds of silence after a yes or a no."""
RECOGNISER_PAUSE = 0.5
"""Seconds without words after which Vosk's small models see an endpoint (rule 2 of their conf/model.conf)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of audio: silence before the first word, silence after the last, and the longest turn.

    `answer_silence` is the silence after a yes or a no alone; None where neither is an answer.
    """

    initial_silence: float
    trailing_silence: float
    longest: float
    answer_silence: float | None = None

    def after(self, seconds: float) -> "Limits":
        """Return the limits of a turn whose question takes so long still: nobody is late before it has been asked."""
        return replace(self, initial_silence=self.initial_silence + seconds, longest=self.longest + seconds)


WHOLE_FILE = Limits(float("inf"), float("inf"), float("inf"))
"""A recording is heard to its end."""


def limits_for(expects: Expectation) -> Limits:
    """Return the limits of a turn: a yes is not waited on, a number is not cut at a breath."""
    match expects:
        case YesNo():
            limits = Limits(initial_silence=5.0, trailing_silence=AFTER_YES, longest=8.0)
        case Digits() | Telephone() | Postcode():
            limits = Limits(initial_silence=7.0, trailing_silence=1.6, longest=25.0)
        case SpokenDate() | SpokenTime():
            limits = Limits(initial_silence=6.0, trailing_silence=1.2, longest=15.0)
        case Letters() | FileNumber():
            limits = Limits(initial_silence=6.0, trailing_silence=1.6, longest=25.0)
        case OneOf():
            limits = Limits(initial_silence=6.0, trailing_silence=0.8, longest=12.0)
        case FreeSpeech():
            limits = Limits(initial_silence=6.0, trailing_silence=1.0, longest=30.0)
        case _:
            assert_never(expects)
    is_yes_no = isinstance(expects, FreeSpeech | SpokenTime) and expects.is_yes_no
    return replace(limits, answer_silence=AFTER_YES) if is_yes_no else limits


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a turn stands: seconds so far, of voice, since the last voice, and since the recogniser's endpoint."""

    seconds: float = 0.0
    voice: float = 0.0
    quiet: float = 0.0
    wordless: float | None = None

    @property
    def has_begun(self) -> bool:
        """Whether somebody has spoken."""
        return self.voice > 0

    @property
    def pause(self) -> float:
        """Seconds since the last word, as far as one can tell."""
        return max(self.quiet, self.wordless or 0.0)

    def after(self, seconds: float, *, voiced: bool) -> "Pace":
        """Return the pace after so many more seconds, voiced or not."""
        return Pace(
            seconds=round(self.seconds + seconds, 3),
            voice=round(self.voice + seconds, 3) if voiced else self.voice,
            quiet=0.0 if voiced else round(self.quiet + seconds, 3),
            wordless=None if self.wordless is None else round(self.wordless + seconds, 3),
        )

    def at_recogniser_endpoint(self) -> "Pace":
        """Return the pace once the recogniser sees an endpoint: it heard no word for a while."""
        return self if self.wordless is not None else replace(self, wordless=RECOGNISER_PAUSE)

    def with_words(self) -> "Pace":
        """Return the pace once the recogniser hears words again: its endpoint no longer counts."""
        return replace(self, wordless=None)

    def without_voice(self) -> "Pace":
        """Return the pace once what seemed a voice proves to be none: the turn has not begun."""
        return replace(self, voice=0.0, wordless=None)


def ending(limits: Limits, pace: Pace) -> Ending | None:
    """Tell whether a turn of this pace has ended, and why."""
    if pace.has_begun and pace.pause >= limits.trailing_silence:
        return Ending.ENDPOINT
    if pace.seconds >= limits.longest:
        return Ending.TOO_LONG
    if not pace.has_begun and pace.seconds >= limits.initial_silence:
        return Ending.SILENCE
    return None
