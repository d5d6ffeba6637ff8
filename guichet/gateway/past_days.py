"""Past days as a replay needs them, from the database: contacts page by page, agents at work, handling times."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.tables import attempts, requests
from guichet.citizens.tables import contacts
from guichet.core.phone import PhoneNumber
from guichet.gateway.database import Database
from guichet.gateway.units import SqlUnit
from guichet.routing.agent import Agent
from guichet.routing.hours import spans
from guichet.routing.past import Past, past_of
from guichet.routing.queueing import Worker
from guichet.routing.replay import Handling, InOrder, Staff
from guichet.routing.rule_book import RuleBook

PAGE = 1000
MOST_TIMES = 500
"""Handling times kept of a matter."""

_Shifts = dict[str, dict[date, tuple[datetime, datetime]]]


async def past_contacts(database: Database, since: datetime) -> AsyncIterator[tuple[int, list[Past]]]:
    """Yield how many contacts were read, and those decided among them, in the order of their decisions."""
    order, after = InOrder(), None
    lines: dict[str, PhoneNumber] = {}
    while True:
        async with database.read() as unit:
            rows = (await unit.connection.execute(_page(since, after))).all()
        if not rows:
            yield 0, list(order.rest())
            return
        after = rows[-1].started_at, rows[-1].id
        found: list[Past] = []
        for row in rows:
            line = lines.setdefault(row.line, PhoneNumber(row.line))
            abandoned_at = row.ended_at if row.outcome == "abandoned" else None
            found.extend(order.add(row.started_at, past_of(row.id, line, row.channel, row.file, abandoned_at)))
        yield len(rows), found


def _page(since: datetime, after: tuple[datetime, str] | None) -> sa.Select[Any]:
    """Select the next contacts, oldest first; their files as text, which is read much faster than as JSON values."""
    own, began = contacts.c, contacts.c.started_at
    query = sa.select(
        own.id, own.channel, own.line, began, own.ended_at, own.outcome, sa.cast(own.file, sa.Text).label("file")
    )
    query = query.where(began >= since).order_by(began, own.id).limit(PAGE)
    if after is None:
        return query
    return query.where(sa.or_(began > after[0], sa.and_(began == after[0], own.id > after[1])))


async def staff_of(database: Database, book: RuleBook, since: datetime, until: datetime) -> Staff:
    """Return who worked on those days, and how long they took.

    An agent who took somebody on a day is taken to have been there in the hours of the first line, and as long as
    they were seen. Where nobody has taken anybody, all agents are taken to be there on every open day.
    """
    seen: _Shifts = defaultdict(dict)
    times: defaultdict[str, list[float]] = defaultdict(list)
    async with database.read() as unit:
        await _read(unit, book, since, seen, times)
        agents = await unit.agents.all()
    workers = [_worker(agent, book, seen.get(agent.id, {})) for agent in agents]
    if not seen:
        days = [since.date() + timedelta(days=one) for one in range((until - since).days + 2)]
        workers = [_worker(agent, book, dict.fromkeys(days)) for agent in agents]
    every = [seconds for matter in times.values() for seconds in matter][:MOST_TIMES]
    return Staff(tuple(workers), Handling({"": tuple(every), **{name: tuple(known) for name, known in times.items()}}))


async def _read(
    unit: SqlUnit, book: RuleBook, since: datetime, seen: _Shifts, times: defaultdict[str, list[float]]
) -> None:
    """Go through the attempts in which an agent and a citizen talked."""
    talked = sa.and_(
        requests.c.agent == attempts.c.agent,
        requests.c.connected_at >= attempts.c.started_at,
        requests.c.connected_at <= attempts.c.ended_at,
    )
    columns = attempts.c.agent, attempts.c.started_at, attempts.c.ended_at, requests.c.connected_at, requests.c.intent
    query = (
        sa.select(*columns)
        .join_from(attempts, requests, attempts.c.request == requests.c.id)
        .where(attempts.c.started_at >= since, talked)
        .order_by(attempts.c.started_at)
    )
    async for rows in (await unit.connection.stream(query)).partitions(PAGE):
        for row in rows:
            _note(row, book, seen, times)


def _note(row: Any, book: RuleBook, seen: _Shifts, times: defaultdict[str, list[float]]) -> None:
    """Note who was at work, and how long it took."""
    day = row.started_at.astimezone(book.calendar.zone).date()
    first, last = seen[row.agent].get(day, (row.started_at, row.ended_at))
    seen[row.agent][day] = min(first, row.started_at), max(last, row.ended_at)
    known = times[row.intent]
    if len(known) < MOST_TIMES:
        known.append((row.ended_at - row.connected_at).total_seconds())


def _worker(agent: Agent, book: RuleBook, days: dict[date, tuple[datetime, datetime]] | dict[date, None]) -> Worker:
    shifts: list[tuple[datetime, datetime]] = []
    for day, was_seen in sorted(days.items()):
        ranges = [(span.start, span.end) for span in spans(book.lines[0].hours, book.calendar, day)]
        if was_seen is not None:
            ranges = _with(ranges, was_seen)
        shifts += ranges
    languages = frozenset(language.value for language in agent.languages)
    return Worker(agent.id, agent.skills, languages, tuple(shifts))


def _with(ranges: list[tuple[datetime, datetime]], seen: tuple[datetime, datetime]) -> list[tuple[datetime, datetime]]:
    """Return the ranges of a day, begun earlier and ended later where somebody was seen then."""
    if not ranges:
        return [seen]
    (start, first_end), (last_start, end) = ranges[0], ranges[-1]
    if len(ranges) == 1:
        return [(min(start, seen[0]), max(end, seen[1]))]
    return [(min(start, seen[0]), first_end), *ranges[1:-1], (last_start, max(end, seen[1]))]
