"""The cookies of the console: the session, the forms of who has none, a sign-in under way, the language. Pure.

`__Host-` binds a cookie to this very host; browsers take such cookies over HTTPS, and over HTTP from localhost (Safari
does not: see `CONSOLE_PLAIN_HTTP` in docs/security.md).
"""

from aiohttp import web

from guichet.console.session import LONGEST
from guichet.core.language import Language

_YEAR = 365 * 24 * 3600
_SIGN_IN_SECONDS = 600


class Cookies:
    """Reads and writes them; over `plain_http` they are neither bound nor secured."""

    def __init__(self, *, plain_http: bool = False) -> None:
        prefix = "" if plain_http else "__Host-"
        self._secure = not plain_http
        self._session = f"{prefix}guichet"
        self._visitor = f"{prefix}guichet-visitor"
        self._openid = f"{prefix}guichet-openid"
        self._language = f"{prefix}guichet-language"

    def session(self, request: web.Request) -> str:
        """Return what the session's cookie holds."""
        return request.cookies.get(self._session, "")

    def visitor(self, request: web.Request) -> str:
        """Return what the cookie of somebody without a session holds."""
        return request.cookies.get(self._visitor, "")

    def openid(self, request: web.Request) -> tuple[str, ...]:
        """Return what a sign-in under way keeps."""
        return tuple(request.cookies.get(self._openid, "").split("."))

    def language(self, request: web.Request) -> Language | None:
        """Return the language that was chosen before signing in."""
        chosen = request.cookies.get(self._language, "")
        return Language(chosen) if chosen in set(Language) else None

    def keep_session(self, response: web.StreamResponse, token: str) -> None:
        """Let the browser keep a session."""
        self._set(response, self._session, token, int(LONGEST.total_seconds()))
        self._drop(response, self._visitor)

    def keep_visitor(self, response: web.StreamResponse, token: str) -> None:
        """Let the browser keep what its forms are known by."""
        self._set(response, self._visitor, token, None)

    def keep_openid(self, response: web.StreamResponse, *kept: str) -> None:
        """Let the browser keep what a sign-in needs when it comes back."""
        self._set(response, self._openid, ".".join(kept), _SIGN_IN_SECONDS)

    def keep_language(self, response: web.StreamResponse, language: Language) -> None:
        """Let the browser keep a language."""
        self._set(response, self._language, language.value, _YEAR)

    def drop_session(self, response: web.StreamResponse) -> None:
        """Let the browser forget its session."""
        self._drop(response, self._session)

    def drop_openid(self, response: web.StreamResponse) -> None:
        """Let the browser forget a sign-in under way."""
        self._drop(response, self._openid)

    def _set(self, response: web.StreamResponse, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def _drop(self, response: web.StreamResponse, name: str) -> None:
        response.del_cookie(name, path="/", secure=self._secure, httponly=True, samesite="Lax")
