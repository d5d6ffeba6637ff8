"""Past days as a replay needs them, from the database: contacts page by page, agents at work, handling times."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from guichet.callbacks.tables import attempts, requests
from guichet.citizens.contact import Contact
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
    while True:
        async with database.read() as unit:
            page = await unit.contacts.page(since, after, PAGE)
        if not page:
            yield 0, list(order.rest())
            return
        after = page[-1].id
        yield len(page), [past for contact in page for past in order.add(contact.started_at, _past(contact))]


def _past(contact: Contact) -> Past | None:
    abandoned_at = contact.ended_at if contact.outcome == "abandoned" else None
    return past_of(contact.id, contact.line, contact.channel.value, contact.file, abandoned_at)


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
    async for row in await unit.connection.stream(query):
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
