"""The page of emergency messages: what is up, what was, and the form that puts one up."""

from collections.abc import Callable
from datetime import timedelta

from aiohttp import web

from guichet.console.emergency_desk import EmergencyDesk
from guichet.console.pages import Pages, back_to, said_of
from guichet.console.visit import Visit, visit_of
from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.rule_book import RuleBook
from guichet.routing.urgent import MOST_LETTERS

LASTING = (30, 60, 120, 240, 480, 1440, 4320, 10080)
"""How long a message may be put up for, in minutes."""


class EmergencyPages:
    """Translates. `book` gives the rule book in force: its lines."""

    def __init__(self, desk: EmergencyDesk, book: Callable[[], RuleBook], pages: Pages) -> None:
        self._desk = desk
        self._book = book
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/emergency", self._show),
            web.post("/emergency", self._put),
            web.post("/emergency/end", self._end),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(visit_of(request), said=said_of(request))

    async def _page(self, visit: Visit, status: int = 200, **values: object) -> web.Response:
        return self._pages.page(
            visit,
            "emergency.html",
            status,
            messages=await self._desk.latest(),
            lines=self._book().lines,
            lasting=LASTING,
            most=MOST_LETTERS,
            typed=visit.form,
            **{"flaw": "", **values},
        )

    async def _put(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        minutes = visit.given("for", 6)
        if not minutes.isdecimal() or int(minutes) not in LASTING:
            raise BadInput("choose how long the message stays")
        text = Bilingual(visit.given("fr"), visit.given("en"))
        try:
            line = self._line(visit.given("line", 40))
            closes = visit.given("closes") == "yes"
            await self._desk.put(visit.who, text, timedelta(minutes=int(minutes)), closes=closes, line=line)
        except BadInput:
            return await self._page(visit, 400, flaw="emergency.flaw")
        return back_to("/emergency", "emergency_up")

    def _line(self, number: str) -> PhoneNumber | None:
        """Return a line of the book, or all of them. Raises BadInput."""
        if not number:
            return None
        found = next((one.number for one in self._book().lines if one.number.e164 == number), None)
        if found is None:
            raise BadInput("there is no such line")
        return found

    async def _end(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        await self._desk.end(visit.who, visit.given("message", 64))
        return back_to("/emergency", "emergency_ended")
