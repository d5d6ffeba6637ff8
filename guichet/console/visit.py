"""A visit: one request of a browser, by whom and in which language. Pure, but for reading it off the request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from guichet.console.account import Account
from guichet.console.permissions import may
from guichet.console.session import Session, Stage, form_token
from guichet.console.sign_in import Browser
from guichet.core.language import Language


@dataclass(frozen=True, slots=True)
class Visit:
    """Who visits. `token` is what their cookie holds; `form` what was posted, once it has been found to be theirs."""

    language: Language
    browser: Browser
    path: str
    token: str = field(repr=False)
    session: Session | None = None
    account: Account | None = None
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether they have signed in wholly."""
        return self.session is not None and self.session.stage is Stage.OPEN

    @property
    def who(self) -> Account:
        """The account of somebody who has signed in: what a guarded route asks for."""
        if self.account is None:
            raise LookupError("this route needs nobody to have signed in")
        return self.account

    @property
    def own_session(self) -> Session:
        """The session of somebody who has signed in."""
        if self.session is None:
            raise LookupError("this route needs nobody to have signed in")
        return self.session

    @property
    def form_token(self) -> str:
        """What forms of this browser carry."""
        return form_token(self.token)

    def may(self, path: str, method: str = "GET") -> bool:
        """Whether they may use a route, by its pattern (`/console/cases/{request}`)."""
        return self.is_open and self.account is not None and may(self.account.role, method, path)

    def given(self, name: str, longest: int = 2000) -> str:
        """Return a field of the form, without spaces around it, cut to a length; empty where it is missing."""
        return self.form.get(name, "").strip()[:longest]


_VISIT = web.RequestKey("guichet.visit", Visit)


def visit_of(request: web.Request) -> Visit:
    """Return the visit of a request that has come through the door."""
    return request[_VISIT]


def keep(request: web.Request, visit: Visit) -> None:
    """Let handlers find the visit."""
    request[_VISIT] = visit
