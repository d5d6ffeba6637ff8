"""Where somebody stands in the order and how long it will take, and how full queues are: inside a transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.callbacks.expected_wait import Line, at_work, expected_wait, handling, in_minutes, serving
from guichet.callbacks.order import Place, place_of
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Request
from guichet.core.language import Language
from guichet.routing.agent import Agent
from guichet.routing.hold_rules import Load
from guichet.routing.rule import Queue
from guichet.routing.rule_book import RuleBook

RECENT = timedelta(hours=2)
"""How far back handling times are asked for."""
LAST = "~"
"""An id after all others: the place of somebody who has no request yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many are served before somebody in their queue and language, and the likely wait (None: not known).

    `unserved` is for how long nobody at work has been able to serve them; None: somebody is.
    """

    ahead: int
    minutes: int | None
    unserved: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """How many are served before; for who holds, the likely wait in minutes where it can be told (None: not known)."""

    ahead: int
    wait_minutes: int | None


async def position(unit: Unit, request: Request, book: RuleBook, now: datetime) -> Position:
    """Say where a request stands: who holds is told as on the line, the rest of everybody in the queue."""
    if not request.holds:
        return Position(await unit.requests.ahead(request), None)
    place = await standing(unit, request, book, now)
    return Position(place.ahead, place.minutes)


async def standing(unit: Unit, request: Request, book: RuleBook, now: datetime) -> Standing:
    """Say where a request stands that waits."""
    line = (request.queue, request.language)
    before = await unit.requests.before(place_of(request), now)
    agents = await unit.agents.all()
    takes = handling(await unit.attempts.handled(now - RECENT), request.queue)
    wait = expected_wait(line, before, at_work(agents), _skills(book), takes)
    return Standing(before.get(line, 0), in_minutes(wait), _unserved(agents, line, book, now))


async def loads(
    unit: Unit, queues: Iterable[Queue], language: Language, place: Place, book: RuleBook, now: datetime
) -> dict[str, Load]:
    """Say how queues stand for somebody who would hold in them at a place in the order."""
    crew = at_work(await unit.agents.all())
    recent = await unit.attempts.handled(now - RECENT)
    before = await unit.requests.before(place, now)
    found = {}
    for queue in queues:
        line = (queue.name, language)
        wait = expected_wait(line, before, crew, _skills(book), handling(recent, queue.name))
        holding = await unit.requests.holding(*line)
        found[queue.name] = Load(len(serving(crew, line, _skills(book))), holding, in_minutes(wait))
    return found


def _unserved(agents: Sequence[Agent], line: Line, book: RuleBook, now: datetime) -> timedelta | None:
    """Say for how long nobody has been at work who serves a line: since the last of them paused or left."""
    known = serving(agents, line, _skills(book))
    if at_work(known):
        return None
    return max((now - max(one.since for one in known)) if known else timedelta.max, timedelta(0))


def _skills(book: RuleBook) -> Callable[[str], frozenset[str]]:
    """Give the skills of each queue; one that has left the book is served by who has its name for a skill."""

    def skills_of(queue: str) -> frozenset[str]:
        known = book.queues.get(queue)
        return (known.skills if known else frozenset()) or frozenset({queue})

    return skills_of
