"""The REST side of the simulated carrier: Basic auth, Twilio's error bodies and lists, misbehaviour on demand.

Source: https://www.twilio.com/docs/usage/api and https://www.twilio.com/docs/api/errors.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NoReturn

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from guichet.carrier.simulator.credentials import knows
from guichet.carrier.simulator.mischief import Fail, Mischief
from guichet.core.errors import GuichetError, NotFound


class RestError(GuichetError):
    """What Twilio would answer instead: an HTTP status and its own code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class AnsweredFirst(web.Response):
    """A JSON answer, and what happens once it is sent: a telephone rings, a callback goes out."""

    def __init__(self, body: Mapping[str, object], status: int, afterwards: Callable[[], object]) -> None:
        super().__init__(text=json.dumps(body), status=status, content_type="application/json")
        self.afterwards = afterwards


def refuse(code: int, message: str, status: int = 400) -> NoReturn:
    """Answer an error."""
    raise RestError(status, code, message)


def error_response(status: int, code: int, message: str) -> web.Response:
    """Return an error as Twilio writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return web.json_response({"code": code, "message": message, "more_info": more, "status": status}, status=status)


def guard(account: str, token: str, mischief: Mischief) -> Middleware:
    """Return the middleware that checks the credentials, misbehaves when told, and writes errors."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not knows(request.headers.get("Authorization"), account, token):
            return error_response(401, 20003, "Authenticate")
        below = request.path.removeprefix(f"/2010-04-01/Accounts/{account}").removeprefix("/2010-04-01/Accounts")
        trouble = mischief.rest(below) if not request.path.startswith("/simulator/") else None
        if trouble is None:
            response = await _answer(request, handler)
            await response.prepare(request)
            await response.write_eof()
            _go_on(response)
            return response
        if trouble.processed:
            _go_on(await _answer(request, handler))
        if isinstance(trouble, Fail):
            text = "Too Many Requests" if trouble.status == 429 else "An internal server error has occurred"
            return error_response(trouble.status, 20429 if trouble.status == 429 else 20500, text)
        await asyncio.Event().wait()  # until the client gives up and the server cancels the handler
        raise AssertionError

    return middleware


def _go_on(response: web.StreamResponse) -> None:
    if isinstance(response, AnsweredFirst):
        response.afterwards()


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RestError as error:
        return error_response(error.status, error.code, str(error))
    except NotFound:
        return error_response(404, 20404, f"The requested resource {request.path} was not found")
    except web.HTTPException as error:
        return error_response(error.status, 20404 if error.status == 404 else 20004, error.reason)


def date(moment: datetime | None) -> str | None:
    """Return a date as Twilio writes it (RFC 2822, in UTC)."""
    return None if moment is None else format_datetime(moment.astimezone(UTC))


def page(request: web.Request, key: str, items: Sequence[Mapping[str, object]]) -> web.Response:
    """Return one page of a list, newest first as Twilio does."""
    size = min(1000, int(request.query.get("PageSize", "50")))
    number = int(request.query.get("Page", "0"))
    part = items[number * size : (number + 1) * size]
    following = None
    if (number + 1) * size < len(items):
        following = str(request.rel_url.update_query({"Page": str(number + 1), "PageSize": str(size)}))
    body = {
        key: list(part),
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": max(0, number * size + len(part) - 1),
        "uri": str(request.rel_url),
        "first_page_uri": str(request.rel_url.update_query({"Page": "0", "PageSize": str(size)})),
        "previous_page_uri": None,
        "next_page_uri": following,
    }
    return web.json_response(body)


def within(request: web.Request, name: str, moment: datetime) -> bool:
    """Return whether a moment fits the query's `name`, `name>` and `name<` (dates or ISO times, inclusive)."""
    for suffix, fits in (("", _same_day), (">", datetime.__ge__), ("<", datetime.__le__)):
        wanted = request.query.get(name + suffix)
        if wanted is not None and not fits(moment.replace(microsecond=0), _moment(wanted)):
            return False
    return True


def _same_day(moment: datetime, wanted: datetime) -> bool:
    return moment.date() == wanted.date()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(20001, f"{text!r} is no date")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def matching(request: web.Request, fields: Mapping[str, str], values: Iterable[tuple[str, str]]) -> bool:
    """Return whether every query field that is given equals the value of the same name."""
    wanted = {fields[name]: value for name, value in request.query.items() if name in fields}
    return all(wanted.get(name, value) == value for name, value in values)
