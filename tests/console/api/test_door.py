"""Who gets in, and what everybody else is told."""

import io
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from guichet.console.api.openapi import document
from guichet.console.api.operations import all_operations
from guichet.console.api.token import Scope
from guichet.console.audit import Look
from tests.console.api.client import Client
from tests.journeys.world import World, open_world


async def test_without_a_good_token_nothing_is_shown(world: World) -> None:
    client = await Client.of(world)
    for token in ("", "gct_x", client.token[:-1] + "!", client.token[:-4] + "AAAA"):
        got = await Client(world, token).ask("GET", "/requests")
        assert got.status == 401
        assert got.headers["WWW-Authenticate"].startswith("Bearer")
        assert got.headers["Content-Type"].startswith("application/problem+json")
        assert got.body["type"] == "urn:guichet:problem:no-token"


async def test_a_revoked_or_expired_token_opens_nothing(world: World) -> None:
    client = await Client.of(world)
    assert await client.get("/requests") == {"items": [], "next": None}
    async with world.services.database.begin() as unit:
        await unit.tokens.revoke(client.token_id, world.clock.now())
    assert (await client.ask("GET", "/requests")).status == 401


async def test_a_token_reaches_as_far_as_its_scopes(world: World) -> None:
    client = await Client.of(world, Scope.REQUESTS_READ)
    assert (await client.ask("GET", "/requests")).status == 200
    refused = await client.ask("GET", "/citizens")
    assert (refused.status, refused.body["detail"]) == (403, "this needs a token with the scope citizens:read")
    assert (await client.ask("POST", "/requests/req_1/close", {"state": "done", "reason": "x"})).status == 403


async def test_the_use_of_a_token_is_kept_to_the_minute(world: World) -> None:
    client = await Client.of(world)
    started = world.clock.now()
    await client.get("/requests")
    world.clock.move(timedelta(seconds=30))
    await client.get("/requests")
    async with world.services.database.read() as unit:
        (token,) = await unit.tokens.all()
    assert token.last_used_at == started
    world.clock.move(timedelta(seconds=31))
    await client.get("/requests")
    async with world.services.database.read() as unit:
        (token,) = await unit.tokens.all()
    assert token.last_used_at == world.clock.now()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/requests/req%2F1", 404),
        ("DELETE", "/requests", 405),
        ("HEAD", "/requests", 405),
        ("OPTIONS", "/requests", 405),
        ("GET", "/requests/req_1", 404),
        ("GET", "/requests?order=fast", 400),
        ("GET", "/requests?colour=blue", 400),
        ("GET", "/requests?limit=1&limit=2", 400),
        ("GET", "/requests?limit=0", 400),
        ("GET", "/requests?limit=1.0", 400),
        ("GET", "/requests?open=yes", 400),
        ("GET", "/requests?cursor=abc", 422),
        ("GET", "/agents?limit=1", 400),
        ("GET", "/reports?from=2026-03-04&to=2026-03-03", 422),
    ],
)
async def test_every_error_is_a_problem(world: World, method: str, path: str, status: int) -> None:
    got = await (await Client.of(world)).ask(method, path)
    assert got.status == status, got
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["Content-Type"].startswith("application/problem+json")
    assert method == "HEAD" or got.body["status"] == status
    assert (status == 405) == ("Allow" in got.headers)
    assert "Set-Cookie" not in got.headers
    assert "Access-Control-Allow-Origin" not in got.headers


async def test_a_body_that_is_not_as_described_is_refused_with_its_place(world: World) -> None:
    client = await Client.of(world)
    typed = {"Content-Type": "application/json"}
    for data, headers, status in (
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b"{", typed, 400),
        (b"\xff", typed, 400),
        (b'{"text": 3}', typed, 400),
        (b'{"text": "x", "more": 1}', typed, 400),
        (b'{"text": "' + b"x" * (1 << 20) + b'"}', typed, 413),
    ):
        got = await client.ask("POST", "/rules/check", data=io.BytesIO(data), headers=headers)
        assert (got.status, got.body["status"]) == (status, status), data[:20]
    got = await client.ask("POST", "/rules/check", {"text": 3})
    assert got.body["detail"] == "body: Expected `str`, got `int` - at `text`"


async def test_titles_are_in_the_language_that_is_asked_for(world: World) -> None:
    client = await Client.of(world)
    for language, title in (("fr-FR,fr;q=0.9", "Introuvable"), ("en", "Not found"), ("de", "Not found")):
        got = await client.ask("GET", "/requests/req_1", headers={"Accept-Language": language})
        assert got.body["title"] == title


async def test_who_asks_too_often_is_told_when_to_come_back(any_database: str, tmp_path: Path) -> None:
    async with open_world(any_database, tmp_path, more={"api_rate": 1}) as world:
        client, other = await Client.of(world), await Client.of(world)
        first, second = await client.ask("GET", "/agents"), await client.ask("GET", "/agents")
        assert (first.status, second.status) == (200, 429)
        assert 1 <= int(second.headers["Retry-After"]) <= 60
        assert (await other.ask("GET", "/agents")).status == 200


async def test_every_operation_opens_to_its_own_scope_alone(world: World) -> None:
    without = {scope: await Client.of(world, *(set(Scope) - {scope})) for scope in Scope}
    nobody = Client(world, "")
    for operation in all_operations():
        path = operation.path.replace("{number}", "1").replace("{id}", "x_1").replace("{delivery}", "x_1")
        for asking, status in ((nobody, 401), (without[operation.scope], 403)):
            got = await asking.ask(operation.method, path)
            assert (got.status, got.body["status"]) == (status, status), operation.name
    async with world.services.database.read() as unit:
        assert await unit.audit.find(Look()) == []


async def test_the_document_is_open_to_all_and_has_nothing_of_the_installation(world: World) -> None:
    got = await Client(world, "").ask("GET", "/openapi.json")
    assert (got.status, got.body["openapi"]) == (200, "3.1.0")
    assert got.body == msgspec.json.decode(msgspec.json.encode(document(all_operations())))
    assert (await Client(world, "").ask("POST", "/openapi.json")).status == 405
