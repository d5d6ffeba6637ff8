"""The pages of signing in: login and password, the second factor, the provider of identities, out again."""

from aiohttp import web

from guichet.console.cookies import Cookies
from guichet.console.door import is_within
from guichet.console.factors import Factors
from guichet.console.pages import Pages, back_to, said_of, see
from guichet.console.permissions import ROOT
from guichet.console.second_factor import address_of, picture_of
from guichet.console.session import Stage
from guichet.console.sign_in import Opened, SignIn, Wait, Wrong
from guichet.console.visit import Visit, visit_of


class SignInPages:
    """Translates between the browser and the services. `provider` names the provider of identities, if there is one."""

    def __init__(
        self, sign_in: SignIn, factors: Factors, pages: Pages, cookies: Cookies, *, issuer: str, provider: str = ""
    ) -> None:
        self._sign_in = sign_in
        self._factors = factors
        self._pages = pages
        self._cookies = cookies
        self._issuer = issuer
        self._provider = provider

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/sign-in", self._show),
            web.post("/sign-in", self._enter),
            web.get("/second-factor", self._show_factor),
            web.post("/second-factor", self._give_factor),
            web.post("/sign-out", self._leave),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        if visit.is_open:
            return see(f"{ROOT}/")
        return self._form(visit, said=said_of(request), then=request.query.get("next", ""))

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        then, login = visit.given("next"), visit.given("login", 200)
        result = await self._sign_in.sign_in(login, visit.form.get("password", "")[:1000], visit.browser)
        match result:
            case Opened(session, _, token):
                target = then if is_within(then) else f"{ROOT}/"
                return self._let_in(target if session.stage is Stage.OPEN else f"{ROOT}/second-factor", token)
            case Wait(until):
                return self._form(visit, 429, wait=until, login=login, then=then)
            case Wrong():
                return self._form(visit, 403, wrong=True, login=login, then=then)

    def _form(self, visit: Visit, status: int = 200, **values: object) -> web.Response:
        known = {"wrong": False, "wait": None, "login": "", "then": "", "provider": self._provider}
        return self._pages.page(visit, "sign_in.html", status, **{**known, **values})

    async def _show_factor(self, request: web.Request) -> web.StreamResponse:
        return await self._factor(visit_of(request))

    async def _give_factor(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        session, code = visit.own_session, visit.given("code", 40)
        if session.stage is Stage.OPEN:
            return see(f"{ROOT}/account")
        if session.stage is Stage.SETTING_UP:
            codes = await self._factors.confirm(session, code)
            if codes:
                return self._pages.page(visit, "recovery_codes.html", codes=codes, then="/second-factor")
            return await self._factor(visit, 403, wrong=True)
        if session.stage is Stage.SET_UP:
            return await self._opened(visit, await self._factors.go_on(session, visit.browser))
        return await self._opened(visit, await self._factors.give(session, code, visit.browser))

    async def _opened(self, visit: Visit, result: Opened | Wrong | Wait) -> web.StreamResponse:
        match result:
            case Opened(_, _, token):
                return self._let_in(f"{ROOT}/", token)
            case Wait(until):
                return await self._factor(visit, 429, wait=until)
            case Wrong():
                return await self._factor(visit, 403, wrong=True)

    async def _factor(self, visit: Visit, status: int = 200, **values: object) -> web.StreamResponse:
        """Ask for a code, or show how the application is set up."""
        if visit.is_open:
            return see(f"{ROOT}/")
        known = {"wrong": False, "wait": None, "secret": "", "picture": ""}
        if visit.own_session.stage is Stage.SETTING_UP:
            secret = await self._factors.offer(visit.own_session)
            known["secret"] = secret
            known["picture"] = picture_of(address_of(secret, visit.who.login, self._issuer))
        return self._pages.page(visit, "second_factor.html", status, **{**known, **values})

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        await self._sign_in.sign_out(visit_of(request).own_session)
        leaving = back_to("/sign-in", "signed_out")
        self._cookies.drop_session(leaving)
        return leaving

    def _let_in(self, target: str, token: str) -> web.Response:
        response = see(target)
        self._cookies.keep_session(response, token)
        return response
