"""Contacts, counted in SQL: who was served, with or without an agent, who left, who was content with the message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.request import RequestState
from guichet.callbacks.tables import request_contacts, requests
from guichet.citizens.tables import contacts
from guichet.gateway.sql_counting import came_once, coalesced, counted, flag, grouped
from guichet.gateway.sql_moments import day_of, hour_of, month_of
from guichet.routing.measures import (
    COMES_BACK,
    INFORMED,
    NO_CONTENT,
    SELF_SERVED,
    TO_A_PERSON,
    TOLD,
    UNFINISHED,
    By,
    Period,
)

HANDLED = (RequestState.TALKING, RequestState.DONE)
"""The states of a request that an agent handles or has handled."""

FLAGS = (
    "contacts",
    "served",
    "gone",
    "informed",
    "samples",
    "needing",
    "left",
    "settled",
    "at_first_contact",
)
_DECIDED = contacts.c.file["decision"]


def contacts_counted(period: Period, by: By, now: datetime) -> sa.Select[Any]:
    """Select the counts of contacts that began in a period, by `key`."""
    one = contacts_told(period, {"key": by}, now).subquery()
    return grouped(one, counted(one, FLAGS))


def contacts_told(period: Period, keys: Mapping[str, By], now: datetime) -> sa.Select[Any]:
    """Select the contacts that began in a period: what tells each apart, and zeros and ones."""
    about = requests.alias("about")
    told = _flags(now)
    names = [_key(by, period, about.c.queue).label(name) for name, by in keys.items()]
    return (
        sa.select(*names, *(flag(name, told[name]) for name in FLAGS))
        .join_from(contacts, about, about.c.id == contacts.c.request, isouter=True)
        .where(contacts.c.started_at >= period.start, contacts.c.started_at < period.end)
        .where(contacts.c.outcome.not_in(NO_CONTENT))
    )


def _flags(now: datetime) -> dict[str, sa.ColumnElement[bool]]:
    own, outcome = contacts.c, contacts.c.outcome
    handled = (
        sa.select(1)
        .join_from(request_contacts, requests, requests.c.id == request_contacts.c.request)
        .where(request_contacts.c.contact == own.id, requests.c.state.in_(HANDLED))
        .exists()
    )
    is_unfinished = sa.and_(outcome == "", own.started_at > now - UNFINISHED)
    counts = sa.not_(sa.or_(outcome.in_((*NO_CONTENT, INFORMED)), is_unfinished))
    alone = own.request.is_(None)
    served = sa.and_(
        counts, sa.or_(outcome.in_(SELF_SERVED), sa.and_(outcome == TOLD, alone), sa.and_(~alone, handled))
    )
    to_a_person = coalesced(_DECIDED["outcome"].as_string()).in_(TO_A_PERSON)
    leaving = sa.and_(counts, alone, outcome.not_in((*SELF_SERVED, TOLD)))
    settled_at = sa.func.coalesce(own.ended_at, own.started_at, type_=own.started_at.type)
    answered = sa.and_(
        outcome == "answer",
        own.intent.is_not(None),
        sa.or_(own.citizen.is_not(None), own.caller.is_not(None)),
        settled_at <= now - COMES_BACK,
    )
    once = came_once(own.id, own.citizen, own.caller, own.intent, own.started_at, settled_at)
    left = sa.and_(leaving, to_a_person)
    return {
        "contacts": counts,
        "served": served,
        "gone": sa.and_(leaving, sa.not_(to_a_person)),
        "informed": outcome == INFORMED,
        "samples": own.file["sample"].as_boolean(),
        "needing": left,
        "left": left,
        "settled": answered,
        "at_first_contact": sa.and_(answered, once),
    }


def _key(by: By, period: Period, queue: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    own = contacts.c
    keys: dict[By, sa.ColumnElement[Any]] = {
        By.ALL: sa.literal_column("''", sa.String),
        By.LINE: own.line,
        By.QUEUE: coalesced(queue, _DECIDED["queue"].as_string()),
        By.MATTER: coalesced(own.intent),
        By.CHANNEL: own.channel,
        By.HOUR: hour_of(own.started_at, period),
        By.DAY: day_of(own.started_at, period),
        By.MONTH: month_of(own.started_at, period),
    }
    return keys[by]
