"""Sets the stage of the demonstration: a folder of its own, database, citizens, agent, carrier, gateway and worker."""

import asyncio
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import aiohttp

from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from guichet.citizens.importer import CitizenImport
from guichet.core.clock import SystemClock
from guichet.core.errors import Unavailable
from guichet.core.ids import AgentId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway import child, embedded_redis
from guichet.gateway.database import Database
from guichet.gateway.demo.scenario import AGENT_NAME, AGENT_PHONE, AGENT_SKILLS, FRENCH_LINE
from guichet.gateway.services import open_database
from guichet.gateway.settings import PREFIX, Settings
from guichet.routing.agent import Agent, Presence
from guichet.routing.hours import Hours, is_open, next_opening
from guichet.routing.rule_book import RuleBook
from guichet.transcripts.model_files import model_folder

ACCOUNT = "AC" + "0" * 31 + "1"
SPEED = 8.0
"""Simulated seconds in a real one: fast enough to watch, slow enough for the recogniser to keep up."""
GATEWAY_SECONDS = 60.0
SHIFT = timedelta(minutes=15)
"""A demonstration is over by then."""

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """What is up: the simulated carrier, the database to look into, the settings that the processes run with."""

    simulator: Simulator
    database: Database
    settings: Settings
    config: Path


@asynccontextmanager
async def stage(settings: Settings, step: Step) -> AsyncIterator[Stage]:
    """Build the stage, telling each step; everything ends with the block. Raises Unavailable, saying why."""
    if model_folder(settings.models_dir, Language.EN) is None:
        raise Unavailable("the demonstration is heard in English, and its model is missing: guichet models install en")
    folder = settings.data_dir.resolve() / "demo"
    _clean(folder)
    offset = _until_open(settings)
    if offset:
        opens = SystemClock(offset).now().strftime("%A %H:%M UTC")
        step(f"the counter is closed now: the demonstration's clock says {opens}")
    port = _free_port()
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(
            Simulator(
                SimulatorSettings(
                    account_sid=ACCOUNT,
                    auth_token=secrets.token_hex(16),
                    gateway_url=f"http://127.0.0.1:{port}",
                    public_url=f"http://127.0.0.1:{port}",
                    pace=Pace(SPEED),
                )
            )
        )
        own = settings.evolve(
            public_url=simulator.settings.public_url,
            twilio_account_sid=ACCOUNT,
            twilio_auth_tokens=(simulator.settings.auth_token,),
            twilio_api_url=simulator.api_url,
            database_url="",
            redis_url="",
            data_dir=folder,
            clock_offset=int(offset.total_seconds()),
            second_factor=(),
        )
        config = _write(own, folder)
        step(f"the simulated carrier listens on {simulator.api_url}")
        database = await stack.enter_async_context(open_database(own))
        await _fill(database, step)
        log = folder / "gateway.log"
        process = stack.enter_context(_gateway(port, config, log))
        await _ready(f"http://127.0.0.1:{port}", process, log)
        step(f"the gateway, its Redis and its worker are up on {own.public_url}")
        yield Stage(simulator, database, own, config)


def _clean(folder: Path) -> None:
    """Start clean, unless another demonstration uses the folder."""
    if embedded_redis.is_running(folder):
        raise Unavailable(f"another demonstration runs in {folder}: stop it, or set another GUICHET_DATA_DIR")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)


def _until_open(settings: Settings) -> timedelta:
    """Return how far ahead the clock must be for every queue to be open, and stay so for a while."""
    book = RuleBook.load(settings.rule_book)
    line = book.line(PhoneNumber.parse(FRENCH_LINE)) or book.lines[0]
    every = [line.hours, *(queue.hours for queue in book.queues.values() if queue.hours)]
    now = SystemClock().now()

    def closed(moment: datetime) -> Hours | None:
        """Return hours that are closed then, or soon after."""
        soon = (moment, moment + SHIFT)
        return next((hours for hours in every if not all(is_open(hours, book.calendar, at) for at in soon)), None)

    moment = now
    while (hours := closed(moment)) is not None:
        opening = next_opening(hours, book.calendar, moment + SHIFT)
        if opening is None:
            return timedelta(0)
        moment = max(opening, moment + SHIFT)
    return moment - now


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write(settings: Settings, folder: Path) -> Path:
    """Write the settings file that the processes, and the commands of a curious newcomer, read."""
    values = {
        "public_url": settings.public_url,
        "twilio_account_sid": settings.twilio_account_sid,
        "twilio_auth_tokens": list(settings.twilio_auth_tokens),
        "twilio_api_url": settings.twilio_api_url,
        "data_dir": str(settings.data_dir),
        "models_dir": str(settings.models_dir.resolve()),
        "clock_offset": settings.clock_offset,
        "languages": [language.value for language in settings.languages],
        "log_level": settings.log_level,
        "second_factor": [role.value for role in settings.second_factor],
    }
    for name in ("rule_book", "intent_book"):
        path = getattr(settings, name)
        if path is not None:
            values[name] = str(path.resolve())
    path = folder / "guichet.toml"
    # JSON strings, numbers and lists are TOML.
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()), "utf-8")
    path.chmod(0o600)
    return path


async def _fill(database: Database, step: Step) -> None:
    """Make the tables; add the sample citizens and an agent."""
    await database.upgrade()
    sample = Path(str(files("guichet.gateway") / "samples" / "citizens.csv"))
    today = SystemClock().now().date()
    report = await CitizenImport(database.begin).run(sample, today)
    step(f"{report.people.progress.saved.added} sample citizens are imported")
    agent = Agent(
        id=AgentId(new_id("agent")),
        name=AGENT_NAME,
        phone=PhoneNumber.parse(AGENT_PHONE),
        skills=frozenset(AGENT_SKILLS),
        languages=frozenset(Language),
        presence=Presence.AVAILABLE,
        since=SystemClock().now(),
    )
    async with database.begin() as unit:
        await unit.agents.add(agent)


@contextmanager
def _gateway(port: int, config: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `guichet serve --embedded`, with its log in a file."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment["GUICHET_CONFIG"] = str(config)
    command = [sys.executable, "-m", "guichet", "serve", "--embedded", "--port", str(port)]
    with log.open("wb") as output:
        process = child.spawn(command, environment=environment, output=output)
        try:
            yield process
        finally:
            child.stop(process)


async def _ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the gateway says it is ready."""
    deadline = time.monotonic() + GATEWAY_SECONDS
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                async with session.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    end = (await asyncio.to_thread(log.read_text, "utf-8", "replace")).strip().splitlines()[-3:]
    raise Unavailable("the gateway did not come up; the end of its log: " + " | ".join(end))
