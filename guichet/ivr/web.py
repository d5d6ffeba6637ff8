"""The webhooks of citizens' calls: decode, one call of the service, encode. A voice route never fails in silence."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import structlog
from aiohttp import web

from guichet.callbacks.holding import Told
from guichet.carrier.form import Form
from guichet.carrier.signature import SignatureCheck
from guichet.carrier.twiml import Site, render
from guichet.carrier.verbs import Say, Verb
from guichet.carrier.web import TWIML_TYPE, empty_response, webhook
from guichet.carrier.webhooks import (
    call_progress,
    call_turn,
    dial_ended,
    incoming_call,
    queue_left,
    recording_ready,
)
from guichet.core.errors import BadInput, NotFound
from guichet.core.ids import RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.apology import FALLBACK_ENDED_PATH, FALLBACK_PATH, after_desk, apology, ring_desk
from guichet.ivr.hold import Hearer, HoldService, on_hold
from guichet.ivr.hold_ears import ASKED_PATH
from guichet.ivr.hold_script import STILL_HOLDING
from guichet.ivr.hold_wishes import Wish
from guichet.ivr.leaving_hold import ASKED
from guichet.ivr.patience import Patience
from guichet.ivr.recordings import RecordingService
from guichet.ivr.service import MOST_WAITS, CallService
from guichet.ivr.supervisor_line import PATH as SUPERVISOR_PATH
from guichet.ivr.supervisor_line import SupervisorLine
from guichet.ivr.turns import RECORDING_PATH, hold_path

PATIENCE_SECONDS = 10.0
"""For our own answer: the carrier hangs up on us after 15."""
AUDIO = Path(__file__).parent / "audio"

Answer = Callable[[web.Request, Form], Awaitable[str]]
Rescue = Callable[[web.Request, Form], Sequence[Verb]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Voice:
    """What the voice routes serve with; `fallback` gives the number of the desk behind a line."""

    calls: CallService
    hold: HoldService
    check: SignatureCheck
    site: Site
    fallback: Callable[[PhoneNumber | None], PhoneNumber | None]
    recordings: RecordingService
    supervisors: SupervisorLine


def routes(voice: Voice) -> list[web.RouteDef]:
    """Return the routes under `/voice/` of citizens' calls."""
    doors = _Doors(voice)
    return [
        doors.post("/voice/incoming", doors.incoming),
        doors.post("/voice/turn", doors.turn),
        doors.post("/voice/held", doors.held),
        doors.post(ASKED_PATH, doors.asked),
        doors.post("/voice/hold", doors.hold, doors.still_holding),
        doors.post("/voice/passed", doors.passed),
        doors.post("/voice/passed/over", doors.passed_over),
        doors.post("/voice/warned", doors.warned),
        doors.post(SUPERVISOR_PATH, doors.supervisor),
        doors.post(FALLBACK_PATH, doors.ring_desk),
        doors.post(FALLBACK_ENDED_PATH, doors.desk_ended),
        web.post("/voice/status", webhook(voice.check, doors.status)),
        web.post(RECORDING_PATH, webhook(voice.check, doors.recording)),
        web.get("/voice/audio/{name}", _audio),
    ]


class _Doors:
    """The handlers, one a webhook; each returns TwiML."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def post(self, path: str, answer: Answer, rescue: Rescue | None = None) -> web.RouteDef:
        """Return a route whose failures and slowness become an apology (or what `rescue` says)."""
        sorry = rescue or self.apologise
        patience = Patience(PATIENCE_SECONDS)

        async def handler(request: web.Request, form: Form) -> web.Response:
            try:
                with patience:
                    return _twiml(await answer(request, form))
            except Exception:
                log.exception("a voice webhook failed", route=path, call=form.get("CallSid"))
                return _twiml(self._render(sorry(request, form)))

        return web.post(path, webhook(self._voice.check, handler))

    async def incoming(self, _request: web.Request, form: Form) -> str:
        """Take a new call; one to the supervisors' number is theirs."""
        incoming = incoming_call(form)
        if self._voice.supervisors.is_ours(incoming.line):
            return self._render(await self._voice.supervisors.open(incoming.call))
        return await self._voice.calls.open(incoming)

    async def turn(self, request: web.Request, form: Form) -> str:
        """Answer a turn; a call whose opening we have lost is opened now."""
        keys = (form.get("Digits") or "") if request.query.get("by") == "keys" else None
        asked = call_turn(form)
        try:
            number = _number(request)
            if "opening" in request.query:
                return await self._voice.calls.after_stream(asked, number, waited=_waited(request))
            return await self._voice.calls.turn(asked, number, keys=keys, waited="waited" in request.query)
        except NotFound:
            return await self._voice.calls.open(incoming_call(form))

    async def held(self, request: web.Request, form: Form) -> str:
        """Go on after the queue."""
        left = queue_left(form)
        return await self._voice.calls.hold_ended(left.call, _number(request), left.result)

    async def asked(self, request: web.Request, form: Form) -> str:
        """Ask somebody back whom we have overheard on hold."""
        wish = request.query.get("wish", "")
        overheard = wish if wish in tuple(Wish) else Wish.CALLBACK.value
        return await self._voice.calls.hold_ended(call_turn(form).call, _number(request), ASKED, overheard)

    async def hold(self, request: web.Request, form: Form) -> str:
        """Say what a waiting caller hears."""
        asked = call_turn(form)
        hearing = Hearer(asked.call, tuple(_told(request)), Told.read(request.query.get("last", "")))
        return self._render(await self._voice.hold.waiting(_request(request), asked.keys, hearing))

    async def passed(self, request: web.Request, form: Form) -> str:
        """Put somebody who is passed on to another agent to hold again."""
        return self._render(await self._voice.hold.passed(_request(request), call_turn(form).call))

    async def warned(self, request: web.Request, form: Form) -> str:
        """Say why a call is ended for incivility."""
        return self._render(await self._voice.hold.warned(_request(request), call_turn(form).call))

    async def supervisor(self, request: web.Request, form: Form) -> str:
        """Take the keys of a supervisor in."""
        step = request.query.get("step", "")
        if not (step.isascii() and step.isdigit() and len(step) <= 6):
            raise BadInput("the step is missing in the address")
        asked = call_turn(form)
        return self._render(await self._voice.supervisors.turn(asked.call, int(step), form.get("Digits") or ""))

    async def passed_over(self, request: web.Request, form: Form) -> str:
        """Go on after the queue with somebody whom we had called."""
        return self._render(await self._voice.hold.passed_over(_request(request), queue_left(form).result))

    async def ring_desk(self, _request: web.Request, form: Form) -> str:
        """Ring the front desk for a caller whom we have failed."""
        line = _line(form)
        return self._render(ring_desk(self._voice.fallback(line), line))

    async def desk_ended(self, _request: web.Request, form: Form) -> str:
        """End after the front desk."""
        return self._render(after_desk(dial_ended(form).result, self._voice.fallback(_line(form))))

    async def status(self, _request: web.Request, form: Form) -> web.Response:
        """Note that a call has ended. Nobody listens to the answer: a failure is only logged."""
        try:
            await self._voice.calls.progress(call_progress(form))
        except BadInput:
            # What cannot be read will not be readable next time: the last catch says so.
            raise
        except Exception:
            log.exception("a status callback failed", call=form.get("CallSid"))
            return web.Response(status=503)
        return empty_response()

    async def recording(self, _request: web.Request, form: Form) -> web.Response:
        """Note that a message can be fetched. Raises NotFound for one of no call of ours: it stays at the carrier."""
        await self._voice.recordings.announced(recording_ready(form))
        return empty_response()

    def apologise(self, request: web.Request, form: Form) -> Sequence[Verb]:
        """Apologise; the first failure comes back to the same turn, without the keys, which are lost."""
        again = None
        if "again" not in request.query:
            kept = {name: value for name, value in request.query.items() if name != "by"}
            again = f"{request.path}?{urlencode({**kept, 'again': '1'})}"
        return apology(self._voice.fallback(_line(form)), again)

    def still_holding(self, request: web.Request, _form: Form) -> Sequence[Verb]:
        """Keep somebody on hold although we cannot say where they stand: their place is not lost."""
        spoken = tuple(Say(STILL_HOLDING.to(language), language) for language in (Language.FR, Language.EN))
        last = Told.read(request.query.get("last", ""))
        return on_hold(hold_path(RequestId(request.query.get("request", "")), _told(request), last), spoken)

    def _render(self, verbs: Sequence[Verb]) -> str:
        return render(verbs, self._voice.site)


async def _audio(request: web.Request) -> web.StreamResponse:
    """Serve a sound of the package; the carrier may keep it for a day."""
    name = request.match_info["name"]
    known = {path.name: path for path in AUDIO.glob("*.wav")}
    if name not in known:
        return web.Response(status=404)
    return web.FileResponse(known[name], headers={"Content-Type": "audio/x-wav", "Cache-Control": "max-age=86400"})


def _twiml(text: str) -> web.Response:
    return web.Response(body=text.encode(), headers={"Content-Type": TWIML_TYPE})


def _number(request: web.Request) -> int:
    """Return the turn of the address."""
    text = request.query.get("n", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise BadInput("the turn is missing in the address")
    return int(text)


def _waited(request: web.Request) -> int:
    """Return how often the carrier was asked to come back; an address that does not say so counts as the last time."""
    text = request.query.get("waited", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else MOST_WAITS


def _request(request: web.Request) -> RequestId:
    """Return the request of the address."""
    text = request.query.get("request", "")
    if not text:
        raise BadInput("the request is missing in the address")
    return RequestId(text)


def _told(request: web.Request) -> list[str]:
    """Return the urgent messages that a waiting caller has heard."""
    return [
        name for name in request.query.get("told", "").split(",") if name.isascii() and name.replace("_", "").isalnum()
    ]


def _line(form: Form) -> PhoneNumber | None:
    """Return which of our numbers was called."""
    return PhoneNumber.maybe(form.get("To"))
