"""The webhooks of an agent's leg."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from guichet.callbacks.ringing import PATIENT_TRIES, Ringing
from guichet.carrier.form import Form
from guichet.carrier.signature import SignatureCheck
from guichet.carrier.twiml import Site
from guichet.carrier.verbs import Verb
from guichet.carrier.web import empty_response, verbs_response, webhook
from guichet.carrier.webhooks import call_progress, call_turn, dial_ended
from guichet.core.errors import BadInput
from guichet.core.ids import AttemptId


def routes(ringing: Ringing, check: SignatureCheck, site: Site) -> list[web.RouteDef]:
    """Return the routes under `/voice/agent`; each carries the attempt's id in its query."""

    def leg(path: str, step: Callable[[AttemptId, Form], Awaitable[tuple[Verb, ...]]]) -> web.RouteDef:
        async def handler(request: web.Request, form: Form) -> web.Response:
            return verbs_response(await step(_attempt(request), form), site)

        return web.post(path, webhook(check, handler))

    async def done(request: web.Request, form: Form) -> web.Response:
        verbs = await ringing.done(_attempt(request), dial_ended(form), _tries(request))
        return verbs_response(verbs, site)

    async def status(request: web.Request, form: Form) -> web.Response:
        await ringing.progress(_attempt(request), call_progress(form))
        return empty_response()

    return [
        leg("/voice/agent", lambda attempt, form: ringing.answered(attempt, call_turn(form))),
        leg("/voice/agent/answer", lambda attempt, form: ringing.keyed(attempt, call_turn(form))),
        leg("/voice/agent/connected", lambda attempt, _: ringing.connected(attempt)),
        web.post("/voice/agent/done", webhook(check, done)),
        web.post("/voice/agent/status", webhook(check, status)),
    ]


def _attempt(request: web.Request) -> AttemptId:
    attempt = request.query.get("attempt")
    if not attempt:
        raise BadInput("the attempt is missing in the address")
    return AttemptId(attempt)


def _tries(request: web.Request) -> int:
    """Return how often the queue was empty; an address without it counts as the last time."""
    tries = request.query.get("tries", "")
    return int(tries) if tries.isascii() and tries.isdecimal() else PATIENT_TRIES
