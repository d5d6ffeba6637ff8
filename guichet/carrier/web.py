"""The door for the carrier's webhooks: read once, check the signature, hand the form over, answer in TwiML.

Nothing of ours runs before the signature holds: a forged webhook costs a few HMACs and gets 403. The URL that is
checked is the configured one with the path and query as they came (`raw_path`: aiohttp's `path_qs` is re-quoted).
"""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiohttp import web

from guichet.carrier.form import LARGEST, Form, as_form, decode_form
from guichet.carrier.signature import SignatureCheck
from guichet.carrier.twiml import EMPTY, Site, render
from guichet.carrier.verbs import Verb
from guichet.core.errors import BadInput, Forged

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FormHandler = Callable[[web.Request, Form], Awaitable[web.Response]]

FORM_TYPE = "application/x-www-form-urlencoded"
TWIML_TYPE = "text/xml; charset=utf-8"
_EMPTY = EMPTY.encode()

log = structlog.get_logger()


def webhook(check: SignatureCheck, handler: FormHandler) -> Handler:
    """Return an aiohttp handler that awaits `handler(request, form)` for signed POSTs of forms, and nothing else.

    Answers 403 to a bad signature, 405 to another method, 413 to a body over 64 kB, 415 to another content type.
    """

    async def checked(request: web.Request) -> web.Response:
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        if not request.headers.get("Content-Type", FORM_TYPE).lower().startswith(FORM_TYPE):
            return web.Response(status=415)
        if (request.content_length or 0) > LARGEST:
            return web.Response(status=413)
        try:
            pairs = decode_form(await request.read())
            check.fields(target(request), request.headers, pairs)
        except Forged as forged:
            log.warning("webhook_refused", route=_route(request), reason=str(forged))
            return web.Response(status=403)
        except BadInput:
            return web.Response(status=413)
        return await handler(request, as_form(pairs))

    return checked


def target(request: web.Request) -> str:
    """Return path and query exactly as sent (a proxy may send the whole URL: its origin is dropped)."""
    raw = request.raw_path
    if raw.startswith("/"):
        return raw
    return "/" + raw.partition("://")[2].partition("/")[2]


def verbs_response(verbs: Sequence[Verb], site: Site) -> web.Response:
    """Answer a webhook with what the call shall do."""
    return web.Response(body=render(verbs, site).encode(), headers={"Content-Type": TWIML_TYPE})


def empty_response() -> web.Response:
    """Answer a webhook that asks for nothing: a status callback, or a text we answer by REST."""
    return web.Response(body=_EMPTY, headers={"Content-Type": TWIML_TYPE})


def _route(request: web.Request) -> str:
    """Return the route's pattern: the path itself may hold a token."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"
