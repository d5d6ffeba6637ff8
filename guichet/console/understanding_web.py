"""The page of understanding: what was not understood, and where callers struggle."""

from collections.abc import Callable

from aiohttp import web

from guichet.console.friction import MOST_DAYS, Frictions
from guichet.console.pages import Pages, back_to, said_of
from guichet.console.understanding import Understanding
from guichet.console.visit import visit_of
from guichet.core.errors import BadInput
from guichet.core.language import Bilingual

SHOWN = 40
"""Groups and rows that the page shows at most."""


class UnderstandingPages:
    """Translates. `title` names matters."""

    def __init__(
        self,
        understanding: Understanding,
        frictions: Frictions,
        title: Callable[[str], Bilingual],
        pages: Pages,
    ) -> None:
        self._understanding = understanding
        self._frictions = frictions
        self._title = title
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/understanding", self._show), web.post("/understanding/settle", self._settle)]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        days = request.query.get("days", "30")
        if not days.isdecimal() or len(days) > 4 or not 1 <= int(days) <= MOST_DAYS:
            raise BadInput(f"what was not understood is shown for 1 to {MOST_DAYS} days")
        frictions = await self._frictions.latest(int(days))
        groups = await self._understanding.groups(int(days))
        return self._pages.page(
            visit_of(request),
            "understanding.html",
            said=said_of(request),
            days=int(days),
            most=MOST_DAYS,
            groups=groups[:SHOWN],
            more=max(0, len(groups) - SHOWN),
            frictions=frictions.value[:SHOWN],
            friction_at=frictions.at,
            titled=self._title,
        )

    async def _settle(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        names = visit.given("texts", 20_000).split()
        if not names:
            raise BadInput("choose the texts that were dealt with")
        await self._understanding.settle(visit.who, names)
        return back_to("/understanding", "unclear_settled")
