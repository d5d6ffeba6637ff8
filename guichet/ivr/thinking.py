"""Answers the needs of the dialogue that only read: what was heard, who it is, what the rules say."""

import asyncio
from dataclasses import replace
from typing import assert_never

from guichet.citizens.citizen import Certainty, Evidence
from guichet.citizens.speaking import Helper
from guichet.ivr.call import Call
from guichet.ivr.inputs import Decided, Failed, FromCaller, Identified, Keys, Represented, Silence, Spoken
from guichet.ivr.moves import Decide, Identify, Represent
from guichet.ivr.ports import Begin, Tools
from guichet.ivr.record import CallRecord, ResultKind, TurnRecord
from guichet.routing.decide import decide, queue_asked
from guichet.routing.decision import Facts
from guichet.transcripts.heard import FreeSpeech, Heard
from guichet.transcripts.redact import without_labels


class Thinking:
    """Thinks before a transaction is opened, so that nobody waits for a lock meanwhile."""

    def __init__(self, read: Begin, tools: Tools) -> None:
        self._read = read
        self._tools = tools

    async def understood(self, turn: TurnRecord | None, keys: str | None) -> FromCaller:
        """Return what the caller did in a turn: keys of the webhook, or what the stream has brought."""
        if keys is not None:
            return Keys(keys)
        if turn is None or turn.result is None:
            return Silence() if turn is not None and not turn.listen else Failed()
        result = turn.result
        match result.kind:
            case ResultKind.KEYS:
                return Keys(result.keys)
            case ResultKind.FAILED:
                return Failed()
            case ResultKind.SPEECH if result.heard is not None and result.heard.readings:
                shown = result.heard.readings[0]
                readings = _readings(turn, result.heard)
                matched = await asyncio.to_thread(self._tools.match, readings)
                return Spoken(
                    text=readings[0],
                    readings=readings,
                    shown=shown,
                    confidence=result.heard.confidence if result.heard.words else 1.0,
                    value=result.value,
                    match=matched,
                    language=self._tools.tell_language(readings[0]),
                )
            case _:
                return Silence()

    async def answer(
        self, record: CallRecord, call: Call, need: Identify | Represent | Decide
    ) -> Identified | Represented | Decided:
        """Answer a need."""
        day = self._tools.clock.now().date()
        match need:
            case Identify():
                evidence = Evidence(record.caller, call.names, call.birth_dates, call.postcodes, call.files)
                found = await self._tools.identify(evidence)
                return Identified(found, mandated=await self._tools.speaking.holds(record.caller, day))
            case Represent():
                helper = Helper(record.caller, call.citizen, call.names)
                return Represented(await self._tools.speaking.speaks(helper, call.others, call.intent, day))
            case Decide():
                return await self._decided(record, call)
        assert_never(need)

    async def _decided(self, record: CallRecord, call: Call) -> Decided:
        """Ask the rules, knowing whether an agent of the queue in question is free."""
        book = self._tools.book()
        facts = Facts(
            line=record.line,
            channel="voice",
            language=call.language,
            now=self._tools.clock.now(),
            intent=call.intent,
            certainty=call.certainty or Certainty.UNKNOWN.value,
            wants_agent=call.wants_agent,
            caller_known=call.candidates > 0,
            for_checked=self._tools.for_checked(call.intent),
            is_checked=call.is_checked,
        )
        queue = queue_asked(book, facts)
        async with self._read() as unit:
            free = await unit.agents.free(queue.name, call.language, skills=sorted(queue.skills)) > 0
        decision = decide(book, replace(facts, agents_free=free))
        return Decided(decision, agents_free=free)


def _readings(turn: TurnRecord, heard: Heard) -> tuple[str, ...]:
    """Return what the dialogue works on: the value, where a name was asked for; else the words without labels.

    A label says what was masked, not what the matter is: `[date de naissance]` asks for no birth certificate.
    """
    value = turn.result.value if turn.result is not None else None
    if value and isinstance(turn.expects, FreeSpeech):
        return tuple(value.split("\n"))
    said = tuple(dict.fromkeys(filter(None, map(without_labels, heard.readings))))
    return said or heard.readings
