"""Demands, counted in SQL: who needed an agent, who got one, after what wait and for how long."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.request import AttemptState, RequestKind, RequestState
from guichet.callbacks.tables import attempts, request_events, requests
from guichet.citizens.tables import contacts
from guichet.gateway.sql_contact_measures import HANDLED
from guichet.gateway.sql_counting import came_once, coalesced, counted, flag, grouped, ranked, ranks
from guichet.gateway.sql_moments import between, day_of, hour_of, month_of
from guichet.routing.measured_day import TIMES
from guichet.routing.measures import COMES_BACK, MERGED, By, Period

FLAGS = (
    "needing",
    "handled",
    "waiting",
    "abandoned",
    "withdrawn",
    "lost",
    "held",
    "due",
    "in_time",
    "calls_due",
    "calls_kept",
    "settled",
    "at_first_contact",
    "overtakes",
)
_own = requests.c
_happened = request_events.c


def demands_counted(period: Period, by: By, now: datetime) -> sa.Select[Any]:
    """Select the counts of requests that were opened in a period, by `key`."""
    one = demands(period, {"key": by}, now).subquery()
    every = sa.select(one, *ranks(one, TIMES)).subquery()
    columns = [
        *counted(every, (*FLAGS, "overtaken")),
        sa.func.sum(every.c.wait).label("waited"),
        ranked(every, "wait", 5).label("wait_median"),
        ranked(every, "wait", 9).label("wait_of_9_in_10"),
        sa.func.count(every.c.hold).label("held_through"),
        ranked(every, "hold", 5).label("hold_median"),
        ranked(every, "hold", 9).label("hold_of_9_in_10"),
        sa.func.count(every.c.talk).label("talks"),
        sa.func.sum(every.c.talk).label("talked"),
        ranked(every, "talk", 5).label("talk_median"),
        sa.func.count(every.c.write_up).label("write_ups"),
        sa.func.sum(every.c.write_up).label("written_up"),
        ranked(every, "handling", 5).label("handling_median"),
        ranked(every, "handling", 9).label("handling_of_9_in_10"),
    ]
    return grouped(every, columns)


def demands(period: Period, keys: Mapping[str, By], now: datetime) -> sa.Select[Any]:
    """Select the requests that were opened in a period: what tells each apart, zeros and ones, and its times."""
    first = contacts.alias("first")
    told = [_key(by, period, first).label(name) for name, by in keys.items()]
    return (
        sa.select(*told, *_flags(now), _own.overtook.label("overtaken"), *_times())
        .join_from(requests, first, first.c.id == _own.contact, isouter=True)
        .where(_own.opened_at >= period.start, _own.opened_at < period.end, sa.not_(_is_merged()))
    )


def _event(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(1).where(_happened.request == _own.id, *conditions)


def _is_merged() -> sa.ColumnElement[bool]:
    """Whether it was closed because another request of the same person goes on."""
    merged = _event(_happened.after == RequestState.CANCELLED, _happened.reason.startswith(MERGED))
    return sa.and_(_own.state == RequestState.CANCELLED, merged.exists())


_is_handled = _own.state.in_(HANDLED)
_taken_at = sa.func.coalesce(_own.connected_at, _own.closed_at, type_=_own.closed_at.type)
"""When those who were handled got an agent: the conversation's beginning, or the written answer."""
_promise = sa.func.coalesce(_own.slot_until, _own.target_at, type_=_own.target_at.type)
"""By when they were to get one: the end of the slot they have chosen, or else the queue's target."""


def _flags(now: datetime) -> list[sa.ColumnElement[Any]]:
    ended_holding = _own.kind == RequestKind.HOLD
    is_open = sa.and_(_own.closed_at.is_(None), sa.not_(_is_handled))
    cancelled = _own.state == RequestState.CANCELLED
    counts = sa.not_(_is_put_off())
    calls_due, calls_kept = _callbacks(now)
    settled = sa.and_(
        _own.state == RequestState.DONE,
        _own.closed_at <= now - COMES_BACK,
        _own.intent != "",
        sa.or_(_own.citizen.is_not(None), _own.number.is_not(None)),
    )
    once = came_once(_own.contact, _own.citizen, _own.number, _own.intent, _own.opened_at, _own.closed_at)
    told = {
        "needing": sa.true(),
        "handled": _is_handled,
        "waiting": is_open,
        "abandoned": sa.and_(cancelled, ended_holding),
        "withdrawn": sa.and_(cancelled, sa.not_(ended_holding)),
        "lost": _own.state.in_((RequestState.EXPIRED, RequestState.EXHAUSTED)),
        "held": _own.held_since.is_not(None),
        "due": sa.and_(counts, sa.or_(sa.not_(is_open), _promise <= now)),
        "in_time": sa.and_(counts, _is_handled, _taken_at <= _promise),
        "calls_due": calls_due,
        "calls_kept": sa.and_(calls_due, calls_kept),
        "settled": settled,
        "at_first_contact": sa.and_(settled, _own.reminders == 0, once),
        "overtakes": _own.overtook > 0,
    }
    return [flag(name, told[name]) for name in FLAGS]


def _callbacks(now: datetime) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Return whether a callback was promised for a moment that counts, and whether the citizen was called by then."""
    dialled = (
        sa.select(sa.func.min(_happened.at, type_=_promise.type))
        .where(_happened.request == _own.id, _happened.after == RequestState.DIALING_CITIZEN)
        .scalar_subquery()
    )
    called_at = sa.func.coalesce(dialled, sa.case((_is_handled, _taken_at)), type_=_promise.type)
    kept = sa.and_(called_at.is_not(None), called_at <= _promise)
    stands = sa.not_(sa.and_(_own.state == RequestState.CANCELLED, _own.closed_at <= _promise, dialled.is_(None)))
    is_due = sa.or_(_promise <= now, kept)
    return sa.and_(_own.kind == RequestKind.CALLBACK, sa.not_(_is_put_off()), stands, is_due), kept


def _is_put_off() -> sa.ColumnElement[bool]:
    """Whether the citizen wants to be called later than was promised (a try that missed them makes it later too)."""
    missed = _event(_happened.before == RequestState.DIALING_CITIZEN, _happened.after == RequestState.WAITING).exists()
    later = sa.and_(_own.not_before.is_not(None), _own.not_before > _promise)
    return sa.and_(_own.kind == RequestKind.CALLBACK, later, sa.not_(missed))


def _times() -> list[sa.ColumnElement[Any]]:
    """Return the microseconds until an agent took them, on the line, of conversation and writing up; NULL for none."""
    talks = attempts.c
    talk = _sum_of_talks(between(talks.bridged_at, talks.ended_at))
    write_up = _sum_of_talks(between(talks.ended_at, talks.wrapped_up_at))
    whole = _sum_of_talks(between(talks.bridged_at, sa.func.coalesce(talks.wrapped_up_at, talks.ended_at)))
    held = sa.and_(_is_handled, _own.kind == RequestKind.HOLD, _own.connected_at.is_not(None))
    return [
        sa.case((_is_handled, between(_own.opened_at, _taken_at))).label("wait"),
        sa.case((held, between(_own.held_since, _own.connected_at))).label("hold"),
        sa.case((_is_handled, talk)).label("talk"),
        sa.case((_is_handled, write_up)).label("write_up"),
        sa.case((_is_handled, whole)).label("handling"),
    ]


def _sum_of_talks(span: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """Sum a span over the conversations about a request."""
    talked = sa.and_(attempts.c.request == _own.id, attempts.c.state == AttemptState.ENDED)
    return sa.select(sa.func.sum(span)).where(talked, attempts.c.bridged_at.is_not(None)).scalar_subquery()


def _key(by: By, period: Period, first: sa.FromClause) -> sa.ColumnElement[Any]:
    keys: dict[By, sa.ColumnElement[Any]] = {
        By.ALL: sa.literal_column("''", sa.String),
        By.LINE: sa.func.coalesce(first.c.line, _own.line),
        By.QUEUE: _own.queue,
        By.MATTER: _own.intent,
        By.CHANNEL: coalesced(first.c.channel),
        By.HOUR: hour_of(_own.opened_at, period),
        By.DAY: day_of(_own.opened_at, period),
        By.MONTH: month_of(_own.opened_at, period),
    }
    return keys[by]
