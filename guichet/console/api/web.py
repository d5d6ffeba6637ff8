"""The routes of `/api/v1/`: who asks, how often, what; one transaction each, with its line in the audit trail.

No cookie is read or set, no other origin is let in, nothing may be kept by a cache.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import msgspec
from aiohttp import hdrs, web

from guichet.console.api.answers import Key, fingerprint
from guichet.console.api.decoding import MOST_BYTES, decode_body, decode_key, decode_path, decode_query
from guichet.console.api.openapi import BASE, DOCUMENT, document
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.ports import Tools, Unit
from guichet.console.api.problem import CONTENT_TYPE, Refusal, preferred, refusal_of
from guichet.console.api.rate import Buckets
from guichet.console.api.token import SEEN_EVERY, ApiToken, read_token
from guichet.console.audit import Entry
from guichet.core.errors import GuichetError

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="guichet"'}

Handler = Callable[[web.Request], Awaitable[web.Response]]


def routes(tools: Tools, operations: Sequence[Operation]) -> list[web.RouteDef]:
    """Serve the operations, the document, and a problem for everything else below `/api/`."""
    door = _Door(tools, Buckets(tools.a_minute))
    described = msgspec.json.encode(document(operations))

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(body=described, content_type="application/json", headers=_HEADERS)

    async def nothing(_request: web.Request) -> web.Response:
        raise Refusal(404, f"there is nothing here: see {BASE}{DOCUMENT}")

    found = [_route("GET", DOCUMENT, openapi), _others(DOCUMENT, ["GET"])]
    for path in dict.fromkeys(operation.path for operation in operations):
        here = [operation for operation in operations if operation.path == path]
        found += [_route(one.method, path, _told(door.serving(one))) for one in here]
        found.append(_others(path, sorted(one.method for one in here)))
    return [*found, web.route(hdrs.METH_ANY, "/api{tail:(/.*)?}", _told(nothing))]


def problem_response(error: Exception, accept_language: str = "") -> web.Response:
    """Answer an error."""
    refusal = refusal_of(error)
    body = msgspec.json.encode(refusal.problem(preferred(accept_language)))
    headers = {**_HEADERS, **refusal.headers, "Vary": "Accept-Language"}
    return web.Response(status=refusal.status, body=body, content_type=CONTENT_TYPE, headers=headers)


def _others(path: str, methods: Sequence[str]) -> web.RouteDef:
    """Answer the methods that do not exist on a path."""

    async def refuse(_request: web.Request) -> web.Response:
        allow = ", ".join(methods)
        raise Refusal(405, f"here there is {allow}: see {BASE}{DOCUMENT}", {"Allow": allow})

    return _route(hdrs.METH_ANY, path, _told(refuse))


def _route(method: str, path: str, handler: Handler) -> web.RouteDef:
    """Return a route; a GET is no HEAD."""
    return (
        web.get(BASE + path, handler, allow_head=False) if method == "GET" else web.route(method, BASE + path, handler)
    )


def _told(handler: Handler) -> Handler:
    """Answer our errors as problems; what is no error of ours is caught, and logged, by the gateway."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except (Refusal, GuichetError) as error:
            return problem_response(error, request.headers.get("Accept-Language", ""))

    return handle


class _Door:
    """Admits and serves."""

    def __init__(self, tools: Tools, buckets: Buckets) -> None:
        self._tools = tools
        self._buckets = buckets

    def serving(self, operation: Operation) -> Handler:
        """Return what serves an operation."""

        async def serve(request: web.Request) -> web.Response:
            token = await self._admit(request, operation)
            path = decode_path(operation, request.match_info)
            query = decode_query(operation, request.query)
            raw = await _body(request) if operation.body else b""
            body = decode_body(operation, request.headers.get("Content-Type", ""), raw)
            key = decode_key(request.headers.get("Idempotency-Key")) if operation.once else None
            async with self._transaction(operation) as unit:
                now = self._tools.clock.now()
                asked = Asked(unit, self._tools, token, now, path, query, body, request.headers.get("If-Match"))
                if key is None:
                    return _written(operation, await _perform(operation, asked))
                own = Key(token.id, key, fingerprint(request.method, request.path, raw))
                return await _once(operation, asked, own)

        return serve

    def _transaction(self, operation: Operation) -> AbstractAsyncContextManager[Unit]:
        """Open what the operation needs: whatever leaves a line in the audit trail writes."""
        return self._tools.begin() if operation.writes or operation.action else self._tools.read()

    async def _admit(self, request: web.Request, operation: Operation) -> ApiToken:
        """Return the token that a request shows. Raises Refusal: 401, 429 or 403."""
        token = await self._token(request.headers.get("Authorization", ""))
        wait = self._buckets.take(token.id, time.monotonic())
        if wait:
            raise Refusal(429, f"this token asks too often: wait {wait} s", {"Retry-After": str(wait)})
        if operation.scope not in token.scopes:
            raise Refusal(403, f"this needs a token with the scope {operation.scope}")
        return token

    async def _token(self, authorization: str) -> ApiToken:
        scheme, _, text = authorization.partition(" ")
        written = read_token(text.strip()) if scheme.lower() == "bearer" else None
        if written is None:
            raise Refusal(401, "show a token: 'Authorization: Bearer gct_…' (guichet api token add)", _CHALLENGE)
        now = self._tools.clock.now()
        async with self._tools.read() as unit:
            token = await unit.tokens.get(written[0])
        if token is None or not token.matches(written[1]) or not token.opens(now):
            raise Refusal(401, "this token is unknown, revoked or expired", _CHALLENGE)
        if token.last_used_at is None or token.last_used_at <= now - SEEN_EVERY:
            async with self._tools.begin() as unit:
                await unit.tokens.used(token, now)
        return token


async def _body(request: web.Request) -> bytes:
    """Read the body. Raises Refusal (413)."""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, f"a body has at most {MOST_BYTES} bytes") from None


async def _perform(operation: Operation, asked: Asked) -> Answer:
    """Do it, and note it in the audit trail."""
    answer = await operation.perform(asked)
    if operation.action:
        entry = Entry(asked.now, asked.token.actor, operation.action, answer.subject, answer.detail)
        await asked.unit.audit.note(entry)
    return answer


async def _once(operation: Operation, asked: Asked, key: Key) -> web.Response:
    """Do it once for a key: the second time, the first answer is given again. Raises Refusal (422)."""
    kept = await asked.unit.answers.take(key, asked.now)
    if kept is None:
        response = _written(operation, await _perform(operation, asked))
        own = {name: response.headers[name] for name in ("ETag", "Location") if name in response.headers}
        await asked.unit.answers.keep(key, response.status, own, str(response.text))
        return response
    if kept.fingerprint != key.fingerprint:
        raise Refusal(422, "this Idempotency-Key was used for another request: take a new one")
    headers = {**_HEADERS, **kept.headers, "Idempotency-Replayed": "true"}
    return web.Response(status=kept.status, text=kept.body, content_type="application/json", headers=headers)


def _written(operation: Operation, answer: Answer) -> web.Response:
    headers = dict(_HEADERS)
    if answer.etag is not None:
        headers["ETag"] = f'"{answer.etag}"'
    if answer.location is not None:
        headers["Location"] = BASE + answer.location
    body = msgspec.json.encode(answer.value)
    return web.Response(status=operation.status, body=body, content_type="application/json", headers=headers)
