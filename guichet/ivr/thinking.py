"""Answers the needs of the dialogue that only read: what was heard, who it is, what the rules say."""

import asyncio
from typing import assert_never

from guichet.callbacks.booking import find, offers
from guichet.callbacks.waiting import LAST, loads
from guichet.callbacks.windows import home_calendar
from guichet.citizens.citizen import Certainty, Evidence
from guichet.citizens.speaking import Helper
from guichet.ivr.call import Call
from guichet.ivr.inputs import (
    Answer,
    Decided,
    Failed,
    FromCaller,
    Identified,
    Keys,
    Represented,
    Silence,
    SlotFound,
    Spoken,
)
from guichet.ivr.moves import Decide, FindSlot, Identify, Represent
from guichet.ivr.ports import Begin, Tools
from guichet.ivr.record import CallRecord, ResultKind, TurnRecord
from guichet.routing.decide import decide_with, has_free
from guichet.routing.decision import Decision, Facts, Grounds, Outcome
from guichet.routing.hold_rules import Load
from guichet.routing.overflow import chain
from guichet.routing.rule_book import RuleBook
from guichet.transcripts.heard import FreeSpeech, Heard
from guichet.transcripts.redact import without_labels
from guichet.transcripts.spoken.when import when
from guichet.transcripts.spoken.when_not import refuses


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
        self, book: RuleBook, record: CallRecord, call: Call, need: Identify | Represent | Decide | FindSlot
    ) -> Answer:
        """Answer a need, by the rule book of the turn."""
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
                return await self._decided(book, record, call)
            case FindSlot():
                return await self._slot(book, call, need)
        assert_never(need)

    async def _slot(self, book: RuleBook, call: Call, need: FindSlot) -> SlotFound:
        """Look for a slot that suits what was said, on the clock of who is to be called."""
        now, said = self._tools.clock.now(), need.said[0]
        async with self._read() as unit:
            request = await unit.requests.get(call.request) if call.request else None
            if request is None:
                return SlotFound(is_time=False, said=said)
            local = now.astimezone(home_calendar(book, request).zone)
            wish = next((wish for text in need.said if (wish := when(text, call.language, local))), None)
            if wish is None or (wish.but is None and refuses(said)):
                return SlotFound(is_time=False, said=said)
            found = await find(unit, book, request, wish, now)
        best = offers(book, request, (found.best,), now)[0] if found.best else None
        return SlotFound(best, offers(book, request, found.near, now), is_full=found.is_full, said=said)

    async def _decided(self, book: RuleBook, record: CallRecord, call: Call) -> Decided:
        """Ask the rules, knowing whether an agent of the queue in question is free."""
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
        async with self._read() as unit:
            able = await unit.agents.free_abilities()
        free = frozenset(skill for skill, language in able if language is call.language)
        decision, found = decide_with(book, facts, free), {}
        if decision.outcome is Outcome.AGENT:
            found = await self._loads(book, facts, decision)
            decision = decide_with(book, facts, free, found)
        is_free = has_free(book.queues[decision.queue], free)
        return Decided(decision, agents_free=is_free, grounds=Grounds(facts, free, book.closed, found))

    async def _loads(self, book: RuleBook, facts: Facts, decision: Decision) -> dict[str, Load]:
        """Look how the queues stand in which somebody might hold, at the place that they would have."""
        place = (-decision.priority, decision.target_at or facts.now, LAST)
        queues = tuple(chain(book.queues, book.queues[decision.queue]))
        async with self._read() as unit:
            return await loads(unit, queues, facts.language, place, book, facts.now)


def _readings(turn: TurnRecord, heard: Heard) -> tuple[str, ...]:
    """Return what the dialogue works on: the value, where a name was asked for; else the words without labels.

    A label says what was masked, not what the matter is: `[date de naissance]` asks for no birth certificate.
    """
    value = turn.result.value if turn.result is not None else None
    if value and isinstance(turn.expects, FreeSpeech):
        return tuple(value.split("\n"))
    said = tuple(dict.fromkeys(filter(None, map(without_labels, heard.readings))))
    return said or heard.readings
