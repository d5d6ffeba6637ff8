"""The pages of agents: who they are, what they know and how well, which languages they speak."""

from aiohttp import web

from guichet.console.agent_desk import LONGEST_NAME, AgentDesk, Described
from guichet.console.pages import Pages, back_to, said_of
from guichet.console.visit import Visit, visit_of
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.routing.agent import Agent, Level

_LEVEL = "skill:"
"""How the fields of levels begin."""


class AgentPages:
    """Translates."""

    def __init__(self, desk: AgentDesk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/team/new/agent", self._new),
            web.post("/team/new/agent", self._add),
            web.get("/team/agents/{agent}", self._show),
            web.post("/team/agents/{agent}", self._change),
        ]

    async def _new(self, request: web.Request) -> web.StreamResponse:
        given = Described("", "", frozenset({Language.FR}), {})
        return self._page(visit_of(request), None, given)

    async def _add(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        try:
            agent = await self._desk.add(visit.who, _given(visit))
        except (BadInput, Conflict) as refused:
            return self._page(visit, None, _given(visit), 400, told=str(refused))
        return back_to(f"/team/agents/{agent.id}", "agent_added")

    async def _show(self, request: web.Request) -> web.StreamResponse:
        agent = await self._desk.agent(AgentId(request.match_info["agent"]))
        levels = {name: agent.level(name) for name in agent.skills}
        given = Described(agent.name, agent.phone.address, agent.languages, levels)
        return self._page(visit_of(request), agent, given, said=said_of(request))

    async def _change(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        agent = await self._desk.agent(AgentId(request.match_info["agent"]))
        try:
            await self._desk.change(visit.who, agent.id, _given(visit))
        except (BadInput, Conflict) as refused:
            return self._page(visit, agent, _given(visit), 400, told=str(refused))
        return back_to(f"/team/agents/{agent.id}", "agent_changed")

    def _page(
        self, visit: Visit, agent: Agent | None, given: Described, status: int = 200, *, told: str = "", said: str = ""
    ) -> web.Response:
        return self._pages.page(
            visit,
            "agent.html",
            status,
            agent=agent,
            given=given,
            told=told,
            said=said,
            skills=self._desk.skills(agent),
            levels=tuple(Level),
            languages=tuple(Language),
        )


def _given(visit: Visit) -> Described:
    """Read the form; levels that are none are left out."""
    known = {str(int(level)): level for level in Level}
    levels = {
        name.removeprefix(_LEVEL): known[value]
        for name, value in visit.form.items()
        if name.startswith(_LEVEL) and value in known
    }
    languages = frozenset(one for one in Language if visit.given(f"language:{one.value}", 8) == "yes")
    return Described(visit.given("name", LONGEST_NAME), visit.given("phone", 255), languages, levels)
