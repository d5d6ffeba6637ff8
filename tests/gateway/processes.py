"""Real processes of Guichet for tests: started on free ports, asked as the carrier would, ended as one wishes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from guichet.carrier.signature import sign

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "a-secret-of-these-tests"
PUBLIC = "https://guichet.example"
LINE = "+33199001010"
CALLER = "+33639980417"
PATIENCE = 60.0
"""Real seconds after which what never comes fails a test; a machine may be busy."""
SOON = 6.0
"""Seconds for what takes two on a machine that is not."""

Answer = tuple[int, str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_of(folder: Path, **settings: object) -> dict[str, str]:
    """Return the environment of a process whose data is in the folder; it has no speech model."""
    own = {
        "public_url": PUBLIC,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_tokens": TOKEN,
        "twilio_api_url": "http://127.0.0.1:9",
        "data_dir": folder,
        "models_dir": folder / "no-models",
        **settings,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUICHET_")}
    root = str(Path(__file__).parents[2])
    return {**kept, "PYTHONPATH": root, **{f"GUICHET_{name.upper()}": str(value) for name, value in own.items()}}


@contextmanager
def running(arguments: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `guichet …` with stdout and stderr in one file; whatever is left at the end is killed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "guichet", *arguments],
            env=dict(environment),
            cwd=environment["GUICHET_DATA_DIR"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def guichet(arguments: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "guichet", *arguments],
        env=dict(environment),
        cwd=environment["GUICHET_DATA_DIR"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def of_folder(folder: Path, *words: str) -> dict[int, str]:
    """Return the living processes that work for the folder, and whose command has all the words.

    They are known by their environment; the embedded Redis, which overwrites its own, by where it works.
    """
    mark = str(folder.resolve()).encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            is_ours = any(one.startswith(b"GUICHET_") and mark in one for one in environment)
            if not is_ours and (entry / "cwd").readlink() != folder.resolve() / "redis":
                continue
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and all(word in command for word in words):
            found[int(entry.name)] = command
    return found


def kill(processes: Mapping[int, str]) -> None:
    """Kill -9 each."""
    assert processes
    for pid in processes:
        os.kill(pid, signal.SIGKILL)


async def until(look: Callable[[], object], seconds: float = PATIENCE) -> float:
    """Look until there is something to see; return after how many seconds."""
    began = time.monotonic()
    while True:
        seen = look()
        if isinstance(seen, Awaitable):
            seen = await seen
        if seen:
            return time.monotonic() - began
        assert time.monotonic() - began < seconds, "it never came"
        await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Gateway:
    """A running gateway, and the carrier's way to it."""

    process: subprocess.Popen[bytes]
    url: str
    folder: Path
    log: Path
    session: aiohttp.ClientSession

    async def get(self, path: str) -> Answer:
        """Get a page."""
        async with self.session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **form: str) -> Answer:
        """Post a signed webhook; the status and the text of the answer."""
        headers = {"X-Twilio-Signature": sign(TOKEN, PUBLIC + path, form)}
        async with self.session.post(self.url + path, data=form, headers=headers) as answer:
            return answer.status, await answer.text()

    async def ring(self, call: str, path: str = "/voice/incoming", **form: str) -> Answer:
        """Post a webhook of a call."""
        who = {"CallSid": call, "AccountSid": ACCOUNT, "From": CALLER, "To": LINE, "CallStatus": "ringing"}
        return await self.post(path, **{**who, **form})

    async def text(self, message: str, body: str, caller: str = CALLER) -> Answer:
        """Post the webhook of a text."""
        form = {"MessageSid": message, "AccountSid": ACCOUNT, "From": caller, "To": LINE, "Body": body, "NumMedia": "0"}
        return await self.post("/sms/incoming", **form)

    async def readiness(self) -> Answer:
        """Ask whether it is ready; 0 while it does not listen."""
        try:
            return await self.get("/readyz")
        except aiohttp.ClientError:
            return 0, ""

    async def is_ready(self) -> bool:
        """Whether /readyz is green."""
        assert self.process.poll() is None, self.log.read_text()
        return (await self.readiness())[0] == 200

    async def is_red(self, *words: str) -> bool:
        """Whether /readyz is red and names what is missing."""
        status, text = await self.readiness()
        return status == 503 and all(word in text for word in words)

    async def figure(self, line: str) -> float:
        """Return a figure of /metrics by the start of its line; 0 if it is not there."""
        lines = (await self.get("/metrics"))[1].splitlines()
        return next((float(one.split()[-1]) for one in lines if one.startswith(line)), 0.0)

    async def killed(self) -> None:
        """Kill -9 the gateway; nothing may be left."""
        kill({self.process.pid: ""})
        await until(lambda: not of_folder(self.folder), SOON)

    async def end(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end, and return the exit code; nothing may be left."""
        self.process.send_signal(number)
        code = await asyncio.to_thread(self.process.wait, PATIENCE)
        await until(lambda: not of_folder(self.folder), SOON)
        return code


@asynccontextmanager
async def gateway(folder: Path, *arguments: str, **settings: Any) -> AsyncIterator[Gateway]:
    """Run `guichet serve`, and wait until it is ready."""
    port = free_port()
    environment = settings_of(folder, **settings)
    log = folder / f"gateway-{port}.log"
    with running(["serve", "--port", str(port), *arguments], environment, log) as process:
        async with aiohttp.ClientSession() as session:
            up = Gateway(process, f"http://127.0.0.1:{port}", folder, log, session)
            await until(up.is_ready)
            yield up
