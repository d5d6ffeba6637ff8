"""The pages of search: what was said and written, and a contact with all of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from aiohttp import web
from markupsafe import Markup

from guichet.console.pages import Pages
from guichet.console.said import MOST, MOST_WORDS, Line, Searching, Wish
from guichet.console.said_who import Finding
from guichet.console.visit import visit_of
from guichet.core.errors import BadInput
from guichet.core.ids import ContactId
from guichet.core.language import Bilingual
from guichet.core.text import fold, words
from guichet.routing.intent_book import IntentBook

OUTCOMES = ("answer", "agent", "callback", "emergency", "closed", "abandoned", "informed", "status", "cancelled")
FIELDS = ("q", "who", "intent", "outcome", "channel", "from", "to")


class SaidPages:
    """Translates. `intents` names the matters."""

    def __init__(self, searching: Searching, finding: Finding, intents: Callable[[], IntentBook], pages: Pages) -> None:
        self._searching = searching
        self._finding = finding
        self._intents = intents
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/search", self._search), web.get("/contacts/{contact}", self._contact)]

    async def _search(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        typed = {name: request.query.get(name, "").strip()[:200] for name in FIELDS}
        wish = self._wish(typed, request.query.get("before", ""))
        meant = await self._finding.whom(visit.who, typed["who"]) if typed["who"] else None
        found: Sequence[Line] | None = None
        if meant is not None:
            citizen = meant.citizen.id if meant.citizen else None
            wish = replace(wish, citizen=citizen, number=meant.number, request=meant.request)
        if wish.asked and (meant is None or meant.is_anybody):
            found = await self._searching.find(visit.who, wish)
        more = ""
        if found and len(found) == MOST:
            more = urlencode({**{name: value for name, value in typed.items() if value}, "before": found[-1].number})
        return self._pages.page(
            visit,
            "search.html",
            typed=typed,
            meant=meant,
            narrowed=urlencode({name: value for name, value in typed.items() if value and name != "who"}),
            found=found,
            more=more,
            intents=self._intents().intents,
            outcomes=OUTCOMES,
            titled=self._title,
            marked=lambda text: marked(text, wish.words),
        )

    async def _contact(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        contact, lines = await self._searching.read(visit.who, ContactId(request.match_info["contact"]))
        decision = contact.file.get("decision") or {}
        return self._pages.page(
            visit, "contact.html", contact=contact, lines=lines, decision=decision, titled=self._title
        )

    def _title(self, intent: str) -> Bilingual:
        known = self._intents().find(intent)
        return known.title if known else Bilingual(intent, intent)

    def _wish(self, typed: dict[str, str], before: str) -> Wish:
        """Read the form. Raises BadInput."""
        first, last = _day(typed["from"]), _day(typed["to"])
        return Wish(
            words=words(typed["q"])[:MOST_WORDS],
            intent=typed["intent"],
            outcome=typed["outcome"],
            channel=typed["channel"],
            since=self._midnight(first) if first else None,
            until=self._midnight(last + timedelta(days=1)) if last else None,
            before=int(before) if before.isdecimal() and len(before) < 16 else None,
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._pages.zone)


def marked(text: str, wanted: Sequence[str]) -> Markup:
    """Mark the words that begin with what is looked for."""
    parts = [
        Markup("<mark>{}</mark>").format(part) if _fits(part, wanted) else Markup("{}").format(part)
        for part in text.split(" ")
    ]
    return Markup(" ").join(parts)


def _fits(part: str, wanted: Sequence[str]) -> bool:
    return any(piece.startswith(tuple(wanted)) for piece in fold(part).split()) if wanted else False


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("a day is written as 2026-03-31") from None
