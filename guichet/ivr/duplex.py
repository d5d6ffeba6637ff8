"""A whole dialogue over one media stream: we speak ourselves, and the caller may interrupt us.

    opening → play, listen → result kept → dialogue steps → play, listen → … → stream closed → TwiML of what follows

What follows may be a queue: whoever comes back from it to a question goes on over another stream.

The same state machine, turns and stores as in the mode of turns; only who speaks differs. Every step leaves the answer
that the carrier would get in that mode: a stream that breaks goes on with it.
"""

from collections.abc import Sequence
from contextlib import suppress

import structlog
from aiohttp import WSCloseCode, web

from guichet.core.errors import GuichetError
from guichet.core.language import Language
from guichet.ivr.duplex_line import DuplexLine, Patience
from guichet.ivr.listening import ListeningService
from guichet.ivr.moves import Ask, Move, Tell
from guichet.ivr.playback import Piece
from guichet.ivr.record import TurnRecord
from guichet.ivr.service import CallService, Stepped
from guichet.ivr.voice import Voice

BREATH = b"\xff" * 1600
"""0.2 s of silence between two sentences."""

log = structlog.get_logger()


class Duplex:
    """Holds dialogues, each over its stream."""

    def __init__(
        self, calls: CallService, listening: ListeningService, voice: Voice, patience: Patience | None = None
    ) -> None:
        self._calls = calls
        self._listening = listening
        self._voice = voice
        self._patience = patience or Patience()

    async def run(self, socket: web.WebSocketResponse, turn: TurnRecord) -> None:
        """Talk until the dialogue leaves the stream, the caller hangs up or the stream breaks; then close it."""
        line = DuplexLine(socket, turn.call, self._listening, self._patience)
        try:
            async with line:
                await self._converse(line, turn)
        except Exception:
            # Whatever it is, a voice that cannot speak included: the carrier goes on with the answer that is kept.
            log.exception("a dialogue broke off", call=turn.call)
            with suppress(GuichetError):
                await self._listening.give_back(turn)
        finally:
            await line.close(WSCloseCode.POLICY_VIOLATION if line.is_refused else WSCloseCode.OK)

    async def _converse(self, line: DuplexLine, turn: TurnRecord) -> None:
        record = await self._calls.record(turn.call)
        if record is None or record.turn != turn.number or not await line.has_started():
            return
        opening = await self._pieces(self._calls.opening(record), turn.language)
        stepped = await self._turn(line, turn, opening, is_first=True)
        while stepped is not None:
            pieces = await self._pieces(stepped.moves, stepped.record.state.language)
            if stepped.turn is None:
                await line.tell(pieces)
                if not line.is_over:
                    await self._calls.has_said(stepped)
                return
            stepped = await self._turn(line, stepped.turn, pieces)

    async def _turn(
        self, line: DuplexLine, turn: TurnRecord, pieces: Sequence[Piece], *, is_first: bool = False
    ) -> Stepped | None:
        """Ask, keep what came back, step; None where the dialogue does not go on here.

        The first turn was taken with the stream, and is given back where that breaks. A later one is taken when it has
        its result: where the stream breaks before, the carrier asks its question, and it can still be heard.
        """
        heard, keys = await line.ask(turn, pieces)
        if line.is_over and is_first and not keys and (heard is None or not heard.text):
            await self._listening.give_back(turn)
            return None
        if not is_first and (line.is_over or not await self._listening.take(turn)):
            return None
        await self._listening.keep(turn, heard, keys, was_cut=line.is_over)
        return None if line.is_over else await self._calls.talk(turn.call, turn.number)

    async def _pieces(self, moves: Sequence[Move], language: Language) -> list[Piece]:
        """Return what the moves have us say."""
        pieces = []
        for move in moves:
            match move:
                case Tell(text, other, whole):
                    spoken = other or language
                    pieces.append(Piece(await self._voice.speech(text.to(spoken), spoken) + BREATH, whole))
                case Ask(prompt) if prompt is not None:
                    pieces.append(Piece(await self._voice.speech(prompt.to(language), language)))
                case _:
                    continue
        return pieces
