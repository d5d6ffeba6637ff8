"""A small REST service in the shape of Twilio's, for the tests of the client: real HTTP, answers as told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from guichet.carrier.transport import basic_auth

ACCOUNT = "AC" + "1" * 32
TOKEN = "rest-token"


@dataclass
class TwilioDouble:
    """Keeps calls and texts, and what was posted; `answers` are given instead, one a request, oldest first."""

    url: str = ""
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    answers: list[web.Response | str] = field(default_factory=list)
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    recordings: dict[str, bytes] = field(default_factory=dict)
    account_status: str = "active"
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    date: str = "Tue, 03 Mar 2026 10:00:00 +0000"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer as told, else as the service would."""
        self.asked.append((request.method, request.raw_path))
        form = await request.post()
        path = request.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}").removesuffix(".json").strip("/")
        if request.method == "POST":
            self.posted.append((path, {k: form.getall(k) if len(form.getall(k)) > 1 else form[k] for k in form}))
        if request.headers["Authorization"] not in {basic_auth(ACCOUNT, token) for token in self.tokens}:
            return problem(401, 20003)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, web.Response):
                return answer
            if answer == "hang":
                self.hanging.set()
                await self.release.wait()
            elif answer == "cut":
                assert request.transport
                request.transport.close()
            elif answer == "cut-after":
                self.route(request, path)
                assert request.transport
                request.transport.close()
            return web.Response(status=204)
        return self.route(request, path)

    def route(self, request: web.Request, path: str) -> web.StreamResponse:
        """Serve calls, messages, recordings and the account."""
        kind, _, sid = path.partition("/")
        listed = {"Calls": self.calls, "Messages": self.texts}.get(kind)
        if kind == "Recordings":
            return self.recording(request, sid)
        if listed is None:
            return web.json_response({"sid": ACCOUNT, "status": self.account_status})
        if sid:
            return self.change(listed, sid) if request.method == "POST" else self.fetch(listed, sid)
        if request.method == "POST":
            return web.json_response(self.add(kind, dict(self.posted[-1][1])), status=201)
        found = [item for item in listed if item["to"] == request.query["To"]]
        return web.json_response({kind.lower(): found, "page_size": 50, "next_page_uri": None})

    def add(self, kind: str, form: dict[str, Any], direction: str = "outbound-api") -> dict[str, Any]:
        """Add a call or a text, newest first."""
        listed, prefix = (self.calls, "CA") if kind == "Calls" else (self.texts, "SM")
        item = {
            "sid": f"{prefix}{len(listed) + 1:032x}",
            "to": form["To"],
            "from": form.get("From"),
            "body": form.get("Body"),
            "status": "queued",
            "direction": direction,
            "date_created": self.date,
            "duration": None,
        }
        listed.insert(0, item)
        return item

    @staticmethod
    def fetch(listed: list[dict[str, Any]], sid: str) -> web.Response:
        """Give one back."""
        item = next((item for item in listed if item["sid"] == sid), None)
        return problem(404, 20404) if item is None else web.json_response(item)

    def change(self, listed: list[dict[str, Any]], sid: str) -> web.Response:
        """Change a call that is not over."""
        item = next((item for item in listed if item["sid"] == sid), None)
        if item is None:
            return problem(404, 20404)
        if item["status"] == "completed":
            return problem(400, 21220)
        item["status"] = self.posted[-1][1].get("Status", item["status"])
        return web.json_response(item)

    def recording(self, request: web.Request, name: str) -> web.Response:
        """Serve or delete a recording."""
        sid = name.removesuffix(".wav")
        if sid not in self.recordings:
            return problem(404, 20404)
        if request.method == "DELETE":
            del self.recordings[sid]
            return web.Response(status=204)
        return web.Response(body=self.recordings[sid], content_type="audio/x-wav")


def problem(status: int, code: int) -> web.Response:
    """Answer an error as Twilio words it, with a number in the message that must not reach a log."""
    message = "The 'To' number +33612345678 is not right"
    return web.json_response({"code": code, "message": message, "status": status}, status=status)


@asynccontextmanager
async def twilio_double() -> AsyncIterator[TwilioDouble]:
    """Serve on a free port."""
    double = TwilioDouble()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", double.handle)
    async with TestServer(app) as server:
        double.url = str(server.make_url("")).rstrip("/")
        yield double
        double.release.set()
