"""The webhooks of an agent's leg, and of the citizen's who is called back from it."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from guichet.callbacks.calling import Calling
from guichet.callbacks.citizen_words import MOST_ASKED
from guichet.callbacks.ringing import CONNECTED_PATH, PATIENT_TRIES, Ringing
from guichet.carrier.form import Form
from guichet.carrier.signature import SignatureCheck
from guichet.carrier.twiml import Site
from guichet.carrier.verbs import Verb
from guichet.carrier.web import empty_response, verbs_response, webhook
from guichet.carrier.webhooks import call_progress, call_turn, dial_ended
from guichet.core.errors import BadInput
from guichet.core.ids import AttemptId


def routes(ringing: Ringing, calling: Calling, check: SignatureCheck, site: Site) -> list[web.RouteDef]:
    """Return the routes under `/voice/agent` and `/voice/citizen`; each carries the attempt's id in its query."""

    def leg(path: str, step: Callable[[AttemptId, Form], Awaitable[tuple[Verb, ...]]]) -> web.RouteDef:
        async def handler(request: web.Request, form: Form) -> web.Response:
            return verbs_response(await step(_attempt(request), form), site)

        return web.post(path, webhook(check, handler))

    async def waits(request: web.Request, _form: Form) -> web.Response:
        return verbs_response(await ringing.waits(_attempt(request), _count(request, "tries", PATIENT_TRIES)), site)

    async def done(request: web.Request, form: Form) -> web.Response:
        tries = _count(request, "tries", PATIENT_TRIES)
        return verbs_response(await ringing.done(_attempt(request), dial_ended(form), tries), site)

    async def status(request: web.Request, form: Form) -> web.Response:
        await ringing.progress(_attempt(request), call_progress(form))
        return empty_response()

    async def citizen_answer(request: web.Request, form: Form) -> web.Response:
        asked = _count(request, "asked", MOST_ASKED)
        return verbs_response(await calling.keyed(_attempt(request), call_turn(form), asked), site)

    async def citizen_status(request: web.Request, form: Form) -> web.Response:
        await calling.progress(_attempt(request), call_progress(form))
        return empty_response()

    return [
        leg("/voice/agent", lambda attempt, form: ringing.answered(attempt, call_turn(form))),
        leg("/voice/agent/answer", lambda attempt, form: ringing.keyed(attempt, call_turn(form))),
        leg(CONNECTED_PATH, lambda attempt, _: ringing.connected(attempt)),
        web.post("/voice/agent/waits", webhook(check, waits)),
        web.post("/voice/agent/done", webhook(check, done)),
        web.post("/voice/agent/status", webhook(check, status)),
        leg("/voice/agent/called", lambda attempt, form: calling.ended(attempt, dial_ended(form))),
        leg("/voice/citizen", lambda attempt, form: calling.answered(attempt, call_turn(form))),
        web.post("/voice/citizen/answer", webhook(check, citizen_answer)),
        web.post("/voice/citizen/status", webhook(check, citizen_status)),
    ]


def _attempt(request: web.Request) -> AttemptId:
    attempt = request.query.get("attempt")
    if not attempt:
        raise BadInput("the attempt is missing in the address")
    return AttemptId(attempt)


def _count(request: web.Request, name: str, last: int) -> int:
    """Return how often something was done; an address without it counts as the last time."""
    count = request.query.get(name, "")
    return int(count) if count.isascii() and count.isdecimal() and len(count) < len("1000") else last
