"""REST paths of calls: place, list, look up, divert, end."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from guichet.carrier.events import CallState
from guichet.carrier.simulator.address import Address
from guichet.carrier.simulator.calls import API_VERSION, CallRecord
from guichet.carrier.simulator.leg import Diverted, Ended, Leg
from guichet.carrier.simulator.outcome import Runner
from guichet.carrier.simulator.progress import Hook
from guichet.carrier.simulator.rest import AnsweredFirst, date, matching, page, refuse, within
from guichet.carrier.simulator.switch import Outgoing, Switch
from guichet.carrier.simulator.webhooks import Ask, Webhooks
from guichet.core.errors import BadInput
from guichet.core.phone import PhoneNumber

_LONGEST_TWIML = 4000


@dataclass(frozen=True, slots=True)
class CallDesk:
    """What the paths need."""

    account: str
    switch: Switch
    runner: Runner
    webhooks: Webhooks

    @property
    def address(self) -> Address:
        """Where the gateway stands."""
        return self.webhooks.address


def routes(desk: CallDesk) -> list[web.RouteDef]:
    """Return the paths."""
    root = f"/2010-04-01/Accounts/{desk.account}/Calls"

    async def create(request: web.Request) -> web.StreamResponse:
        form = _text_form(await request.post())
        outgoing, start = _order(desk, form, list((await request.post()).getall("StatusCallbackEvent", [])))
        desk.switch.calls.add(outgoing.record)

        async def work(leg: Leg) -> None:
            await desk.runner.run(leg, start)

        return AnsweredFirst(call_json(outgoing.record), 201, lambda: desk.switch.place(outgoing, work))

    async def list_(request: web.Request) -> web.StreamResponse:
        calls = [
            call_json(call)
            for call in reversed(list(desk.switch.calls))
            if within(request, "StartTime", call.created)
            and matching(
                request,
                {"To": "to", "From": "from", "Status": "status", "ParentCallSid": "parent"},
                (("to", call.to), ("from", call.from_), ("status", call.state.value), ("parent", call.parent or "")),
            )
        ]
        return page(request, "calls", calls)

    async def fetch(request: web.Request) -> web.StreamResponse:
        return web.json_response(call_json(desk.switch.calls.get(request.match_info["sid"])))

    async def update(request: web.Request) -> web.StreamResponse:
        record = desk.switch.calls.get(request.match_info["sid"])
        _update(desk, record, _text_form(await request.post()))
        return web.json_response(call_json(record))

    return [
        web.post(f"{root}.json", create),
        web.get(f"{root}.json", list_),
        web.get(root + "/{sid}.json", fetch),
        web.post(root + "/{sid}.json", update),
    ]


def call_json(call: CallRecord) -> dict[str, object]:
    """Return a call as Twilio writes it."""
    started = None if call.talk_from is None else call.created
    return {
        "sid": call.sid,
        "account_sid": call.account,
        "api_version": API_VERSION,
        "parent_call_sid": call.parent,
        "from": call.from_,
        "from_formatted": call.from_,
        "to": call.to,
        "to_formatted": call.to,
        "status": call.state.value,
        "direction": call.direction,
        "answered_by": call.answered_by,
        "duration": str(call.duration) if call.state.is_final else None,
        "date_created": date(call.created),
        "date_updated": date(call.ended or call.created),
        "start_time": date(started),
        "end_time": date(call.ended),
        "price": None,
        "price_unit": "USD",
        "phone_number_sid": None,
        "annotation": None,
        "group_sid": None,
        "forwarded_from": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"/{API_VERSION}/Accounts/{call.account}/Calls/{call.sid}.json",
        "subresource_uris": {},
    }


def _order(desk: CallDesk, form: Mapping[str, str], events: list[object]) -> tuple[Outgoing, Ask | str]:
    """Read a request to place a call; refuses as Twilio does."""
    if not form.get("To"):
        refuse(21201, "No 'To' number is specified")
    if not form.get("From"):
        refuse(21213, "No 'From' number is specified")
    for field, code in (("To", 21211), ("From", 21212)):
        if not form[field].startswith(("client:", "sip:")):
            try:
                PhoneNumber.parse(form[field])
            except BadInput:
                refuse(code, f"The '{field}' number is not a valid phone number")
    record = CallRecord(
        account=desk.account, from_=form["From"], to=form["To"], direction="outbound-api", asked=form.get("Url", "")
    )
    hook = None
    if url := form.get("StatusCallback"):
        wanted = tuple(str(event) for event in events) or ("completed",)
        hook = Hook(_absolute(url, 21609), form.get("StatusCallbackMethod", "POST"), wanted)
    detects = form.get("MachineDetection", "")
    detected = _async_detection(desk, form) if form.get("AsyncAmd") == "true" else None
    timeout = float(form.get("Timeout", "60"))
    return Outgoing(record, hook, timeout, detects, detected), _start(form)


def _start(form: Mapping[str, str]) -> Ask | str:
    twiml, url = form.get("Twiml"), form.get("Url")
    if twiml:
        if len(twiml) > _LONGEST_TWIML:
            refuse(21218, f"Twiml may have {_LONGEST_TWIML} characters at most")
        return twiml
    if not url:
        refuse(21205, "Url parameter is required (or Twiml)")
    return Ask(_absolute(url, 21205), form.get("Method", "POST"), {})


def _async_detection(desk: CallDesk, form: Mapping[str, str]) -> "Detected | None":
    url = form.get("AsyncAmdStatusCallback")
    return Detected(desk.webhooks, _absolute(url, 21609)) if url else None


@dataclass(frozen=True, slots=True)
class Detected:
    """Tells who answered, while the call goes on."""

    webhooks: Webhooks
    url: str

    def __call__(self, leg: Leg) -> None:
        """Send the callback."""
        form = {
            "CallSid": leg.record.sid,
            "AccountSid": leg.record.account,
            "AnsweredBy": leg.record.answered_by or "unknown",
            "MachineDetectionDuration": "3000",
        }
        self.webhooks.tell(Ask(self.url, "POST", form), lambda _path, _details: None, leg.record.sid)


def _update(desk: CallDesk, record: CallRecord, form: Mapping[str, str]) -> None:
    """End a call or send it elsewhere; a call that is over answers 21220."""
    status = form.get("Status")
    if status is not None and status not in {"completed", "canceled"}:
        refuse(21218, "Status may be completed or canceled")
    leg = desk.switch.leg(record.sid)
    if leg is None or record.state.is_final:
        refuse(21220, "Call is not in-progress. Cannot redirect.")
    if status == "canceled" and record.state is CallState.IN_PROGRESS:
        return
    if status is not None:
        leg.interrupt(Ended("REST"))
        return
    if record.state is not CallState.IN_PROGRESS:
        refuse(21220, "Call is not in-progress. Cannot redirect.")
    leg.interrupt(Diverted(_start(form)))


def _absolute(url: str, code: int) -> str:
    if not url.startswith(("http://", "https://")):
        refuse(code, f"Url is not a valid URL: {url}")
    return url


def _text_form(form: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}
