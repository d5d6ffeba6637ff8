"""Everybody's own pages: the first one, the account, the second factor, the sessions, the shortcuts, the language."""

from aiohttp import web

from guichet.console.cookies import Cookies
from guichet.console.door import is_within
from guichet.console.factors import Factors
from guichet.console.pages import Pages, Place, back_to, said_of, see
from guichet.console.permissions import ROOT
from guichet.console.ports import BeginSignIn
from guichet.console.second_factor import address_of, picture_of
from guichet.console.shortcuts import PARTS
from guichet.console.sign_in import SignIn
from guichet.console.visit import Visit, visit_of
from guichet.core.errors import BadInput, Conflict
from guichet.core.language import Language


class AccountPages:
    """Translates. `menu` are the places of the console: the first that somebody may use is where they begin."""

    def __init__(
        self, sign_in: SignIn, factors: Factors, begin: BeginSignIn, pages: Pages, cookies: Cookies, *, issuer: str
    ) -> None:
        self._sign_in = sign_in
        self._factors = factors
        self._begin = begin
        self._pages = pages
        self._cookies = cookies
        self._issuer = issuer

    def routes(self, menu: tuple[Place, ...]) -> list[web.RouteDef]:
        """Return the routes."""

        async def first(request: web.Request) -> web.StreamResponse:
            visit = visit_of(request)
            place = next((place.path for place in menu if visit.may(place.path)), f"{ROOT}/account")
            return see(place)

        return [
            web.get("/", first),
            web.get("/help", self._help),
            web.get("/account", self._account),
            web.post("/account/password", self._change_password),
            web.post("/account/second-factor", self._change_factor),
            web.get("/sessions", self._sessions),
            web.post("/sessions/end", self._end),
            web.post("/language", self._choose_language),
        ]

    async def _help(self, request: web.Request) -> web.StreamResponse:
        return self._pages.page(visit_of(request), "help.html", parts=PARTS)

    async def _account(self, request: web.Request) -> web.StreamResponse:
        return self._page(request)

    def _page(self, request: web.Request, status: int = 200, **values: object) -> web.StreamResponse:
        visit = visit_of(request)
        known = {"flaw": "", "secret": "", "picture": "", "is_forced": self._sign_in.is_forced(visit.who)}
        return self._pages.page(visit, "account.html", status, said=said_of(request), **{**known, **values})

    async def _change_password(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        old, new = visit.form.get("old", ""), visit.form.get("new", "")
        if new != visit.form.get("again", ""):
            return self._page(request, 400, flaw="account.password.differ")
        try:
            is_changed = await self._sign_in.change_password(visit.own_session, old, new)
        except BadInput:
            return self._page(request, 400, flaw="account.password.weak")
        except Conflict:
            return self._page(request, 429, flaw="account.password.wait")
        return back_to("/account", "password") if is_changed else self._page(request, 400, flaw="account.password.old")

    async def _change_factor(self, request: web.Request) -> web.StreamResponse:
        """Show how the application is set up, take its first code, or do without it."""
        visit = visit_of(request)
        session, account = visit.own_session, visit.who
        code, removes = visit.given("code", 40), visit.given("do") == "remove"
        if removes and self._sign_in.is_forced(account):
            return self._page(request, 409, flaw="account.factor.forced")
        if removes or (account.totp and account.password and not code):
            flaw = await self._refused(visit)
            if flaw:
                return self._page(request, 400, flaw=flaw)
        if removes:
            await self._factors.remove(session)
            return back_to("/account", "factor_off")
        if code and (codes := await self._factors.confirm(session, code)):
            return self._pages.page(visit, "recovery_codes.html", codes=codes, then="")
        secret = await self._factors.offer(session)
        picture = picture_of(address_of(secret, account.login, self._issuer))
        flaw = "factor.wrong" if code else ""
        return self._page(request, 400 if code else 200, secret=secret, picture=picture, flaw=flaw)

    async def _refused(self, visit: Visit) -> str:
        """Return what is wrong with the password that somebody shows who they are by; empty: nothing."""
        try:
            is_right = await self._sign_in.is_own_password(visit.own_session, visit.form.get("password", "")[:1000])
        except Conflict:
            return "account.password.wait"
        return "" if is_right else "account.password.old"

    async def _sessions(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        sessions = await self._sign_in.sessions_of(visit.who.id)
        return self._pages.page(visit, "sessions.html", said=said_of(request), sessions=sessions)

    async def _end(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        if visit.given("session") == "others":
            await self._sign_in.end_others(visit.own_session)
        else:
            await self._sign_in.end(visit.who, visit.given("session"))
        return back_to("/sessions", "session_ended")

    async def _choose_language(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        chosen, back = visit.given("language"), visit.given("back")
        if chosen not in set(Language):
            raise BadInput("the languages are fr and en")
        response = see(back if is_within(back) else f"{ROOT}/")
        if visit.account is None:
            self._cookies.keep_language(response, Language(chosen))
            return response
        async with self._begin() as unit:
            account = await unit.accounts.get(visit.account.id)
            await unit.accounts.save(account.evolve(language=Language(chosen)))
        return response
