"""The one order in SQL: who waits, who is due, and in which place. Conditions; the queries are in `sql_store`."""

from datetime import datetime

import sqlalchemy as sa

from guichet.callbacks.request import RequestKind, RequestState
from guichet.callbacks.store import Served
from guichet.callbacks.tables import IS_OPEN, requests
from guichet.core.language import Language

PLACE = (requests.c.priority.desc(), requests.c.target_at, requests.c.id)
"""The one order: the more urgent, then whom we promised the earlier, then who came first."""
ONE_ORDER = 0x6F72646572
"""The key of PostgreSQL's lock for who takes the next in the order: `order` in ASCII."""
SLOTS = 0x736C6F74
"""The first key of PostgreSQL's locks for who takes a slot: `slot` in ASCII; the second is the queue's."""
IS_WAITING = sa.and_(requests.c.state == RequestState.WAITING, IS_OPEN)


def is_due_by(moment: datetime) -> sa.ColumnElement[bool]:
    """Select holders, and callbacks and texts that may be taken by a moment."""
    not_before = requests.c.not_before
    return sa.or_(requests.c.kind == RequestKind.HOLD, not_before.is_(None), not_before <= moment)


def is_for_phones(moment: datetime) -> sa.ColumnElement[bool]:
    """Select holders, and callbacks that may be made by a moment."""
    return sa.and_(requests.c.kind != RequestKind.TEXT, is_due_by(moment))


def is_due(served: Served, writing: Served, now: datetime) -> sa.ColumnElement[bool]:
    """Select those who wait and are due: holders and callbacks of some queues, texts of others."""
    phones = sa.and_(is_for_phones(now), _is_of(served))
    if not writing:
        return sa.and_(IS_WAITING, phones)
    texts = sa.and_(requests.c.kind == RequestKind.TEXT, is_due_by(now), _is_of(writing))
    return sa.and_(IS_WAITING, sa.or_(phones, texts))


def _is_of(served: Served) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.false(),
        *(
            sa.and_(requests.c.language == language, requests.c.queue.in_(sorted(queues)))
            for language, queues in _by_language(served).items()
        ),
    )


def _by_language(served: Served) -> dict[Language, set[str]]:
    queues: dict[Language, set[str]] = {}
    for queue, language in served:
        queues.setdefault(language, set()).add(queue)
    return queues
