"""The pages of the team: accounts and agents, planned presence, coaching notes; and an agent's own notes."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from guichet.console.account import AccountId
from guichet.console.accounts import Accounts, Wanted
from guichet.console.agent_desk import skills_known
from guichet.console.pages import Pages, back_to, said_of
from guichet.console.role import Role
from guichet.console.team_desk import TeamDesk
from guichet.console.visit import Visit, visit_of
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId
from guichet.routing.rule_book import RuleBook

LONGEST_NOTE = 4000


class TeamPages:
    """Translates."""

    def __init__(self, desk: TeamDesk, accounts: Accounts, book: Callable[[], RuleBook], pages: Pages) -> None:
        self._desk = desk
        self._accounts = accounts
        self._book = book
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/team", self._team),
            web.post("/team/accounts", self._put),
            web.get("/team/{account}", self._member),
            web.post("/team/{account}/notes", self._tell),
            web.post("/team/{account}/shifts", self._plan),
            web.get("/coaching", self._own),
        ]

    async def _team(self, request: web.Request) -> web.StreamResponse:
        return await self._list(visit_of(request), said=said_of(request))

    async def _list(self, visit: Visit, status: int = 200, **values: object) -> web.Response:
        known = {"flaw": "", "told": "", **values}
        return self._pages.page(
            visit,
            "team.html",
            status,
            team=await self._desk.team(),
            roles=tuple(Role),
            skills=self._skills(visit),
            **known,
        )

    async def _put(self, request: web.Request) -> web.StreamResponse:
        """Make or change an account; what is left empty stays as it is."""
        visit = visit_of(request)
        role, agent = visit.given("role", 20), visit.given("agent", 64)
        shut = visit.given("shut", 8)
        own = visit.given("login", 200).lower() == visit.who.login
        if own and (shut == "yes" or role not in {"", visit.who.role.value}):
            return await self._list(visit, 400, flaw="team.not_yourself")
        wanted = Wanted(
            login=visit.given("login", 200),
            name=visit.given("name", 200) or None,
            role=Role(role) if role in set(Role) else None,
            password=visit.form.get("password", "") or None,
            agent=AgentId(agent) if agent else None,
            forget_second_factor=visit.given("forget", 8) == "yes",
            is_disabled={"yes": True, "no": False}.get(shut),
        )
        try:
            await self._accounts.put(wanted, visit.who.actor)
        except (BadInput, Conflict) as refused:
            return await self._list(visit, 400, flaw="team.refused", told=str(refused))
        return back_to("/team", "team_changed")

    async def _member(self, request: web.Request) -> web.StreamResponse:
        return await self._one(visit_of(request), request.match_info["account"], said=said_of(request))

    async def _one(self, visit: Visit, account_id: str, status: int = 200, **values: object) -> web.Response:
        account, notes = await self._desk.member(AccountId(account_id))
        team = await self._desk.team()
        return self._pages.page(
            visit,
            "team_member.html",
            status,
            member=account,
            agent=team.agent_of(account),
            notes=notes,
            skills=self._skills(visit),
            shifts=[one for one in team.shifts if one.account == account.id],
            **{"flaw": "", **values},
        )

    async def _tell(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        account_id = AccountId(request.match_info["account"])
        await self._desk.tell(visit.who, account_id, visit.given("text", LONGEST_NOTE))
        return back_to(f"/team/{account_id}", "coaching_written")

    async def _plan(self, request: web.Request) -> web.StreamResponse:
        """Plan a presence, or forget one."""
        visit = visit_of(request)
        account_id = AccountId(request.match_info["account"])
        if gone := visit.given("forget", 64):
            await self._desk.unplan(visit.who, account_id, gone)
            return back_to(f"/team/{account_id}", "presence_unplanned")
        try:
            starts_at, ends_at = self._moment(visit, "starts"), self._moment(visit, "ends")
            await self._desk.plan(visit.who, account_id, starts_at, ends_at)
        except (ValueError, BadInput):
            return await self._one(visit, account_id, 400, flaw="team.no_shift")
        return back_to(f"/team/{account_id}", "presence_planned")

    def _skills(self, visit: Visit) -> dict[str, str]:
        """Return the skills, as people call them."""
        return {name: title.to(visit.language) for name, title in skills_known(self._book())}

    def _moment(self, visit: Visit, name: str) -> datetime:
        """Read a local moment. Raises ValueError."""
        return datetime.fromisoformat(visit.given(name, 40)).replace(tzinfo=self._pages.zone)

    async def _own(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        return self._pages.page(visit, "coaching.html", notes=await self._desk.own_notes(visit.who))
