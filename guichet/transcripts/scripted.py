"""The recogniser's twin for tests and rehearsals: it hears a script, but only when there is a voice in the audio.

Turns end as those of the real engine do: same voice activity, same gate, same limits.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.decoder import Utterance
from guichet.transcripts.endpoint import Limits, limits_for
from guichet.transcripts.heard import Expectation, Heard, Word
from guichet.transcripts.mulaw import RATE, Samples
from guichet.transcripts.turn import Turn


class ScriptedDecoder:
    """Says the next line of a script for each utterance that has a voice; the words share its time evenly."""

    def __init__(self, lines: deque[tuple[str, ...]], confidence: float) -> None:
        self._lines = lines
        self._confidence = confidence
        self._heard = 0
        self._done = 0

    def accept(self, samples: Samples) -> bool:
        """Count the audio; a script has no endpoint of its own."""
        self._heard += len(samples)
        return False

    def is_hearing(self) -> bool:
        """Tell whether there is audio that has not been answered by a line."""
        return self._heard > self._done

    def so_far(self) -> str:
        """Return the next line, if there was a voice."""
        return self._lines[0][0] if self.is_hearing() and self._lines else ""

    def settle(self) -> None:
        """Do nothing: a script is read at once."""

    def finish(self) -> Utterance:
        """Return the next line, if there was a voice and a line is left."""
        if not self.is_hearing() or not self._lines:
            self._done = self._heard
            return Utterance()
        start, end = self._done / RATE, self._heard / RATE
        self._done = self._heard
        text, *alternatives = self._lines.popleft()
        said = text.split()
        step = (end - start) / max(1, len(said))
        words = tuple(
            Word(word, round(start + n * step, 3), round(start + (n + 1) * step, 3), self._confidence)
            for n, word in enumerate(said)
        )
        return Utterance(words, tuple(alternatives), is_speech=True)

    def close(self) -> None:
        """Give back nothing: a script holds no engine."""


class ScriptedListening:
    """A turn that listens in the caller's own thread."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._outcome: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()

    def feed(self, mulaw: bytes) -> None:
        """Take the next audio."""
        outcome = self._turn.feed(mulaw)
        if outcome is not None and not self._outcome.done():
            self._outcome.set_result(outcome)

    async def heard(self) -> Heard:
        """Wait for the end. Raises Unavailable if the recogniser was broken meanwhile."""
        return await asyncio.shield(self._outcome)

    def stop(self) -> None:
        """End now."""
        if not self._outcome.done():
            self._outcome.set_result(self._turn.stop())

    async def close(self) -> None:
        """Forget the turn; whoever still waits is told that it was stopped."""
        self.stop()

    def fail(self) -> None:
        """End as a turn does whose engine has died."""
        if not self._outcome.done():
            self._outcome.set_exception(Unavailable("the speech recogniser has died: it is being restarted"))
            self._outcome.exception()  # whoever waits is told; nobody need wait


class ScriptedRecogniser:
    """Hears the lines it was given, in order, whichever turn comes; a line may carry other readings after the best.

    `opened` lists what turns were opened for; set `is_full` to have it refuse more. With `limits`, turns end otherwise
    than those of calls.
    """

    def __init__(
        self,
        *lines: str | tuple[str, ...],
        languages: Collection[Language] = tuple(Language),
        confidence: float = 0.9,
        limits: Callable[[Expectation], Limits] = limits_for,
    ) -> None:
        self._lines: deque[tuple[str, ...]] = deque()
        self._languages = languages
        self._confidence = confidence
        self._limits = limits
        self._live: list[ScriptedListening] = []
        self._broken = False
        self.is_full = False
        self.opened: list[tuple[Language, Expectation]] = []
        self.say(*lines)

    def say(self, *lines: str | tuple[str, ...]) -> None:
        """Add lines to the script."""
        self._lines.extend((line,) if isinstance(line, str) else line for line in lines)

    def break_down(self) -> None:
        """Die: live turns fail, and no turn can be opened until `recover`."""
        self._broken = True
        for listening in self._live:
            listening.fail()
        self._live.clear()

    def recover(self) -> None:
        """Work again."""
        self._broken = False

    def speaks(self, language: Language) -> bool:
        """Tell whether the script is in this language too."""
        return language in self._languages

    def has_room(self) -> bool:
        """Tell whether it takes more turns."""
        return not self.is_full

    async def listen(self, language: Language, expects: Expectation, grace: float = 0.0) -> ScriptedListening:
        """Open a turn. Raises Unavailable when broken, full, or when the language is not spoken."""
        if self._broken or self.is_full or not self.speaks(language):
            raise Unavailable(f"no speech recognition for {language.value}")
        self.opened.append((language, expects))
        decoder = ScriptedDecoder(self._lines, self._confidence)
        listening = ScriptedListening(Turn(language, self._limits(expects).after(grace), decoder))
        self._live.append(listening)
        return listening

    async def close(self) -> None:
        """End the live turns."""
        for listening in self._live:
            listening.stop()
        self._live.clear()
