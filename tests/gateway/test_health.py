import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry, Counter

from guichet.core.errors import Unavailable
from guichet.gateway import health


async def well() -> None:
    pass


async def away() -> None:
    raise Unavailable("Redis does not answer: start it")


async def stalled() -> None:
    await asyncio.Event().wait()


async def test_every_fault_is_found_at_once_and_named() -> None:
    found = await health.examine({"database": well, "redis": away})
    assert not found.is_ready
    assert found.faults == {"database": "", "redis": "Redis does not answer: start it"}


async def test_the_pages_tell_readiness_and_figures() -> None:
    registry = CollectorRegistry()
    Counter("calls", "Calls.", registry=registry).inc()
    app = web.Application()
    app.add_routes(health.routes(health.Watch(health.Checks({"redis": away}, {})), registry))
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/healthz")).status == 200
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert (await answer.json())["checks"] == {"redis": "Redis does not answer: start it"}
        assert "calls_total 1.0" in await (await client.get("/metrics")).text()


async def test_a_dependency_that_hangs_does_not_hang_the_page() -> None:
    found = await health.examine({"database": stalled}, 0.01)
    assert "does not answer" in found.faults["database"]


async def test_a_dependency_that_hangs_is_not_asked_again_before_it_answers() -> None:
    asked: list[int] = []
    answers = asyncio.Event()

    async def slow() -> None:
        asked.append(1)
        await answers.wait()

    probe = health.Probe(slow)
    for _ in range(3):
        assert "does not answer" in await probe.fault(0.001)
    answers.set()
    assert await probe.fault(1) == ""
    assert await probe.fault(1) == ""
    assert len(asked) == 2


async def test_the_words_of_an_unknown_error_are_not_shown() -> None:
    async def broken() -> None:
        raise ValueError("+33612345678")

    assert (await health.examine({"database": broken})).faults == {"database": "ValueError"}


async def test_what_is_missed_is_told_without_turning_red() -> None:
    app = web.Application()
    app.add_routes(
        health.routes(health.Watch(health.Checks({"database": well}, {"model fr": away})), CollectorRegistry())
    )
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/readyz")
        assert answer.status == 200
        assert (await answer.json())["checks"]["model fr"].startswith("Redis does not answer")
