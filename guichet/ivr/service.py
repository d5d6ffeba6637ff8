"""Calls: opened, taken turn by turn, ended. Every webhook has one transaction, and may come twice, late or never.

A turn is taken once: whoever takes it steps the dialogue and keeps the answer; everybody else gets that answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from guichet.carrier.events import CallProgress, CallState, CallTurn, IncomingCall
from guichet.carrier.verbs import Redirect, Say
from guichet.citizens.contact import Channel, Contact
from guichet.core.again import again_on_conflict
from guichet.core.errors import NotFound
from guichet.core.ids import CallSid, ContactId, new_id
from guichet.ivr import script as said
from guichet.ivr.acting import Acted, Acting
from guichet.ivr.asking import question
from guichet.ivr.call import INFORMED, At, Call
from guichet.ivr.dialogue import step
from guichet.ivr.greeting import Greeting, Greetings
from guichet.ivr.hold import REDIRECTED, hold_again, is_passed_on
from guichet.ivr.inputs import Answer, HoldEnded, Input, Silence
from guichet.ivr.moves import Ask, Decide, FindSlot, Identify, Move, Represent
from guichet.ivr.opening import Keeper, Opening, Openings
from guichet.ivr.ports import Begin, Tools, Unit
from guichet.ivr.record import CallRecord, ResultKind, StreamState, TurnRecord, was_informed
from guichet.ivr.script import Script
from guichet.ivr.thinking import Thinking
from guichet.ivr.turns import RELAYED_SECONDS, back_in_one_stream, brings, turn_path, verbs, without_words
from guichet.routing.rule_book import RuleBook

LONGEST_CALL = timedelta(hours=4, minutes=30)
"""The carrier ends every call after four hours (https://www.twilio.com/docs/voice/api/call-resource)."""
MOST_WAITS = 3
"""How often the carrier is asked to come back in a moment for what a broken stream has brought."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stepped:
    """What came of a step: the call, what is to be said and done (nothing where somebody else had stepped), TwiML.

    `turn` is the turn that a question has opened.
    """

    record: CallRecord
    moves: tuple[Move, ...]
    answer: str
    turn: TurnRecord | None = None


class CallService:
    """Serves the webhooks of citizens' calls; each answer is TwiML. `keeper` keeps new calls, if `begin` shall not."""

    def __init__(self, begin: Begin, read: Begin, tools: Tools, keeper: Keeper | None = None) -> None:
        self._begin = begin
        self._read = read
        self._tools = tools
        self._openings = keeper or Openings(begin)
        self._thinking = Thinking(read, tools)
        self._acting = Acting(tools)
        self._greetings = Greetings(tools)

    async def open(self, incoming: IncomingCall) -> str:
        """Take a new call: keep it, greet, ask. A repeat gets the same answer and changes nothing."""
        now = self._tools.clock.now()
        relays = self._tools.book().relays
        relayed = relays.recognise(incoming.caller, incoming.headers)
        greeting = self._greetings.of(incoming.line, now, relayed=relayed)
        # The number of a relay service is that of all whom it speaks for: it tells apart nobody.
        caller = None if incoming.caller in relays.numbers else incoming.caller
        state = greeting.state
        contact = Contact(
            id=ContactId(new_id("con")),
            channel=Channel.VOICE,
            carrier_id=incoming.call,
            line=incoming.line,
            caller=caller,
            language=state.language,
            started_at=now,
        )
        record = CallRecord(incoming.call, contact.id, incoming.line, caller, now, state)
        turn = self._turn(record, greeting.ask, now)
        await self._openings.add(Opening(contact, record, turn))
        return greeting.answer(self._tools.token(record.id, record.turn))

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
            return self._one_moment(record, f"{turn_path(record.turn)}&waited=1")
        # What was said in a message is heard later, by a job.
        at_message = record.state.at is At.MESSAGE
        heard = Silence() if at_message else await self._thinking.understood(turn, keys)
        return (await self.go_on(record, heard)).answer

    async def after_stream(self, asked: CallTurn, number: int, *, waited: int = 0) -> str:
        """Answer what follows the one stream of a call: where it stands, or the opening again where it broke at once.

        A stream that never started, or broke before anybody said anything, may have spoken to nobody: the opening is
        said by the carrier, and the call goes on turn by turn. A turn that is still being kept or thought of is waited
        for, MOST_WAITS times. Raises NotFound for a call that was never opened.
        """
        async with self._read() as unit:
            record = await unit.calls.find(asked.call)
            turn = await unit.calls.turn(asked.call, record.turn) if record else None
        if record is None:
            raise NotFound("there is no such call")
        if turn is not None and waited < MOST_WAITS and _is_at_work(turn, is_first=record.turn == number):
            return self._one_moment(record, f"{turn_path(number)}&opening=1&waited={waited + 1}")
        result = turn.result if turn else None
        if record.turn == number and (result is None or result.kind is ResultKind.FAILED):
            return self._in_turns(record)
        return await self.turn(asked, number)

    async def talk(self, call: CallSid, number: int) -> Stepped | None:
        """Step turn `number`, whose stream has been kept; None where the call is over or somebody else has stepped."""
        async with self._read() as unit:
            record = await unit.calls.find(call)
            turn = await unit.calls.turn(call, number)
        if record is None or record.ended_at is not None or record.turn != number:
            return None
        stepped = await self.go_on(record, await self._thinking.understood(turn, None))
        return stepped if stepped.moves else None

    async def record(self, call: CallSid) -> CallRecord | None:
        """Return a call."""
        async with self._read() as unit:
            return await unit.calls.find(call)

    def opening(self, record: CallRecord) -> Sequence[Move]:
        """Return what is said and asked at the beginning of a stream: the greeting, or later the open question."""
        return self._greeting(record).moves if record.turn == 1 else (self._question(record),)

    async def has_said(self, stepped: Stepped) -> None:
        """Leave out of the answer what the caller has heard over the stream."""
        record = stepped.record
        rest = verbs(record.state, record.turn, self._tools.token(record.id, record.turn), without_words(stepped.moves))
        async with self._begin() as unit:
            current = await unit.calls.find(record.id)
            if current is not None and current.turn == record.turn:
                await unit.calls.save(current.evolve(answer=self._tools.render(rest)))

    async def go_on(self, record: CallRecord, heard: Input) -> Stepped:
        """Step the dialogue with what came in, do what it wants, keep its answer; all of it by one rule book."""
        book = self._tools.book()
        script = self._tools.scripts(record.line, self._tools.clock.now(), book)
        call, moves, answers = await self._think(book, script, record, heard)
        stepped, ended = await self._stepped(script, record, heard, (call, moves, answers))
        if ended is not None:
            self.has_ended(ended)
        return stepped

    @again_on_conflict
    async def _stepped(
        self, script: Script, record: CallRecord, heard: Input, thought: Acted
    ) -> tuple[Stepped, CallRecord | None]:
        """Take the turn and keep what was thought of it: what came of it, and the call if that was its end."""
        call, moves, answers = thought
        async with self._begin() as unit:
            if not await unit.calls.take(record.id, record.turn):
                current = await unit.calls.find(record.id) or record
                return Stepped(current, (), self._standing(current)), None
            call, moves, opened = await self._acting.with_request(unit, script, record, call, moves)
            await self._acting.carry_out(unit, record, call, moves)
            after = record.evolve(state=call, turn=record.turn + 1)
            token = self._tools.token(after.id, after.turn)
            # Who was in a queue was in no stream.
            over = self._tools.duplex and record.state.at is At.HOLD
            spoken = (back_in_one_stream if over else verbs)(call, after.turn, token, moves)
            after = after.evolve(answer=self._tools.render(spoken))
            ask = brings(moves[-1])
            turn = self._turn(after, ask, self._tools.clock.now()) if ask is not None else None
            if turn is not None:
                await unit.calls.open_turn(turn)
            await unit.calls.save(after)
            await self._acting.note(unit, record, after, heard, (*answers, *opened))
            # Where we hang up, the call is over, whether or not its last status callback ever comes.
            ended = await self._end(unit, record.id) if call.at is At.END else None
        log.info("turn", call=record.id, turn=record.turn, by=type(heard).__name__.lower(), at=call.at.value)
        return Stepped(after, tuple(moves), after.answer, turn if ask is moves[-1] else None), ended

    async def hold_ended(self, call: CallSid, number: int, result: str, overheard: str = "") -> str:
        """Go on when a caller has left the queue, perhaps with a wish: overheard, or what their turn has brought.

        Raises NotFound for a call that was never opened.
        """
        async with self._read() as unit:
            record = await unit.calls.find(call)
            held = await unit.requests.get(record.state.request) if record and record.state.request else None
            turn = await unit.calls.turn(call, number)
        if record is None:
            raise NotFound("there is no such call")
        if number != record.turn or result.startswith(REDIRECTED):
            return self._standing(record)
        if held is not None and held.call == record.id and is_passed_on(held):
            return self._tools.render(hold_again(held, record.turn))
        wish = overheard or (turn.result.keys if turn is not None and turn.result is not None else "")
        was_served = held is not None and held.passed_by is not None
        return (await self.go_on(record, HoldEnded(result, wish, was_served=was_served))).answer

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
        if ended is None:
            return None
        if was_informed(ended):
            ended = ended.evolve(state=ended.state.evolve(outcome=INFORMED))
        await self._acting.ended(unit, ended)
        return ended

    async def _think(
        self, book: RuleBook, script: Script, record: CallRecord, heard: Input
    ) -> tuple[Call, tuple[Move, ...], tuple[Answer, ...]]:
        """Step until nothing is left to find out: the call, all moves, and the answers found on the way."""
        state = record.state.evolve(number=record.caller) if record.turn == 1 else record.state
        call, moves = step(script, state, heard)
        done: list[Move] = []
        answers: list[Answer] = []
        while isinstance(need := moves[-1], Identify | Represent | Decide | FindSlot):
            done.extend(moves[:-1])
            answers.append(await self._thinking.answer(book, record, call, need))
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
            grace=RELAYED_SECONDS if record.state.relayed else 0.0,
        )

    def _greeting(self, record: CallRecord) -> Greeting:
        """Return how calls on this line begin."""
        return self._greetings.of(record.line, self._tools.clock.now(), relayed=record.state.relayed)

    def _question(self, record: CallRecord) -> Ask:
        """Return the question at which a call stands."""
        script = self._tools.scripts(record.line, self._tools.clock.now(), self._tools.book())
        return question(script, record.state)

    def _in_turns(self, record: CallRecord) -> str:
        """Have the carrier ask the question at which a call stands: a stream for it has come to nothing."""
        token = self._tools.token(record.id, record.turn)
        if record.turn == 1:
            return self._greeting(record).in_turns(token)
        return self._tools.render(verbs(record.state, record.turn, token, (self._question(record),)))

    def _standing(self, record: CallRecord) -> str:
        """Return the answer of where the call stands; the first turn's is not kept, and asks to come back."""
        return record.answer or self._tools.render((Redirect(turn_path(record.turn)),))

    def _one_moment(self, record: CallRecord, path: str) -> str:
        """Ask the carrier to come back in a moment."""
        language = record.state.language
        return self._tools.render((Say(said.ONE_MOMENT.to(language), language), Redirect(path)))


def _is_at_work(turn: TurnRecord, *, is_first: bool) -> bool:
    """Whether the one stream of a call may still bring this turn, or have just brought it."""
    return turn.stream is StreamState.OPEN or (turn.stream is StreamState.DONE and not is_first)
