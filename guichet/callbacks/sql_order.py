"""Who is next in the one order, in SQL: statements built once, with parameters to fill. No I/O."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.order import Place
from guichet.callbacks.request import RequestKind, RequestState
from guichet.callbacks.store import HOLDING_STATES, MOST_BEFORE, MOST_OVERTAKEN, Served
from guichet.callbacks.tables import IS_OPEN, requests
from guichet.core.language import Language

_own = requests.c

PLACE = (_own.priority.desc(), _own.target_at, _own.id)
"""The one order: the more urgent, then whom we promised the earlier, then who came first."""
ONE_ORDER = 0x6F72646572
"""The key of PostgreSQL's lock for who takes the next in the order: `order` in ASCII."""
SLOTS = 0x736C6F74
"""The first key of PostgreSQL's locks for who takes a slot: `slot` in ASCII; the second is the queue's."""
IS_WAITING = sa.and_(_own.state == RequestState.WAITING, IS_OPEN)


def _moment(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=_own.not_before.type)


def _queues(name: str) -> sa.ColumnElement[bool]:
    """Select the queues that stand in parameters, by language: `fr_name`, `en_name`."""
    here = (
        sa.and_(_own.language == language.value, _own.queue.in_(sa.bindparam(f"{language}_{name}", expanding=True)))
        for language in Language
    )
    return sa.or_(*here)


_is_due_now = sa.or_(_own.kind == RequestKind.HOLD, _own.not_before.is_(None), _own.not_before <= _moment("now"))
"""Holders, and callbacks and texts that may be taken `now`."""
IS_FOR_PHONES = sa.and_(_own.kind != RequestKind.TEXT, _is_due_now)
"""Holders, and callbacks that may be made `now`."""
_phones = sa.and_(IS_WAITING, IS_FOR_PHONES, _queues("served"))
_both = sa.and_(
    IS_WAITING,
    _is_due_now,
    sa.or_(
        sa.and_(_own.kind != RequestKind.TEXT, _queues("served")),
        sa.and_(_own.kind == RequestKind.TEXT, _queues("writing")),
    ),
)


def _first(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(requests).where(which).order_by(*PLACE).limit(1).with_for_update()


FIRST = _first(_phones)
"""The first of those `served` whose time has come, `now`; one that is being changed at this moment is waited for."""
FIRST_OF_BOTH = _first(_both)
"""The same, or the first text of those queues whose texts somebody answers (`writing`)."""
ANYONE = sa.select(sa.exists().where(_phones))
ANYONE_OF_BOTH = sa.select(sa.exists().where(_both))
_overtaken = (
    sa.select(_own.id)
    .where(
        IS_WAITING,
        _is_due_now,
        _own.queue == sa.bindparam("queue"),
        _own.language == sa.bindparam("language"),
        _own.opened_at < _moment("opened_at"),
    )
    .limit(MOST_OVERTAKEN)
    .subquery()
)
OVERTAKEN = sa.select(sa.func.count()).select_from(_overtaken)
"""How many of a `queue` and `language` came before `opened_at`, by the index of opening."""

_stands_before = sa.or_(
    _own.priority > sa.bindparam("priority"),
    sa.and_(
        _own.priority == sa.bindparam("priority"),
        sa.tuple_(_own.target_at, _own.id) < sa.tuple_(_moment("target_at"), sa.bindparam("own", type_=_own.id.type)),
    ),
)
_before = (
    sa.select(_own.queue, _own.language)
    .where(IS_WAITING, IS_FOR_PHONES, _stands_before)
    .order_by(*PLACE)
    .limit(MOST_BEFORE)
    .subquery()
)
BEFORE = sa.select(_before.c.queue, _before.c.language, sa.func.count().label("number")).group_by(
    _before.c.queue, _before.c.language
)
"""How many stand before a place (`placed`), by queue and language."""
HOLDING = sa.select(sa.func.count()).where(
    IS_OPEN,
    _own.state.in_([state.value for state in HOLDING_STATES]),
    _own.kind == RequestKind.HOLD,
    _own.queue == sa.bindparam("queue"),
    _own.language == sa.bindparam("language"),
)
"""How many hold in a `queue` and `language`."""


def placed(place: Place, now: datetime) -> Mapping[str, Any]:
    """Return what fills BEFORE."""
    urgency, target_at, own = place
    return {"priority": -urgency, "target_at": target_at, "own": own, "now": now}


def served(queues: Served, writing: Served, now: datetime) -> Mapping[str, Any]:
    """Return what fills FIRST and ANYONE, or where there is any `writing` those of both."""
    told: dict[str, Any] = {"now": now, **_named("served", queues)}
    return told | _named("writing", writing) if writing else told


def _named(name: str, queues: Served) -> dict[str, list[str]]:
    named: dict[Language, set[str]] = {language: set() for language in Language}
    for queue, language in queues:
        named[language].add(queue)
    return {f"{language}_{name}": sorted(names) for language, names in named.items()}
