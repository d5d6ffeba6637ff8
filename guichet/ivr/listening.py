"""Turns of listening as the media socket needs them: claimed once by token, kept before the socket is closed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from guichet.core.clock import Clock
from guichet.core.errors import Unavailable
from guichet.ivr.ports import Begin
from guichet.ivr.record import ResultKind, TurnRecord, TurnResult
from guichet.transcripts.heard import Expectation, Heard
from guichet.transcripts.recogniser import Listening, Recogniser

CALLER = "caller"
"""The source of a line of the transcript."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ears:
    """What hears: the recogniser, what makes a value of the words, and what masks numbers in them."""

    recogniser: Recogniser
    understand: Callable[[Heard, Expectation], str | None]
    mask: Callable[[Heard], Heard]


class ListeningService:
    """Claims turns, opens the recogniser for them, keeps what was heard."""

    def __init__(self, begin: Begin, ears: Ears, clock: Clock, token_lasts: timedelta = timedelta(minutes=5)) -> None:
        self._begin = begin
        self._ears = ears
        self._clock = clock
        self._token_lasts = token_lasts

    async def claim(self, token: str) -> TurnRecord | None:
        """Take the stream of a token, once; None when it is unknown, taken, too old, or its call has ended."""
        async with self._begin() as unit:
            return await unit.calls.claim(token, self._clock.now() - self._token_lasts)

    async def listen(self, turn: TurnRecord) -> Listening | None:
        """Open the recogniser for a turn; None when it cannot be had: keys still work."""
        try:
            return await self._ears.recogniser.listen(turn.language, turn.expects)
        except Unavailable as error:
            log.warning("cannot hear", call=turn.call, turn=turn.number, reason=str(error))
            return None

    async def keep(self, turn: TurnRecord, heard: Heard | None, keys: str, *, was_cut: bool) -> TurnResult:
        """Keep what a stream has brought, masked; its transcript line too. Raises what the database raises."""
        result = await asyncio.to_thread(self._result, turn, heard, keys, was_cut)
        async with self._begin() as unit:
            is_kept = await unit.calls.finish(turn.call, turn.number, result)
            if is_kept and result.heard is not None and result.heard.text:
                await unit.transcripts.add(turn.contact, turn.number, CALLER, result.heard)
        log.info("heard", call=turn.call, turn=turn.number, kind=result.kind.value)
        return result

    def _result(self, turn: TurnRecord, heard: Heard | None, keys: str, was_cut: bool) -> TurnResult:  # noqa: FBT001 - run by to_thread, which takes positions
        """Make the result: keys win; nothing heard on a line that was cut, or without a recogniser, is a failure."""
        if keys:
            return TurnResult(ResultKind.KEYS, keys=keys)
        if heard is None:
            return TurnResult(ResultKind.FAILED)
        if not heard.readings:
            return TurnResult(ResultKind.FAILED if was_cut else ResultKind.SILENCE)
        value = self._ears.understand(heard, turn.expects)
        return TurnResult(ResultKind.SPEECH, self._ears.mask(heard), value)
