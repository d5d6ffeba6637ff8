"""Every route of the gateway, whoever adds one: nothing unsigned gets in, and no bad address gets a traceback."""

import aiohttp
import pytest
from structlog.testing import capture_logs

from guichet.carrier.signature import sign
from guichet.gateway.app import application
from tests.journeys import aftermath
from tests.journeys.world import PUBLIC, TOKEN, World

OPEN_TO_ALL = {"/healthz", "/readyz", "/metrics", "/voice/audio/{name}"}
ELSEWHERE = ("/console", "/api")
"""Walked with accounts and with tokens, in the tests of the console and of the API."""
FORM = {"CallSid": "CA1", "From": "+33639981001", "To": "+33199001010", "CallStatus": "in-progress", "Body": "bonjour"}


def routes(world: World) -> list[tuple[str, str]]:
    """Return method and path of every route of an application of this world, but for the console's own walk."""
    found = {
        (route.method, route.resource.canonical)
        for route in application(world.services, None).router.routes()
        if route.resource is not None and route.method != "HEAD" and not route.resource.canonical.startswith(ELSEWHERE)
    }
    return sorted(found)


@pytest.fixture(params=["world", "duplex_world"])
def each_world(request: pytest.FixtureRequest) -> World:
    """Give a gateway of each voice mode."""
    world: World = request.getfixturevalue(request.param)
    return world


async def test_nothing_unsigned_gets_in(each_world: World) -> None:
    world = each_world
    guarded = [(method, path) for method, path in routes(world) if path not in OPEN_TO_ALL]
    assert len(guarded) > 10
    for method, path in guarded:
        for headers in ({}, {"X-Twilio-Signature": "bm9uc2Vuc2U="}):
            address = world.base + path.replace("{token}", "CA1-1-" + "0" * 40)
            async with world.http.request(
                method, address, data=FORM if method == "POST" else None, headers=headers
            ) as got:
                assert got.status == 403, (method, path)
    tables = await aftermath.check(world)
    assert (tables.contacts, tables.calls, tables.requests, tables.sent) == ((), (), (), ())


async def test_a_signed_request_with_a_bad_address_or_form_gets_an_answer(each_world: World) -> None:
    world = each_world
    posts = [path for method, path in routes(world) if method == "POST"]
    with capture_logs():  # writing each failure out takes longer than all else
        await _ask_badly(world, posts)


async def _ask_badly(world: World, posts: list[str]) -> None:
    for path in posts:
        for query in ("", "?n=x", "?n=99&attempt=att_1&request=req_1&tries=x&waited=99&opening=1"):
            for form in ({}, FORM, {**FORM, "CallSid": "é" * 500, "Digits": "<x>" * 100}):
                headers = {"X-Twilio-Signature": sign(TOKEN, PUBLIC + path + query, form)}
                async with world.http.post(world.base + path + query, data=form, headers=headers) as got:
                    body = await got.text()
                    is_call = path.startswith("/voice/") and not path.endswith("/status")
                    assert got.status in ({200, 204} if is_call else {200, 204, 400, 404}), (
                        path,
                        query,
                        got.status,
                        body,
                    )
                    assert "Traceback" not in body
                    assert not is_call or body.startswith("<?xml"), (path, query, body)


async def test_a_public_page_needs_no_signature(world: World) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/voice/audio/attente.wav"):
        async with world.http.get(world.base + path) as got:
            assert got.status in {200, 503}
    async with aiohttp.ClientSession() as outside, outside.get(f"{world.base}/voice/audio/..%2f..%2fservice.py") as got:
        assert got.status == 404
