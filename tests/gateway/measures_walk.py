"""The measures once more, by hand: a walk over what happened, event by event, that knows nothing of the SQL."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.tables import attempts, request_contacts, request_events, requests
from guichet.citizens.tables import contacts
from guichet.gateway.units import SqlUnit
from guichet.routing.measures import By, Key, Measures, Period
from guichet.sms.tables import messages, surveys

WEEK = timedelta(days=7)
NEVER_LEFT = {"pending", "withdrawn", "refused", "failed"}
SERVED_BY_RULES = {"answer", "status", "cancel", "cancelled", "moved", "other_number", "help"}


@dataclass(frozen=True)
class Happened:
    """Everything there is, as plain rows."""

    contacts: Sequence[Any]
    requests: Sequence[Any]
    events: Sequence[Any]
    attempts: Sequence[Any]
    links: Sequence[Any]
    texts: Sequence[Any]
    surveys: Sequence[Any]


async def read(unit: SqlUnit) -> Happened:
    """Read every row."""

    async def rows(table: sa.Table) -> Sequence[Any]:
        return (await unit.connection.execute(sa.select(table))).all()

    events = sorted(await rows(request_events), key=lambda row: row.id)
    return Happened(
        await rows(contacts),
        await rows(requests),
        events,
        await rows(attempts),
        await rows(request_contacts),
        await rows(messages),
        await rows(surveys),
    )


class Life:
    """What the events of a request tell."""

    def __init__(self, events: Sequence[Any]) -> None:
        self.state = "waiting"
        self.talks_since: datetime | None = None
        self.closed_at: datetime | None = None
        self.dialled_at: datetime | None = None
        self.missed = self.merged = False
        self.overtook = 0
        self.bridged: dict[str, datetime] = {}
        self.ended: dict[str, datetime] = {}
        self.talks: list[timedelta] = []
        self.write_ups: list[timedelta] = []
        for event in events:
            self._attempt(event) if event.attempt else self._own(event)

    def _own(self, event: Any) -> None:
        assert event.before == self.state
        self.state = event.after
        if event.before == "waiting" and event.after in {"dialing_agent", "offered"}:
            told = re.search(r"overtakes (\d+)", event.reason)
            self.overtook = int(told[1]) if told else 0
        self.talks_since = event.at if event.after == "talking" else self.talks_since
        if event.after == "waiting":
            self.talks_since = None
            self.missed = self.missed or event.before == "dialing_citizen"
        if event.after == "dialing_citizen":
            self.dialled_at = self.dialled_at or event.at
        if event.after in {"done", "cancelled", "expired", "exhausted"}:
            self.closed_at = event.at
        self.merged = self.merged or (event.after == "cancelled" and event.reason.startswith("merged"))

    def _attempt(self, event: Any) -> None:
        if event.after == "bridged":
            self.bridged[event.attempt] = event.at
        if event.after == "ended":
            self.talks.append(event.at - self.bridged[event.attempt])
            self.ended[event.attempt] = event.at
        if event.after == "written_up":
            self.write_ups.append(event.at - self.ended[event.attempt])

    @property
    def handled(self) -> bool:
        """Whether an agent talks with them, or has."""
        return self.state in {"talking", "done"}


class Walk:
    """Goes through everything once, and counts."""

    def __init__(self, happened: Happened, period: Period, by: By, now: datetime) -> None:
        self._all, self._period, self._by, self._now = happened, period, by, now
        self._counts: defaultdict[Key, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._times: defaultdict[Key, defaultdict[str, list[timedelta]]] = defaultdict(lambda: defaultdict(list))
        events = defaultdict(list)
        for event in happened.events:
            events[event.request].append(event)
        self._lives = {row.id: Life(events[row.id]) for row in happened.requests}
        self._requests = {row.id: row for row in happened.requests}
        self._contacts = {row.id: row for row in happened.contacts}
        self._about = defaultdict(list)
        for link in happened.links:
            self._about[link.contact].append(link.request)

    def counted(self) -> dict[Key, Measures]:
        """Return the figures of each group."""
        for row in self._all.contacts:
            if self._is_in(row.started_at) and row.outcome not in {"opt_in", "opt_out", "silent", "rated"}:
                self._contact(row)
        for row in self._all.requests:
            if self._is_in(row.opened_at) and not self._lives[row.id].merged:
                self._demand(row, self._lives[row.id])
        self._texts_and_surveys()
        return {key: self._measures(key) for key in sorted(self._counts)}

    def _texts_and_surveys(self) -> None:
        for row in self._all.texts:
            if row.direction == "out" and self._is_in(row.created_at) and row.state not in NEVER_LEFT:
                self._text(row)
        for row in self._all.surveys:
            if self._is_in(row.asked_at):
                self._survey(row)

    def _text(self, row: Any) -> None:
        contact, request = self._contacts.get(row.contact), self._requests.get(row.request)
        decided = contact.file.get("decision", {}) if contact else {}
        counts = self._counts[
            self._key(
                row.created_at,
                line=contact.line if contact else row.line,
                queue=request.queue if request else decided.get("queue"),
                matter=request.intent if request else contact.intent if contact else None,
                channel=contact.channel if contact else None,
            )
        ]
        counts["texts"] += 1
        counts["text_parts"] += row.parts
        counts["text_cost"] += row.cost or 0

    def _survey(self, row: Any) -> None:
        counts = self._counts[
            self._key(row.asked_at, line=row.line, queue=row.queue, matter=row.intent, channel=row.channel)
        ]
        counts["surveyed"] += 1
        counts["rated"] += row.score is not None
        counts["satisfied"] += row.score in {4, 5}
        counts["score"] += row.score or 0

    def _is_in(self, moment: datetime) -> bool:
        return self._period.first <= moment.astimezone(self._period.zone).date() <= self._period.last

    def _key(self, at: datetime, **names: str | None) -> Key:
        local = at.astimezone(self._period.zone)
        if self._by is By.ALL:
            return ""
        if self._by is By.HOUR:
            return local.hour
        if self._by is By.MONTH:
            return f"{local:%Y-%m}"
        return local.date() if self._by is By.DAY else names[self._by.value] or ""

    def _contact(self, row: Any) -> None:
        decided = row.file.get("decision", {})
        queue = self._requests[row.request].queue if row.request else decided.get("queue")
        counts = self._counts[
            self._key(row.started_at, line=row.line, queue=queue, matter=row.intent, channel=row.channel)
        ]
        counts["samples"] += bool(row.file.get("sample"))
        if row.outcome == "informed":
            counts["informed"] += 1
            return
        if not row.outcome and self._now - row.started_at < timedelta(days=1):
            return
        counts["contacts"] += 1
        if row.outcome in SERVED_BY_RULES:
            counts["served"] += 1
        elif row.request is not None:
            counts["served"] += any(self._lives[one].handled for one in self._about[row.id])
        elif row.outcome == "emergency":
            counts["served"] += 1
        elif decided.get("outcome") in {"agent", "callback"}:
            counts["left"] += 1
            counts["needing"] += 1
        else:
            counts["gone"] += 1
        settled_at = row.ended_at or row.started_at
        if row.outcome == "answer" and row.intent and (row.citizen or row.caller) and self._now - settled_at >= WEEK:
            counts["settled"] += 1
            person = row.citizen, row.caller
            counts["at_first_contact"] += not self._others(row.id, person, row.intent, row.started_at, settled_at)

    def _others(
        self, own: str, person: tuple[str | None, str | None], intent: str, opened: datetime, settled: datetime
    ) -> bool:
        """Whether the person had another contact about the matter."""
        citizen, number = person
        return any(
            (row.citizen == citizen if citizen else row.caller is not None and row.caller == number)
            for row in self._all.contacts
            if row.id != own and row.intent == intent and opened - WEEK <= row.started_at <= settled + WEEK
        )

    def _demand(self, row: Any, life: Life) -> None:
        first = self._contacts[row.contact]
        key = self._key(row.opened_at, line=first.line, queue=row.queue, matter=row.intent, channel=first.channel)
        counts, times = self._counts[key], self._times[key]
        counts["needing"] += 1
        counts["handled"] += life.handled
        counts["waiting"] += not life.handled and life.closed_at is None
        counts["abandoned"] += life.state == "cancelled" and row.kind == "hold"
        counts["withdrawn"] += life.state == "cancelled" and row.kind != "hold"
        counts["lost"] += life.state in {"expired", "exhausted"}
        counts["held"] += row.held_since is not None
        counts["overtakes"] += life.overtook > 0
        counts["overtaken"] += life.overtook
        taken_at = (life.talks_since or life.closed_at) if life.handled else None
        promise = row.slot_until or row.target_at
        is_late = row.not_before is not None and row.not_before > promise
        put_off = row.kind == "callback" and is_late and not life.missed
        if taken_at is not None:
            counts["in_time"] += taken_at <= promise and not put_off
            times["wait"].append(taken_at - row.opened_at)
        if not put_off:
            counts["due"] += life.handled or life.closed_at is not None or promise <= self._now
        if row.kind == "hold" and life.handled and life.talks_since:
            times["hold"].append(life.talks_since - row.held_since)
        if life.handled and life.talks:
            times["talk"].append(sum(life.talks, timedelta()))
            times["handling"].append(sum([*life.talks, *life.write_ups], timedelta()))
        if life.handled and life.write_ups:
            times["write_up"].append(sum(life.write_ups, timedelta()))
        if row.kind == "callback" and not put_off:
            self._callback(promise, life, taken_at, counts)
        self._settle(row, life, counts)

    def _callback(
        self, promise: datetime, life: Life, taken_at: datetime | None, counts: defaultdict[str, int]
    ) -> None:
        called_at = life.dialled_at or taken_at
        kept = called_at is not None and called_at <= promise
        cancelled_at = life.closed_at if life.state == "cancelled" and life.dialled_at is None else None
        withdrawn = cancelled_at is not None and cancelled_at <= promise
        if not withdrawn and (kept or promise <= self._now):
            counts["calls_due"] += 1
            counts["calls_kept"] += kept

    def _settle(self, row: Any, life: Life, counts: defaultdict[str, int]) -> None:
        if life.state != "done" or life.closed_at is None or self._now - life.closed_at < WEEK:
            return
        if not row.intent or not (row.citizen or row.number):
            return
        counts["settled"] += 1
        asked_again = any(link.contact != row.contact for link in self._all.links if link.request == row.id)
        person = row.citizen, row.number
        others = self._others(row.contact, person, row.intent, row.opened_at, life.closed_at)
        counts["at_first_contact"] += not asked_again and not others

    def _measures(self, key: Key) -> Measures:
        times = {name: sorted(values) for name, values in self._times[key].items()}
        wait, hold, talk, handling = (times.get(name, []) for name in ("wait", "hold", "talk", "handling"))
        counted = replace(Measures(), **self._counts[key])
        return replace(
            counted,
            waited=_whole(sum(wait, timedelta())),
            wait_median=_at(wait, 0.5),
            wait_of_9_in_10=_at(wait, 0.9),
            held_through=len(hold),
            hold_median=_at(hold, 0.5),
            hold_of_9_in_10=_at(hold, 0.9),
            talks=len(talk),
            talked=_whole(sum(talk, timedelta())),
            talk_median=_at(talk, 0.5),
            write_ups=len(times.get("write_up", [])),
            written_up=_whole(sum(times.get("write_up", []), timedelta())),
            handling_median=_at(handling, 0.5),
            handling_of_9_in_10=_at(handling, 0.9),
        )


def _whole(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _at(ordered: Sequence[timedelta], part: float) -> int | None:
    return _whole(ordered[ceil(round(part * len(ordered), 6)) - 1]) if ordered else None
