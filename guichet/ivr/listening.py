"""Turns of listening as the media socket needs them: claimed once by token, kept before the socket is closed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from guichet.core.clock import Clock
from guichet.core.errors import Unavailable
from guichet.core.ids import CallSid
from guichet.ivr.ports import Begin
from guichet.ivr.record import ResultKind, TurnRecord, TurnResult
from guichet.ivr.tokens import Tokens
from guichet.transcripts.heard import Expectation, FreeSpeech, Heard
from guichet.transcripts.recogniser import Listening, Recogniser
from guichet.transcripts.redaction.known import NOBODY, Known

CALLER = "caller"
"""The source of a line of the transcript."""
_WANTED = Known(is_wanted=True)
"""What is masked in the answer to a question for a name: everything else."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ears:
    """What hears: the recogniser, what makes a value of the words, and what masks them, knowing who may speak."""

    recogniser: Recogniser
    understand: Callable[[Heard, Expectation], str | None]
    mask: Callable[[Heard, Known], Heard]


Knows = Callable[[CallSid], Awaitable[Known]]
"""Tells what is known of who speaks in a call (`speaker`)."""


async def _knows_nobody(_call: CallSid) -> Known:
    """Know nobody."""
    return NOBODY


class ListeningService:
    """Claims turns, opens the recogniser for them, keeps what was heard."""

    def __init__(
        self,
        begin: Begin,
        ears: Ears,
        tokens: Tokens,
        clock: Clock,
        knows: Knows = _knows_nobody,
        token_lasts: timedelta = timedelta(minutes=5),
    ) -> None:
        self._begin = begin
        self._knows = knows
        self._ears = ears
        self._tokens = tokens
        self._clock = clock
        self._token_lasts = token_lasts

    async def claim(self, token: str) -> TurnRecord | None:
        """Take the stream of a token, once; None when it is none of ours, taken, too old, or its call has ended."""
        turn = self._tokens.read(token)
        if turn is None:
            return None
        async with self._begin() as unit:
            return await unit.calls.claim(*turn, self._clock.now() - self._token_lasts)

    async def listen(self, turn: TurnRecord, grace: float = 0.0) -> Listening | None:
        """Open the recogniser for a turn whose question takes `grace` seconds still; None: keys still work."""
        try:
            return await self._ears.recogniser.listen(turn.language, turn.expects, grace + turn.grace)
        except Unavailable as error:
            log.warning("cannot hear", call=turn.call, turn=turn.number, reason=str(error))
            return None

    async def take(self, turn: TurnRecord) -> bool:
        """Take the stream of a turn that comes over the stream of an earlier one; False where that is too late."""
        async with self._begin() as unit:
            return await unit.calls.claim(turn.call, turn.number, self._clock.now() - self._token_lasts) is not None

    async def give_back(self, turn: TurnRecord) -> None:
        """Let the stream of a turn be had again: this one broke before it brought anything."""
        async with self._begin() as unit:
            await unit.calls.release(turn.call, turn.number)

    async def keep(self, turn: TurnRecord, heard: Heard | None, keys: str, *, was_cut: bool) -> TurnResult:
        """Keep what a stream has brought, masked; its transcript line too. Raises what the database raises."""
        if keys or heard is None or not heard.readings:
            result = _without_words(heard, keys, was_cut=was_cut)
        else:
            known = await self._knows(turn.call)
            result = await asyncio.to_thread(self._understood, turn, heard, known)
        async with self._begin() as unit:
            is_kept = await unit.calls.finish(turn.call, turn.number, result)
            if is_kept and result.heard is not None and result.heard.text:
                await unit.transcripts.add(turn.contact, turn.number, CALLER, result.heard)
            if is_kept and heard is not None:
                await unit.contacts.spend(turn.contact, heard.seconds, heard.cpu)
        log.info("heard", call=turn.call, turn=turn.number, kind=result.kind.value)
        return result

    def _understood(self, turn: TurnRecord, heard: Heard, known: Known) -> TurnResult:
        """Mask what was heard; what was asked for is a value apart, which is forgotten when the call ends.

        Free speech has no value, but for a name that was asked for: its readings, one a line, other things masked.
        """
        if not isinstance(turn.expects, FreeSpeech):
            value = self._ears.understand(heard, turn.expects)
        else:
            value = "\n".join(self._ears.mask(heard, _WANTED).readings) if known.is_asked else None
        return TurnResult(ResultKind.SPEECH, self._ears.mask(heard, known), value)


def _without_words(heard: Heard | None, keys: str, *, was_cut: bool) -> TurnResult:
    """Make the result: keys win; nothing heard on a line that was cut, or without a recogniser, is a failure."""
    if keys:
        return TurnResult(ResultKind.KEYS, keys=keys)
    return TurnResult(ResultKind.FAILED if heard is None or was_cut else ResultKind.SILENCE)
