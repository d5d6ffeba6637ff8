"""The door of the console: every request comes through here before any handler sees it.

cookie -> session -> permission of the route (`permissions`) -> own form -> handler -> headers

Errors become pages in the visitor's language; what is none of ours too, and is logged.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from guichet.console.cookies import Cookies
from guichet.console.pages import Pages, see
from guichet.console.permissions import ROOT, Needs, Permission, permission_of
from guichet.console.refusals import told
from guichet.console.session import is_own_form, new_token
from guichet.console.sign_in import Browser, SignIn
from guichet.console.visit import Visit, keep
from guichet.core.errors import BadInput, Conflict, GuichetError, NotFound, Unavailable
from guichet.core.language import Language

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PRIVATE = "no-store"
STATUS: tuple[tuple[type[GuichetError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (BadInput, 400),
    (Unavailable, 503),
)
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

log = structlog.get_logger(__name__)


class Door:
    """Lets requests in. `proxies` is how many servers stand before us and name who asks (X-Forwarded-For)."""

    def __init__(self, sign_in: SignIn, pages: Pages, cookies: Cookies, *, proxies: int = 0) -> None:
        self._sign_in = sign_in
        self._pages = pages
        self._cookies = cookies
        self._proxies = proxies

    def middleware(self) -> Middleware:
        """Return the door as aiohttp wants it."""

        @web.middleware
        async def enter(request: web.Request, handler: Handler) -> web.StreamResponse:
            visit = await self._visit(request)
            keep(request, visit)
            response = await self._answer(request, visit, handler)
            if not response.prepared and visit.session is None and not self._cookies.visitor(request):
                self._cookies.keep_visitor(response, visit.token)
            return response

        return enter

    async def _answer(self, request: web.Request, visit: Visit, handler: Handler) -> web.StreamResponse:
        """Answer, with a page for whatever goes wrong."""
        try:
            return await self._admitted(request, visit, handler)
        except web.HTTPException as answer:
            key = "error.not_found" if answer.status == 404 else "error.bad_input"
            return self._refusal(visit, answer.status, key)
        except GuichetError as error:
            return self._failure(visit, error)
        except Exception as error:
            log.exception("console_broken", error=type(error).__name__)
            return self._refusal(visit, 500, "error.broken")

    async def prepare(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add the headers, to streams too (aiohttp's signal `on_response_prepare`)."""
        response.headers.update(HEADERS)
        if request.secure or request.headers.get("X-Forwarded-Proto") == "https":
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        response.headers.setdefault(hdrs.CACHE_CONTROL, PRIVATE)

    async def _visit(self, request: web.Request) -> Visit:
        """Find out who asks."""
        token = self._cookies.session(request)
        found = await self._sign_in.find(token) if token else None
        session, account = found or (None, None)
        chosen = account.language if account else self._cookies.language(request)
        return Visit(
            language=chosen or _preferred(request),
            browser=Browser(self._address(request), request.headers.get(hdrs.USER_AGENT, "")),
            path=request.path_qs,
            token=token if session else self._cookies.visitor(request) or new_token(),
            session=session,
            account=account,
        )

    async def _admitted(self, request: web.Request, visit: Visit, handler: Handler) -> web.StreamResponse:
        """Answer who may ask; send the others where they can sign in, or away."""
        resource = request.match_info.route.resource
        if resource is None:
            return await handler(request)  # there is no such route
        if any("\0" in value for value in (*request.match_info.values(), *request.query.values())):
            raise BadInput("a zero byte is in no address of ours")
        method = "GET" if request.method == "HEAD" else request.method
        permission = permission_of(method, resource.canonical)
        elsewhere = _sent_on(visit, permission, method)
        if elsewhere is not None:
            return elsewhere
        if permission is None or not _is_for(visit, permission):
            log.warning("console_refused", route=resource.canonical, method=method)
            return self._refusal(visit, 403, "error.forbidden")
        if method in _WRITES:
            form = await _form(request)
            is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
            if not is_ours or not is_own_form(visit.token, form.get("form", "")):
                return self._refusal(visit, 403, "error.stale_form")
            keep(request, _with_form(visit, form))
        return await handler(request)

    def _refusal(self, visit: Visit, status: int, key: str) -> web.Response:
        return self._pages.page(visit, "error.html", status, key=key, told=None)

    def _failure(self, visit: Visit, error: GuichetError) -> web.Response:
        """Show an error of ours: what it is in the visitor's language, and its own words."""
        kind, status = next(((kind, code) for kind, code in STATUS if isinstance(error, kind)), (GuichetError, 502))
        log.warning("console_failed", error=type(error).__name__, status=status)
        keys = {NotFound: "error.not_found", Conflict: "error.conflict", BadInput: "error.bad_input"}
        key = keys.get(kind, "error.unavailable")
        words = None if kind is NotFound else told(str(error), visit.language)
        return self._pages.page(visit, "error.html", status, key=key, told=words)

    def _address(self, request: web.Request) -> str:
        """Return who asks: the last address that one of our own proxies has seen."""
        if self._proxies:
            seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
            if len(seen) >= self._proxies:
                return seen[-self._proxies]
        return request.remote or ""


def _sent_on(visit: Visit, permission: Permission | None, method: str) -> web.Response | None:
    """Return where somebody must go first who has not signed in (wholly), or None."""
    needs = permission.needs if permission else Needs.OPEN
    if needs is Needs.NOTHING or visit.is_open:
        return None
    if visit.session is None:
        target = f"{ROOT}/sign-in"
        if method == "GET" and needs is Needs.OPEN and visit.path != f"{ROOT}/":
            target = f"{target}?next={quote(visit.path, safe='')}"
        return see(target)
    return None if needs is Needs.HALF else see(f"{ROOT}/second-factor")


def _is_for(visit: Visit, permission: Permission) -> bool:
    """Whether the visitor's role may use a route; half a session has none yet, and needs none."""
    if permission.needs is not Needs.OPEN:
        return True
    return visit.account is not None and visit.account.role in permission.roles


async def _form(request: web.Request) -> Mapping[str, str]:
    """Return the fields of a form, without zero bytes, which not every database takes; files are not taken."""
    posted = await request.post()
    return {name: value.replace("\0", "") for name, value in posted.items() if isinstance(value, str)}


def _with_form(visit: Visit, form: Mapping[str, str]) -> Visit:
    return replace(visit, form=form)


def _preferred(request: web.Request) -> Language:
    """Return the first language of the browser's that we speak; French without one."""
    for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(","):
        name = part.split(";")[0].strip()[:2].lower()
        if name in set(Language):
            return Language(name)
    return Language.FR


def is_within(path: str) -> bool:
    """Whether a path that came in an address leads to a page of ours and nowhere else."""
    return path.startswith(f"{ROOT}/") and path.isprintable() and not {"\\", " "} & set(path) and "//" not in path
