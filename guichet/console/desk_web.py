"""The pages of the desk: presence, what is in hand, what waits, what to come back to."""

from collections.abc import Callable

from aiohttp import web

from guichet.console.case_work import CaseWork, agent_of
from guichet.console.desk import Desks, desk_of
from guichet.console.live import Streams
from guichet.console.pages import Pages, back_to, said_of, see
from guichet.console.permissions import ROOT
from guichet.console.presences import Presences
from guichet.console.visit import visit_of
from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.routing.agent import Presence


class DeskPages:
    """Translates. `title` names a matter."""

    def __init__(
        self,
        desks: Desks,
        work: CaseWork,
        presences: Presences,
        pages: Pages,
        streams: Streams,
        title: Callable[[str], Bilingual],
    ) -> None:
        self._desks = desks
        self._work = work
        self._presences = presences
        self._pages = pages
        self._streams = streams
        self._title = title

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/desk", self._show),
            web.get("/desk/live", self._follow),
            web.post("/desk/presence", self._say),
            web.post("/desk/next", self._next),
            web.post("/outcomes/{outcome}/settle", self._settle_outcome),
            web.post("/flags/{flag}/settle", self._settle_flag),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        desk = await self._desks.of(visit.who)
        return self._pages.page(visit, "desk.html", desk=desk, title_of=self._title, said=said_of(request))

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)

        async def region() -> str:
            desk = await self._desks.of(visit.who)
            return self._pages.text(visit, "desk_state.html", desk=desk, title_of=self._title)

        return await self._streams.follow(request, desk_of(visit.who), region)

    async def _say(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        wanted = visit.given("presence")
        agent = agent_of(visit.who)
        match wanted:
            case "written_up":
                await self._presences.end_wrap_up(agent, visit.who.actor)
            case "longer":
                await self._presences.lengthen(agent)
            case "free":
                await self._work.free(visit.who)
            case Presence.AVAILABLE | Presence.PAUSE | Presence.AWAY:
                await self._presences.say(agent, Presence(wanted), visit.given("reason", 100), visit.who.actor)
            case _:
                raise BadInput("an agent says that they are available, pause or are away")
        return back_to("/desk", "presence")

    async def _next(self, request: web.Request) -> web.StreamResponse:
        row = await self._work.take_next(visit_of(request).who)
        return see(f"{ROOT}/cases/{row.id}") if row else back_to("/desk", "nobody_waits")

    async def _settle_outcome(self, request: web.Request) -> web.StreamResponse:
        await self._work.settle_outcome(visit_of(request).who, request.match_info["outcome"])
        return back_to("/desk", "settled")

    async def _settle_flag(self, request: web.Request) -> web.StreamResponse:
        await self._work.settle_flag(visit_of(request).who, request.match_info["flag"])
        return back_to("/desk", "settled")
