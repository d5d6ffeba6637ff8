"""The port of speech recognition: what the media socket needs, whichever engine serves it. Pure."""

from typing import Protocol

from guichet.core.language import Language
from guichet.transcripts.heard import Expectation, Heard


class Listening(Protocol):
    """One turn of listening to telephone audio."""

    def feed(self, mulaw: bytes) -> None:
        """Take the next audio: µ-law, 8000 samples a second, mono, any length. Never blocks."""
        ...

    async def heard(self) -> Heard:
        """Wait for the end (endpoint, long silence, longest time or `stop`) and return what was heard.

        Ends are counted in seconds of audio fed, never by the wall clock. Raises Unavailable if the engine died.
        """
        ...

    def stop(self) -> None:
        """End now: `heard` returns what there is. Harmless when ended."""
        ...

    async def close(self) -> None:
        """Free the engine, whatever the state. Harmless twice."""
        ...


class Recogniser(Protocol):
    """Opens turns of listening."""

    def speaks(self, language: Language) -> bool:
        """Whether a model for the language is there."""
        ...

    def has_room(self) -> bool:
        """Whether one more turn can be listened to without lagging behind the caller, as far as this process knows."""
        ...

    async def listen(self, language: Language, expects: Expectation, grace: float = 0.0) -> Listening:
        """Open a turn. Raises Unavailable when the language has no model or the engine is down or full.

        `grace` is how many seconds of audio the question still takes: silence and the longest turn count from there.
        """
        ...

    async def close(self) -> None:
        """Free everything."""
        ...
