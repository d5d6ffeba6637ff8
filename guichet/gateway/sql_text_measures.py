"""Texts and surveys, counted in SQL: what left and what it cost, who was asked how they were served, their answers."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.tables import requests
from guichet.citizens.tables import contacts
from guichet.gateway.sql_counting import coalesced, counted, flag, grouped
from guichet.gateway.sql_moments import day_of, hour_of, month_of
from guichet.routing.measures import By, Period
from guichet.sms.message import DeliveryState, Direction
from guichet.sms.survey import SATISFIED
from guichet.sms.tables import messages, surveys

LEFT = (
    DeliveryState.SENDING,
    DeliveryState.IN_DOUBT,
    DeliveryState.QUEUED,
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.UNDELIVERED,
)
"""States of texts that were handed to the carrier, which bills them whether or not they arrive."""
TEXTS = ("texts", "text_parts", "text_cost")
SURVEYS = ("surveyed", "rated", "satisfied", "score")


def texts_counted(period: Period, by: By) -> sa.Select[Any]:
    """Select the counts of texts of ours that were composed in a period, by `key`."""
    one = texts_told(period, {"key": by}).subquery()
    return grouped(one, counted(one, TEXTS))


def texts_told(period: Period, told: Mapping[str, By]) -> sa.Select[Any]:
    """Select the texts of ours that were composed in a period: what tells each apart, and what it counts."""
    own = messages.c
    keys: dict[By, sa.ColumnElement[Any]] = {
        By.LINE: sa.func.coalesce(contacts.c.line, own.line),
        By.QUEUE: coalesced(requests.c.queue, contacts.c.file["decision"]["queue"].as_string()),
        By.MATTER: coalesced(requests.c.intent, contacts.c.intent),
        By.CHANNEL: coalesced(contacts.c.channel),
    }
    return (
        sa.select(
            *(_key(by, period, own.created_at, keys).label(name) for name, by in told.items()),
            sa.literal_column("1", sa.Integer).label("texts"),
            own.parts.label("text_parts"),
            sa.func.coalesce(own.cost, 0, type_=sa.BigInteger).label("text_cost"),
        )
        .join_from(messages, contacts, contacts.c.id == own.contact, isouter=True)
        .join(requests, requests.c.id == own.request, isouter=True)
        .where(own.direction == Direction.OUT, own.state.in_(LEFT))
        .where(own.created_at >= period.start, own.created_at < period.end)
    )


def surveys_counted(period: Period, by: By) -> sa.Select[Any]:
    """Select the counts of surveys that were asked in a period, by `key`."""
    one = surveys_told(period, {"key": by}).subquery()
    return grouped(one, counted(one, SURVEYS))


def surveys_told(period: Period, told: Mapping[str, By]) -> sa.Select[Any]:
    """Select the surveys that were asked in a period: what tells each apart, and what it counts."""
    own = surveys.c
    keys: dict[By, sa.ColumnElement[Any]] = {
        By.LINE: own.line,
        By.QUEUE: own.queue,
        By.MATTER: own.intent,
        By.CHANNEL: own.channel,
    }
    return sa.select(
        *(_key(by, period, own.asked_at, keys).label(name) for name, by in told.items()),
        sa.literal_column("1", sa.Integer).label("surveyed"),
        flag("rated", own.score.is_not(None)),
        flag("satisfied", own.score >= SATISFIED),
        sa.func.coalesce(own.score, 0, type_=sa.Integer).label("score"),
    ).where(own.asked_at >= period.start, own.asked_at < period.end)


def _key(
    by: By, period: Period, moment: sa.ColumnElement[Any], keys: dict[By, sa.ColumnElement[Any]]
) -> sa.ColumnElement[Any]:
    if by is By.ALL:
        return sa.literal_column("''", sa.String)
    keys[By.HOUR] = hour_of(moment, period)
    keys[By.DAY] = day_of(moment, period)
    keys[By.MONTH] = month_of(moment, period)
    return keys[by]
