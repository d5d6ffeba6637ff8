"""What is sent, over real sockets: bounded in time, to nobody of our own network."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from guichet.console.hooks.addresses import Allowed
from guichet.console.hooks.sender import Answered, HttpSender
from tests.console.hooks.receiver import Receiver

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HERE = Allowed.parse(["127.0.0.1"])


class Names(AbstractResolver):
    """Leads every name to one address."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the address."""
        return [ResolveResult(hostname=host, host=self._address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""


async def test_a_message_is_posted(receiver: Receiver) -> None:
    assert await HttpSender(HERE).send(receiver.url, {"x-y": "z"}, b"{}") == Answered(204)
    ((headers, body),) = receiver.got
    assert (headers["x-y"], body) == ("z", b"{}")
    assert "cookie" not in headers


async def test_our_own_network_is_not_reached_whatever_the_name(receiver: Receiver) -> None:
    name = receiver.url.replace("127.0.0.1", "gru.example").replace("http:", "https:")
    sender = HttpSender(Allowed(), Names("127.0.0.1"))
    assert await sender.send(name, {}, b"{}") == Answered(None, "address_not_allowed")
    assert await sender.send(receiver.url, {}, b"{}") == Answered(None, "address_not_allowed")
    assert await sender.send(name.replace("https:", "http:"), {}, b"{}") == Answered(None, "http_not_allowed")
    assert receiver.got == []


async def test_a_name_that_the_setting_allows_is_reached(receiver: Receiver) -> None:
    sender = HttpSender(Allowed.parse(["gru.example"]), Names("127.0.0.1"))
    assert await sender.send(receiver.url.replace("127.0.0.1", "gru.example"), {}, b"{}") == Answered(204)


async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Say nothing."""


async def nonsense(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speak something else."""
    writer.write(b"HELLO\r\n\r\n")


async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with a header that is too long."""
    writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("behaviour", "error"), [(silent, "timeout"), (nonsense, "bad_answer"), (endless, "bad_answer")]
)
async def test_who_does_not_answer_or_speaks_nonsense_holds_nobody_up(behaviour: Behaviour, error: str) -> None:
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await behaviour(reader, writer)
        await reader.read()
        writer.close()
        over.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answered = await HttpSender(HERE, seconds=0.3).send(f"http://127.0.0.1:{port}/", {}, b"{}")
        assert answered == Answered(None, error)
        async with asyncio.timeout(20):
            await over.wait()


async def test_nobody_there_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert await HttpSender(HERE).send(f"http://127.0.0.1:{port}/", {}, b"{}") == Answered(None, "no_connection")
