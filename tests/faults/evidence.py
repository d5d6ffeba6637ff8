"""All that the checker is given: what the carrier's log says, and the final tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa

from guichet.callbacks.tables import request_events
from guichet.carrier.simulator.log import Event, Kind
from guichet.carrier.simulator.simulator import Simulator
from guichet.gateway.database import Database
from tests.journeys import tables


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the carrier has it."""

    sid: str
    from_: str
    to: str
    direction: str
    parent: str | None
    attempt: str
    """The attempt that the URL of ours names; empty for a citizen's own call."""
    created: datetime
    state: str
    is_over: bool
    said: tuple[str, ...]
    was_held: bool
    talked: bool
    complaints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the carrier has it; `message` is ours, named by the URL of its callbacks."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    state: str
    message: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A text of a citizen that we have answered with a 200."""

    sid: str
    number: str
    body: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The carrier's log and the final tables."""

    calls: tuple[Call, ...]
    texts: tuple[Text, ...]
    taken: tuple[Taken, ...]
    tables: tables.Tables
    events: Sequence[sa.Row[Any]]


async def gather(simulator: Simulator, database: Database) -> Evidence:
    """Read both."""
    async with database.read() as unit:
        events = (await unit.connection.execute(sa.select(request_events).order_by(request_events.c.id))).all()
    return Evidence(
        calls=tuple(
            Call(
                sid=call.sid,
                from_=call.from_,
                to=call.to,
                direction=call.direction,
                parent=call.parent,
                attempt=_named(call.asked, "attempt"),
                created=call.created,
                state=call.state.value,
                is_over=call.state.is_final,
                said=call.log.said,
                was_held=bool(call.log.of(Kind.HOLD)),
                talked=bool(call.log.of(Kind.BRIDGED)),
                complaints=call.log.whats([Kind.COMPLAINT]),
            )
            for call in simulator.calls
        ),
        texts=tuple(
            Text(text.sid, text.from_, text.to, text.body, text.direction, text.state, _named(text.told, "message"))
            for text in simulator.messages.all
        ),
        taken=tuple(_taken(simulator.texting.log.webhooks("/sms/incoming"))),
        tables=await tables.read(database),
        events=events,
    )


def _named(url: str, name: str) -> str:
    return (parse_qs(urlsplit(url).query).get(name) or [""])[0]


def _taken(webhooks: Sequence[Event]) -> list[Taken]:
    seen = [event.details for event in webhooks if event.details["status"] == "200"]
    return [Taken(form["MessageSid"], form["From"], form["Body"]) for form in seen]
