"""A browser without scripts: keeps cookies, follows redirects, fills the forms that pages show."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urljoin

import aiohttp

from guichet.console.account import Account
from guichet.console.session import Stage, form_token
from guichet.console.sign_in import Browser, open_session
from tests.console.units import account
from tests.journeys.world import World

_TOKEN = re.compile(r'name="form" value="([0-9a-f]{64})"')


@dataclass(frozen=True)
class Page:
    """What a browser shows."""

    status: int
    url: str
    text: str
    headers: Mapping[str, str]

    @property
    def words(self) -> str:
        """The page without its tags."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())


@dataclass
class Visitor:
    """Somebody's browser."""

    http: aiohttp.ClientSession
    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""

    async def go(self, path: str, data: Mapping[str, str] | None = None) -> Page:
        """Open a page or send a form, and follow where it leads."""
        page = await self.ask("GET" if data is None else "POST", path, data)
        for _ in range(5):
            if page.status not in {302, 303, 308}:
                return page
            page = await self.ask("GET", page.headers["Location"])
        raise AssertionError("redirected in a circle")

    async def ask(self, method: str, path: str, data: Mapping[str, str] | None = None) -> Page:
        """Send one request, forms with the token of the page before."""
        sent = None if data is None else {"form": self.token, **data}
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**self.headers, **({"Cookie": cookie} if cookie else {})}
        url = urljoin(self.base, path)
        async with self.http.request(method, url, data=sent, headers=headers, allow_redirects=False) as answer:
            text = await answer.text()
            for line in answer.headers.getall("Set-Cookie", []):
                self._keep(line)
            if found := _TOKEN.search(text):
                self.token = found[1]
            return Page(answer.status, path, text, answer.headers)

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


def visitor(world: World) -> Visitor:
    """Return somebody who has not signed in."""
    return Visitor(world.http, world.base)


async def employed(world: World, person: Account) -> Account:
    """Give somebody an account."""
    async with world.services.database.begin() as unit:
        await unit.accounts.add(person)
    return person


async def signed_in(world: World, person: Account | None = None, stage: Stage = Stage.OPEN) -> Visitor:
    """Return the browser of somebody who has signed in; an account that is not there yet is made."""
    person = person or account()
    async with world.services.database.begin() as unit:
        if await unit.accounts.by_login(person.login) is None:
            await unit.accounts.add(person)
        opened = await open_session(unit, person, Browser("127.0.0.1", "Test"), world.clock.now(), stage)
    mine = visitor(world)
    mine.cookies["__Host-guichet"] = opened.token
    mine.token = form_token(opened.token)
    return mine
