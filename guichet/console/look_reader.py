"""Reads what the open pages of a process follow: a few statements for all of them together. Writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.tables import IS_OPEN, attempts, request_contacts, requests
from guichet.console.session import IDLE, Stage
from guichet.console.tables import IS_UNSETTLED, accounts, case_flags, console_sessions
from guichet.core.ids import AgentId, RequestId
from guichet.core.tables import by_name
from guichet.routing.tables import agents
from guichet.sms.tables import messages
from guichet.transcripts.tables import transcript_lines

_CASE = ("state", "agent", "citizen", "reminders", "entered_at", "connected_at", "queue", "not_before", "kind")
_AGENT = ("presence", "since", "until", "afterwards", "reason", "lengthened", "attempt", "skills", "languages")


class LookReader:
    """Reads on one connection. Everything that differs from one look to the next is a change of the page."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def agents(self, ids: Collection[AgentId]) -> Mapping[AgentId, Mapping[str, Any]]:
        """Return how agents stand."""
        found = await self._all(sa.select(agents).where(agents.c.id.in_(sorted(ids))))
        return {AgentId(row.id): by_name(row, _AGENT) for row in found}

    async def in_hand(self, ids: Collection[AgentId]) -> Mapping[AgentId, str]:
        """Return what agents have in hand."""
        columns = requests.c
        query = sa.select(columns.agent, columns.id, columns.state).where(columns.agent.in_(sorted(ids)), IS_OPEN)
        return _joined(await self._all(query.order_by(columns.id)))

    async def help_wanted(self) -> str:
        """Return who calls for a supervisor."""
        return str([row.id for row in await self._all(sa.select(case_flags.c.id).where(IS_UNSETTLED))])

    async def cases(self, ids: Collection[RequestId]) -> Mapping[RequestId, str]:
        """Return how cases stand: themselves, their attempts, contacts, words, texts and flags."""
        known = sorted(ids)
        rows = await self._all(sa.select(requests).where(requests.c.id.in_(known)))
        parts = [{RequestId(row.id): repr(list(by_name(row, _CASE).values())) for row in rows}]
        linked, tried, flagged = request_contacts.c, attempts.c, case_flags.c
        of_contacts = sa.select(linked.request, messages.c.id, messages.c.state).join(
            messages, messages.c.contact == linked.contact
        )
        words = sa.select(linked.request, sa.func.count()).join(
            transcript_lines, transcript_lines.c.contact == linked.contact
        )
        queries = (
            sa.select(tried.request, tried.id, tried.state).where(tried.request.in_(known)).order_by(tried.id),
            sa.select(linked.request, linked.contact).where(linked.request.in_(known)).order_by(linked.contact),
            of_contacts.where(linked.request.in_(known)).order_by(messages.c.id),
            words.where(linked.request.in_(known)).group_by(linked.request),
            sa.select(flagged.request, flagged.id, flagged.settled_at).where(flagged.request.in_(known)),
        )
        parts += [_joined(await self._all(query)) for query in queries]
        return {one: " ".join(part.get(one, "") for part in parts) for one in ids}

    async def over(self, sessions: Collection[str], now: datetime) -> frozenset[str]:
        """Return which sessions may see nothing any more: ended, too old, or of an account that is closed."""
        kept = console_sessions.c
        query = (
            sa.select(kept.id)
            .join(accounts, accounts.c.id == kept.account)
            .where(kept.id.in_(sorted(sessions)), kept.stage == Stage.OPEN, accounts.c.disabled_at.is_(None))
            .where(kept.expires_at > now, kept.seen_at > now - IDLE)
        )
        return frozenset(sessions) - {row.id for row in await self._all(query)}

    async def _all(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        return list(await self._connection.execute(query))


def _joined(rows: Sequence[sa.Row[Any]]) -> dict[Any, str]:
    """Return what is told of each: the first column names it."""
    found: dict[Any, str] = {}
    for row in rows:
        found[row[0]] = f"{found.get(row[0], '')}{tuple(row[1:])}"
    return found
