"""The routes of the provider of identities: there, and back again."""

from aiohttp import web

from guichet.console.cookies import Cookies
from guichet.console.identities import account_of
from guichet.console.openid import Beginning, OpenId
from guichet.console.pages import back_to, see
from guichet.console.permissions import ROOT
from guichet.console.ports import BeginSignIn
from guichet.console.sign_in import SignIn
from guichet.console.visit import visit_of
from guichet.core.clock import Clock
from guichet.core.errors import Forged, NotFound


class OpenIdPages:
    """Sends people to the provider and takes them back; without a provider both routes lead nowhere."""

    def __init__(
        self, openid: OpenId | None, begin: BeginSignIn, sign_in: SignIn, cookies: Cookies, clock: Clock
    ) -> None:
        self._openid = openid
        self._begin = begin
        self._sign_in = sign_in
        self._cookies = cookies
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/openid", self._go), web.get("/openid/callback", self._come_back)]

    async def _go(self, _request: web.Request) -> web.StreamResponse:
        address, kept = await self._provider().begin()
        response = see(address)
        self._cookies.keep_openid(response, kept.state, kept.nonce, kept.verifier)
        return response

    async def _come_back(self, request: web.Request) -> web.StreamResponse:
        provider, kept = self._provider(), self._cookies.openid(request)
        if len(kept) != 3:
            return back_to("/sign-in", "openid_late")
        try:
            identity = await provider.finish(request.query, Beginning(*kept))
        except Forged:
            return back_to("/sign-in", "openid_refused")
        async with self._begin() as unit:
            account = await account_of(unit, identity, self._clock)
        if account is None:
            return back_to("/sign-in", "openid_unknown")
        opened = await self._sign_in.open_known(account, visit_of(request).browser)
        response = see(f"{ROOT}/")
        self._cookies.keep_session(response, opened.token)
        self._cookies.drop_openid(response)
        return response

    def _provider(self) -> OpenId:
        if self._openid is None:
            raise NotFound("no provider of identities is set: see OPENID_ISSUER")
        return self._openid
