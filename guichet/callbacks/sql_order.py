"""Who is next in the one order, in SQL: statements built once, with parameters to fill. No I/O."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.request import RequestKind, RequestState
from guichet.callbacks.store import MOST_OVERTAKEN, Served
from guichet.callbacks.tables import IS_OPEN, requests
from guichet.core.language import Language

_own = requests.c

PLACE = (_own.priority.desc(), _own.target_at, _own.id)
"""The one order: the more urgent, then whom we promised the earlier, then who came first."""
IS_WAITING = sa.and_(_own.state == RequestState.WAITING, IS_OPEN)


def _moment(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=_own.not_before.type)


IS_FOR_AGENTS = sa.or_(
    _own.kind == RequestKind.HOLD,
    sa.and_(_own.kind == RequestKind.CALLBACK, sa.or_(_own.not_before.is_(None), _own.not_before <= _moment("now"))),
)
"""Holders, and callbacks that may be made `now`."""
_is_served = sa.or_(
    *(
        sa.and_(_own.language == language.value, _own.queue.in_(sa.bindparam(f"queues_{language}", expanding=True)))
        for language in Language
    )
)
_is_due = sa.and_(IS_WAITING, IS_FOR_AGENTS, _is_served)

FIRST = sa.select(requests).where(_is_due).order_by(*PLACE).limit(1).with_for_update(skip_locked=True)
"""The first of those `served` whose time has come, `now`; one that is being changed at this moment is passed."""
ANYONE = sa.select(sa.exists().where(_is_due))
_overtaken = (
    sa.select(_own.id)
    .where(
        IS_WAITING,
        IS_FOR_AGENTS,
        _own.queue == sa.bindparam("queue"),
        _own.language == sa.bindparam("language"),
        _own.opened_at < _moment("opened_at"),
    )
    .limit(MOST_OVERTAKEN)
    .subquery()
)
OVERTAKEN = sa.select(sa.func.count()).select_from(_overtaken)
"""How many of a `queue` and `language` came before `opened_at`, by the index of opening."""


def served(queues: Served, now: datetime) -> Mapping[str, Any]:
    """Return what fills FIRST and ANYONE."""
    named: dict[Language, set[str]] = {language: set() for language in Language}
    for queue, language in queues:
        named[language].add(queue)
    return {"now": now, **{f"queues_{language}": sorted(names) for language, names in named.items()}}
