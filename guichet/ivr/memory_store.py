"""Calls and turns in memory: the twin for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from guichet.core.ids import CallSid
from guichet.ivr.record import CallRecord, StreamState, TurnRecord, TurnResult


class MemoryCallStore:
    """A CallStore of dictionaries."""

    def __init__(self) -> None:
        self._calls: dict[CallSid, CallRecord] = {}
        self._turns: dict[tuple[CallSid, int], TurnRecord] = {}

    async def open_many(self, opened: Sequence[tuple[CallRecord, TurnRecord]]) -> None:
        """Keep new calls with their first turns."""
        for record, turn in opened:
            self._calls.setdefault(record.id, record)
            await self.open_turn(turn)

    async def find(self, call: CallSid) -> CallRecord | None:
        """Return a call, or None."""
        return self._calls.get(call)

    async def turn(self, call: CallSid, number: int) -> TurnRecord | None:
        """Return a turn, or None."""
        return self._turns.get((call, number))

    async def take(self, call: CallSid, number: int) -> bool:
        """Take a turn."""
        record = self._calls.get(call)
        if record is None or record.turn != number or record.ended_at is not None:
            return False
        self._calls[call] = record.evolve(turn=number + 1)
        return True

    async def save(self, record: CallRecord) -> None:
        """Write what a turn has changed."""
        known = self._calls[record.id]
        self._calls[record.id] = known.evolve(turn=record.turn, state=record.state, answer=record.answer)

    async def open_turn(self, turn: TurnRecord) -> None:
        """Keep a new turn."""
        self._turns.setdefault((turn.call, turn.number), turn)

    async def claim(self, call: CallSid, number: int, opened_after: datetime) -> TurnRecord | None:
        """Take the stream of a turn."""
        turn, record = self._turns.get((call, number)), self._calls.get(call)
        has_ended = record is not None and record.ended_at is not None
        if turn is None or has_ended or turn.stream is not StreamState.NONE or turn.opened_at <= opened_after:
            return None
        self._turns[call, number] = replace(turn, stream=StreamState.OPEN)
        return self._turns[call, number]

    async def release(self, call: CallSid, number: int) -> None:
        """Give back an open stream."""
        turn = self._turns.get((call, number))
        if turn is not None and turn.stream is StreamState.OPEN:
            self._turns[call, number] = replace(turn, stream=StreamState.NONE)

    async def finish(self, call: CallSid, number: int, result: TurnResult) -> bool:
        """Keep what the stream has brought."""
        turn = self._turns.get((call, number))
        if turn is None or turn.stream is not StreamState.OPEN:
            return False
        record = self._calls.get(call)
        if record is not None and record.ended_at is not None:
            result = replace(result, value=None)
        self._turns[call, number] = replace(turn, stream=StreamState.DONE, result=result)
        return True

    async def forget_values(self, call: CallSid) -> None:
        """Empty the values of a call's turns."""
        for key, turn in self._turns.items():
            if turn.call == call and turn.result is not None:
                self._turns[key] = replace(turn, result=replace(turn.result, value=None))

    async def open_since(self, before: datetime) -> Sequence[CallSid]:
        """Return the calls that began before that moment and have not ended."""
        found = [call for call in self._calls.values() if call.ended_at is None and call.started_at < before]
        return [call.id for call in sorted(found, key=lambda call: call.started_at)]

    async def end(self, call: CallSid, now: datetime) -> CallRecord | None:
        """Note that a call has ended."""
        record = self._calls.get(call)
        if record is None or record.ended_at is not None:
            return None
        self._calls[call] = record.evolve(ended_at=now)
        return self._calls[call]
