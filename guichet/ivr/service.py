"""Calls: opened, taken turn by turn, ended. Every webhook has one transaction, and may come twice, late or never.

A turn is taken once: whoever takes it steps the dialogue and keeps the answer; everybody else gets that answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from guichet.carrier.events import CallProgress, CallState, CallTurn, IncomingCall
from guichet.carrier.verbs import Redirect, Say
from guichet.citizens.contact import Channel, Contact
from guichet.core.again import again_on_conflict
from guichet.core.errors import NotFound
from guichet.core.ids import CallSid, ContactId, new_id
from guichet.core.phone import PhoneNumber
from guichet.ivr import script as said
from guichet.ivr.acting import Acted, Acting
from guichet.ivr.asking import question
from guichet.ivr.call import At, Call
from guichet.ivr.dialogue import begin as begin_dialogue
from guichet.ivr.dialogue import step
from guichet.ivr.inputs import Answer, HoldEnded, Input
from guichet.ivr.moves import Ask, Decide, FindSlot, Identify, Move
from guichet.ivr.opening import Keeper, Opening, Openings
from guichet.ivr.ports import Begin, Tools, Unit
from guichet.ivr.record import CallRecord, StreamState, TurnRecord
from guichet.ivr.script import Script
from guichet.ivr.thinking import Thinking
from guichet.ivr.turns import turn_path, verbs

LONGEST_CALL = timedelta(hours=4, minutes=30)
"""The carrier ends every call after four hours (https://www.twilio.com/docs/voice/api/call-resource)."""
PLACE_OF_TOKEN = "TOKEN"  # noqa: S105 - it stands for one in the greeting that is kept ready

log = structlog.get_logger()


class CallService:
    """Serves the webhooks of citizens' calls; each answer is TwiML. `keeper` keeps new calls, if `begin` shall not."""

    def __init__(self, begin: Begin, read: Begin, tools: Tools, keeper: Keeper | None = None) -> None:
        self._begin = begin
        self._read = read
        self._tools = tools
        self._openings = keeper or Openings(begin)
        self._thinking = Thinking(read, tools)
        self._acting = Acting(tools)
        self._ready: dict[PhoneNumber, _Prepared] = {}

    async def open(self, incoming: IncomingCall) -> str:
        """Take a new call: keep it, greet, ask. A repeat gets the same answer and changes nothing."""
        now = self._tools.clock.now()
        prepared = self._prepared(incoming.line, self._tools.scripts(incoming.line, now))
        state = prepared.state
        contact = Contact(
            id=ContactId(new_id("con")),
            channel=Channel.VOICE,
            carrier_id=incoming.call,
            line=incoming.line,
            caller=incoming.caller,
            language=state.language,
            started_at=now,
        )
        record = CallRecord(incoming.call, contact.id, incoming.line, incoming.caller, now, state)
        turn = self._turn(record, prepared.ask, now)
        await self._openings.add(Opening(contact, record, turn))
        return prepared.answer.replace(PLACE_OF_TOKEN, self._tools.token(record.id, record.turn))

    async def turn(self, asked: CallTurn, number: int, *, keys: str | None = None, waited: bool = False) -> str:
        """Answer turn `number`, in which `keys` were pressed (None: the stream has what was said).

        A turn that has been answered, or never asked, gets the answer of where the call stands. A stream that is
        still at work is waited for once, by asking the carrier to come back. Raises NotFound for a call that was
        never opened.
        """
        async with self._read() as unit:
            record = await unit.calls.find(asked.call)
            turn = await unit.calls.turn(asked.call, number)
        if record is None:
            raise NotFound("there is no such call")
        if number != record.turn:
            return self._standing(record)
        if keys is None and not waited and turn is not None and turn.stream is StreamState.OPEN:
            return self._one_moment(record)
        heard = await self._thinking.understood(turn, keys)
        return await self.go_on(record, heard)

    async def go_on(self, record: CallRecord, heard: Input) -> str:
        """Step the dialogue with what came in, do what it wants, keep its answer."""
        script = self._tools.scripts(record.line, self._tools.clock.now())
        call, moves, answers = await self._think(script, record, heard)
        answer, ended = await self._stepped(script, record, heard, (call, moves, answers))
        if ended is not None:
            self.has_ended(ended)
        return answer

    @again_on_conflict
    async def _stepped(
        self, script: Script, record: CallRecord, heard: Input, thought: Acted
    ) -> tuple[str, CallRecord | None]:
        """Take the turn and keep what was thought of it: the answer, and the call if that was its end."""
        call, moves, answers = thought
        async with self._begin() as unit:
            if not await unit.calls.take(record.id, record.turn):
                current = await unit.calls.find(record.id)
                return self._standing(current or record), None
            call, moves, opened = await self._acting.with_request(unit, script, record, call, moves)
            await self._acting.carry_out(unit, record, call, moves)
            after = record.evolve(state=call, turn=record.turn + 1)
            token = self._tools.token(after.id, after.turn)
            after = after.evolve(answer=self._tools.render(verbs(call, after.turn, token, moves)))
            if isinstance(moves[-1], Ask):
                await unit.calls.open_turn(self._turn(after, moves[-1], self._tools.clock.now()))
            await unit.calls.save(after)
            await self._acting.note(unit, record, after, heard, (*answers, *opened))
            # Where we hang up, the call is over, whether or not its last status callback ever comes.
            ended = await self._end(unit, record.id) if call.at is At.END else None
        log.info("turn", call=record.id, turn=record.turn, by=type(heard).__name__.lower(), at=call.at.value)
        return after.answer, ended

    async def hold_ended(self, call: CallSid, number: int, result: str) -> str:
        """Go on when a caller has left the queue. Raises NotFound for a call that was never opened."""
        async with self._read() as unit:
            record = await unit.calls.find(call)
        if record is None:
            raise NotFound("there is no such call")
        if number != record.turn:
            return self._standing(record)
        return await self.go_on(record, HoldEnded(result))

    @again_on_conflict
    async def progress(self, progress: CallProgress) -> CallRecord | None:
        """Note that a call has ended, and return it; calls that are not ours to serve, and repeats, are left alone."""
        if not progress.state.is_final:
            return None
        async with self._begin() as unit:
            ended = await self._end(unit, progress.call)
        if ended is not None:
            self.has_ended(ended)
        return ended

    def has_ended(self, record: CallRecord) -> None:
        """Tell that a call has ended, once."""
        log.info("call ended", call=record.id, contact=record.contact, outcome=record.state.outcome or "abandoned")

    async def end_forgotten(self) -> int:
        """End the calls that must be over by now, whose last webhooks were lost; return how many."""
        now = self._tools.clock.now()
        async with self._read() as unit:
            forgotten = await unit.calls.open_since(now - LONGEST_CALL)
        for call in forgotten:
            await self.progress(CallProgress(call, CallState.COMPLETED, None, None, None))
        return len(forgotten)

    async def _end(self, unit: Unit, call: CallSid) -> CallRecord | None:
        """Note that a call is over and tidy up after it, once; None when that was done."""
        ended = await unit.calls.end(call, self._tools.clock.now())
        if ended is not None:
            await self._acting.ended(unit, ended)
        return ended

    async def _think(
        self, script: Script, record: CallRecord, heard: Input
    ) -> tuple[Call, tuple[Move, ...], tuple[Answer, ...]]:
        """Step until nothing is left to find out: the call, all moves, and the answers found on the way."""
        state = record.state.evolve(number=record.caller) if record.turn == 1 else record.state
        call, moves = step(script, state, heard)
        done: list[Move] = []
        answers: list[Answer] = []
        while isinstance(need := moves[-1], Identify | Decide | FindSlot):
            done.extend(moves[:-1])
            answers.append(await self._thinking.answer(record, call, need))
            call, moves = step(script, call, answers[-1])
        return call, (*done, *moves), tuple(answers)

    def _turn(self, record: CallRecord, ask: Ask, now: datetime) -> TurnRecord:
        """Return the turn that a question opens."""
        return TurnRecord(
            call=record.id,
            number=record.turn,
            contact=record.contact,
            language=record.state.language,
            expects=ask.expects,
            keys=ask.keys,
            listen=ask.listen,
            opened_at=now,
        )

    def _prepared(self, line: PhoneNumber, script: Script) -> "_Prepared":
        """Return the opening of a line, made once for a script: the same object is the same script."""
        known = self._ready.get(line)
        if known is not None and known.script is script:
            return known
        state, moves = begin_dialogue(script)
        answer = self._tools.render(verbs(state, 1, PLACE_OF_TOKEN, moves))
        prepared = _Prepared(script, state, question(script, state), answer)
        self._ready[line] = prepared
        return prepared

    def _standing(self, record: CallRecord) -> str:
        """Return the answer of where the call stands; the first turn's is not kept, and asks to come back."""
        return record.answer or self._tools.render((Redirect(turn_path(record.turn)),))

    def _one_moment(self, record: CallRecord) -> str:
        """Ask the carrier to come back in a moment."""
        language = record.state.language
        return self._tools.render(
            (Say(said.ONE_MOMENT.to(language), language), Redirect(f"{turn_path(record.turn)}&waited=1"))
        )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The opening of a line: first state (the number comes with the first turn), question, answer without its token."""

    script: Script
    state: Call
    ask: Ask
    answer: str
