"""Where supervisors' PINs, their calls and what they did are kept: the port, its twin in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from guichet.core.ids import CallSid
from guichet.ivr.supervisor import SupervisorCall


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Somebody who may put up urgent messages by telephone; `pin` is a hash. `wrong` counts wrong PINs in a row."""

    number: str
    name: str
    pin: str = field(repr=False)
    wrong: int = 0
    locked_until: datetime | None = None
    disabled_at: datetime | None = None

    def evolve(self, **changes: Any) -> "Supervisor":
        """Return a copy with changes."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done on the supervisors' line: by whom (a number, as it was typed), what came of it."""

    call: CallSid
    number: str
    deed: str
    at: datetime
    message: str = ""


class SupervisorStore(Protocol):
    """Supervisors by telephone, inside the current transaction."""

    async def put(self, supervisor: Supervisor) -> None:
        """Keep a supervisor, new or changed."""
        ...

    async def find(self, number: str) -> Supervisor | None:
        """Return a supervisor, locked where the database can."""
        ...

    async def everybody(self) -> Sequence[Supervisor]:
        """Return them all, by number."""
        ...

    async def call(self, call: CallSid) -> SupervisorCall | None:
        """Return a call, locked where the database can."""
        ...

    async def save(self, call: SupervisorCall, now: datetime) -> None:
        """Keep a call as it stands."""
        ...

    async def note(self, done: Done) -> None:
        """Keep what was done, for ever."""
        ...

    async def done(self, limit: int = 100) -> Sequence[Done]:
        """Return what was done, latest first."""
        ...


class MemorySupervisorStore:
    """The twin in memory."""

    def __init__(self) -> None:
        self.supervisors: dict[str, Supervisor] = {}
        self.calls: dict[CallSid, SupervisorCall] = {}
        self.notes: list[Done] = []

    async def put(self, supervisor: Supervisor) -> None:
        """Keep."""
        self.supervisors[supervisor.number] = supervisor

    async def find(self, number: str) -> Supervisor | None:
        """Return."""
        return self.supervisors.get(number)

    async def everybody(self) -> Sequence[Supervisor]:
        """Return all."""
        return [self.supervisors[number] for number in sorted(self.supervisors)]

    async def call(self, call: CallSid) -> SupervisorCall | None:
        """Return a call."""
        return self.calls.get(call)

    async def save(self, call: SupervisorCall, now: datetime) -> None:  # noqa: ARG002  # the port's
        """Keep a call."""
        self.calls[call.id] = call

    async def note(self, done: Done) -> None:
        """Append."""
        self.notes.append(done)

    async def done(self, limit: int = 100) -> Sequence[Done]:
        """Return the latest."""
        return self.notes[::-1][:limit]
