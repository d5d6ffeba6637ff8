"""A small JSON API beside the REST one, for commands that drive a running simulator.

Calls and texts answer JSON lines, written while things happen: `{"event": …}` and `{"text": …}`, then one last line.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any, Protocol

from aiohttp import web

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.control_words import read_actions, read_party
from guichet.carrier.simulator.log import CallLog, Event
from guichet.carrier.simulator.messages import Messages, TextRecord
from guichet.carrier.simulator.parties import Action, Answers, Party
from guichet.carrier.simulator.rest import refuse
from guichet.carrier.simulator.texting import Texting
from guichet.core.errors import BadInput
from guichet.core.ids import MessageSid


class Simulated(Protocol):
    """What the commands need of a simulator."""

    messages: Messages

    @property
    def texting(self) -> Texting:
        """The log of webhooks about texts."""
        ...

    def party(self, number: str, party: Party) -> None:
        """Put somebody at the end of a number."""
        ...

    def ring(self, from_: str, to: str, caller: Answers | Sequence[Action]) -> "tuple[CallRecord, asyncio.Task[None]]":
        """Begin a call."""
        ...

    async def text(self, from_: str, to: str, body: str) -> MessageSid:
        """Carry a text."""
        ...


def routes(simulated: Simulated) -> list[web.RouteDef]:
    """Return the paths."""

    async def about(request: web.Request) -> web.StreamResponse:  # noqa: ARG001 -- a handler
        return web.json_response({"simulator": "guichet"})

    async def call(request: web.Request) -> web.StreamResponse:
        body = await _body(request, "from", "to")
        try:
            actions = read_actions(body.get("actions", ()))
        except BadInput as error:
            refuse(20001, str(error))
        return await _lines(request, call_lines(simulated, str(body["from"]), str(body["to"]), actions))

    async def text(request: web.Request) -> web.StreamResponse:
        body = await _body(request, "from", "to", "body")
        message = (str(body["from"]), str(body["to"]), str(body["body"]))
        return await _lines(request, text_lines(simulated, message, float(body.get("wait", 5))))

    async def party(request: web.Request) -> web.StreamResponse:
        body = await _body(request, "number")
        try:
            simulated.party(str(body["number"]), read_party(body))
        except BadInput as error:
            refuse(20001, str(error))
        return web.json_response({}, status=201)

    return [
        web.get("/simulator/", about),
        web.post("/simulator/calls", call),
        web.post("/simulator/texts", text),
        web.post("/simulator/parties", party),
    ]


async def call_lines(
    simulated: Simulated, from_: str, to: str, actions: Sequence[Action]
) -> AsyncIterator[dict[str, Any]]:
    """Carry a call; yields its events while they happen, then the call itself. Leaving early hangs up."""
    record, task = simulated.ring(from_, to, actions)
    try:
        async with contextlib.aclosing(_events(record.log, task)) as events:
            async for event in events:
                yield {"event": event.as_json()}
        await task
        yield {"call": {"sid": record.sid, "state": record.state.value, "seconds": round(record.seconds, 1)}}
    finally:
        task.cancel()


async def text_lines(simulated: Simulated, message: tuple[str, str, str], wait: float) -> AsyncIterator[dict[str, Any]]:
    """Carry a text (from, to, body); yields errors, then what is sent back within `wait` real seconds."""
    from_, to, body = message
    log = simulated.texting.log
    seen, told = len(simulated.messages.all), len(log.events)
    sid = await simulated.text(from_, to, body)
    for event in log.events[told:]:
        yield {"event": event.as_json()}
    replies = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(wait):
            while True:
                for reply in simulated.messages.all[seen:]:
                    seen += 1
                    if reply.to == from_ and reply.direction != "inbound":
                        replies += 1
                        yield {"text": _text_json(reply)}
                await simulated.messages.arrival()
    yield {"sent": {"sid": sid, "replies": replies}}


def _text_json(text: TextRecord) -> dict[str, object]:
    return {"sid": text.sid, "from": text.from_, "to": text.to, "body": text.body, "segments": text.segments}


async def _events(log: CallLog, task: "asyncio.Task[None]") -> AsyncGenerator[Event, None]:
    """Yield the events of a log until the task is over."""
    waiting: asyncio.Queue[Event | None] = asyncio.Queue()
    log.follow(waiting.put_nowait)
    task.add_done_callback(lambda _: waiting.put_nowait(None))
    while (event := await waiting.get()) is not None:
        yield event


async def _lines(request: web.Request, lines: AsyncIterator[dict[str, Any]]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    async for line in lines:
        await response.write(json.dumps(line).encode() + b"\n")
    await response.write_eof()
    return response


async def _body(request: web.Request, *needed: str) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        refuse(20001, "the body is not JSON")
    if not isinstance(body, dict) or any(name not in body for name in needed):
        refuse(20001, f"the body needs {', '.join(needed)}")
    return body
