"""The page of the audit trail: who saw, changed, exported, published what."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from aiohttp import hdrs, web

from guichet.console.audit import MOST, Entry, Look
from guichet.console.pages import Pages
from guichet.console.ports import BeginSignIn
from guichet.console.visit import visit_of
from guichet.core.clock import Clock
from guichet.core.csv_text import as_csv
from guichet.core.errors import BadInput

FIELDS = ("actor", "action", "subject", "from", "to")
KINDS = (
    "citizen.",
    "citizens.",
    "case.",
    "contact.",
    "transcripts.",
    "rules.",
    "intents.",
    "emergency.",
    "measures.",
    "audit.",
    "agent.",
    "account.",
    "coaching.",
    "presence.",
    "sign_in.",
    "token.",
    "hook.",
)
"""Beginnings of actions that the form offers."""


class AuditPages:
    """Translates."""

    def __init__(self, begin: BeginSignIn, read: BeginSignIn, pages: Pages, clock: Clock) -> None:
        self._begin = begin
        self._read = read
        self._pages = pages
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/audit", self._show), web.get("/audit/csv", self._csv)]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        look, typed = self._look(request, 50)
        async with self._read() as unit:
            entries = await unit.audit.find(look)
            accounts = await unit.accounts.all()
        kept = {name: value for name, value in typed.items() if value}
        more = urlencode({**kept, "before": entries[-1].id}) if len(entries) == look.limit else ""
        return self._pages.page(
            visit_of(request),
            "audit.html",
            entries=entries,
            names={account.actor: account.name for account in accounts},
            typed=typed,
            more=more,
            query=urlencode(kept),
            kinds=KINDS,
        )

    async def _csv(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        look, _ = self._look(request, MOST)
        async with self._begin() as unit:
            entries = await unit.audit.find(look)
            detail = {"entries": len(entries)}
            await unit.audit.note(Entry(self._clock.now(), visit.who.actor, "audit.exported", "", detail))
        headers = {hdrs.CONTENT_DISPOSITION: 'attachment; filename="guichet_audit.csv"'}
        return web.Response(text=_as_csv(entries), content_type="text/csv", charset="utf-8", headers=headers)

    def _look(self, request: web.Request, limit: int) -> tuple[Look, dict[str, str]]:
        """Read the form. Raises BadInput."""
        typed = {name: request.query.get(name, "").strip()[:100] for name in FIELDS}
        first, last = _day(typed["from"]), _day(typed["to"])
        look = Look(
            actor=typed["actor"],
            action=typed["action"],
            subject=typed["subject"],
            since=self._midnight(first) if first else None,
            until=self._midnight(last + timedelta(days=1)) if last else None,
            before=request.query.get("before", "")[:64],
            limit=limit,
        )
        return look, typed

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._pages.zone)


def _as_csv(entries: Sequence[Entry]) -> str:
    rows = [[one.at.isoformat(), one.actor, one.action, one.subject, _detail(one)] for one in entries]
    return as_csv([["at", "actor", "action", "subject", "detail"], *rows])


def _detail(one: Entry) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(one.detail.items()))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("a day is written as 2026-03-31") from None
    if found is not None and not 1971 <= found.year <= 9000:
        raise BadInput("a day is of a year from 1971 on")
    return found
