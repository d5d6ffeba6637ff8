"""Pages of the console with a large base, beside a bare page in the same run: `python -m benchmarks.console`.

Fills an SQLite file with CITIZENS people and a year of REQUESTS requests (`benchmarks/console_base.py`), serves the
whole application on a socket, and asks for each page of agents and supervisors PAGES times as somebody who has signed
in, one after the other. The bare page is aiohttp with one jinja2 template and no database, asked for in turn with the
others. Printed are the 50th and 95th percentiles of the CPU time of the process (all threads, the asking included),
which wavers less where others use the machine, its ratio to the bare page's, and the same of the time until the whole
HTML is there.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from jinja2 import Environment

from benchmarks.console_base import QUEUES, Base
from guichet.carrier.memory import MemoryCarrier
from guichet.console.account import Account, AccountId
from guichet.console.role import Role
from guichet.console.session import Stage
from guichet.console.sign_in import Browser, open_session
from guichet.console.slices import FIGURES
from guichet.core.clock import SystemClock
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.app import application
from guichet.gateway.counting_days import MOST
from guichet.gateway.services import Books, Services, compose, open_database
from guichet.gateway.settings import Settings
from guichet.routing.agent import Agent, Presence
from guichet.transcripts.silent import SilentRecogniser

CITIZENS = 1_000_000
REQUESTS = 100_000
PAGES = 200
NOW = datetime.now(UTC)
_BARE = "<!doctype html><title>{{ title }}</title><ul>{% for row in rows %}<li>{{ row }}</li>{% endfor %}</ul>"


def bare() -> web.Application:
    """Return a page of twenty rows, and nothing behind it."""
    template = Environment(autoescape=True).from_string(_BARE)

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=template.render(title="Bare", rows=range(20)), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    return app


def addresses(requests: int) -> dict[str, Callable[[int], str]]:
    """Return the pages that are asked for, each by its name; a number makes some of them differ."""
    today = NOW.date()
    year = f"from={today - timedelta(days=364)}&to={today}"
    words = ("carte", "chaussée", "facture cantine", "ecole", "logement social")
    return {
        "desk": lambda _n: "/console/desk",
        "a case": lambda n: f"/console/cases/req_{n * 499 % requests:026}",
        "sessions": lambda _n: "/console/sessions",
        "board": lambda _n: "/console/board",
        "measures, 30 days by queue": lambda _n: "/console/measures",
        "measures, 30 days by day": lambda _n: "/console/measures?by=day&figure=wait_median",
        "measures, a year by matter": lambda n: f"/console/measures?{year}&by=matter&figure={FIGURES[n % 14].name}",
        "measures, a year by hour": lambda _n: f"/console/measures?{year}&by=hour",
        "page to publish, a year": lambda _n: f"/console/measures/publication?{year}",
        "understanding and friction": lambda _n: "/console/understanding",
        "search, by words": lambda n: f"/console/search?q={words[n % 5]}",
        "search, words of a month": lambda n: f"/console/search?q={words[n % 5]}&from={today - timedelta(days=30)}",
        "search, by matter and outcome": lambda _n: "/console/search?intent=aide_sociale&outcome=abandoned",
        "search, by a person": lambda n: f"/console/search?who=%2B336{n * 7:08}",
        "a contact": lambda n: f"/console/contacts/con_{n * 499 % requests:026}",
        "teaching": lambda _n: "/console/training",
        "team": lambda _n: "/console/team",
        "one of the team": lambda n: f"/console/team/acc_{n % 30:02}",
        "coaching": lambda _n: "/console/coaching",
        "trail": lambda _n: "/console/audit",
        "trail, of somebody": lambda n: f"/console/audit?actor=account:acc_{n % 30:02}&action=contact.",
        "rules": lambda _n: "/console/rules",
        "draft of the rules": lambda _n: "/console/rules/draft",
        "calendar": lambda _n: "/console/rules/calendar",
        "emergency": lambda _n: "/console/emergency",
    }


async def open_base(services: Services) -> str:
    """Hire agents, count the days, sign a supervisor in; return the cookie."""
    for number in range(30):
        agent = Agent(
            AgentId(f"agent_{number:02}"),
            f"Agent {number}",
            PhoneNumber(f"+3319900{5000 + number}"),
            frozenset(QUEUES),
            frozenset(Language),
            Presence.AVAILABLE,
            NOW,
        )
        person = Account(
            AccountId(f"acc_{number:02}"), f"a{number}", f"Agent {number}", Role.AGENT, NOW, agent=agent.id
        )
        async with services.database.begin() as unit:
            if await unit.accounts.by_login(person.login) is None:
                await unit.agents.add(agent)
                await unit.accounts.add(replace(person, role=Role.SUPERVISOR) if number == 0 else person)
    began = time.monotonic()
    for _ in range(366 // MOST + 1):
        await services.counting.count()
    print(f"a year of days counted in {time.monotonic() - began:.1f} s, by jobs of {MOST} days")
    async with services.database.begin() as unit:
        account = await unit.accounts.get(AccountId("acc_00"))
        opened = await open_session(unit, account, Browser("127.0.0.1", "bench"), NOW, Stage.OPEN)
    return f"__Host-guichet={opened.token}"


async def measure(folder: Path, citizens: int, requests: int, pages: int, only: str) -> None:
    """Fill, serve, ask, print."""
    settings = Settings(data_dir=folder, twilio_account_sid="AC1", twilio_auth_tokens=("bench",))
    async with open_database(settings, SystemClock()) as database:
        is_new = not (folder / "guichet.sqlite").exists()
        await database.upgrade()
        if is_new:
            began = time.monotonic()
            await asyncio.to_thread(Base(citizens, requests, NOW).fill, folder / "guichet.sqlite")
            print(f"{citizens} citizens, {requests} requests, in {time.monotonic() - began:.0f} s")
        books = Books.read(settings)
        services = compose(settings, SystemClock(), database, books, MemoryCarrier(), SilentRecogniser())
        headers = {"Cookie": await open_base(services)}
        asked = {name: address for name, address in addresses(requests).items() if only in name}
        taken: dict[str, list[Taken]] = {name: [] for name in ("bare", *asked)}
        async with (
            TestServer(application(services, None)) as served,
            TestServer(bare()) as other,
            aiohttp.ClientSession(headers=headers) as http,
        ):
            for n in range(-5, pages):
                _keep(taken["bare"], n, await _ask(http, str(other.make_url("/"))))
                for name, address in asked.items():
                    path = served.make_url(address(abs(n)))
                    _keep(taken[name], n, await _ask(http, str(path)))
    _print(taken)


def _print(taken: dict[str, list["Taken"]]) -> None:
    beside = _percentiles(taken["bare"])
    print(f"{'page':<34}{'CPU p50':>9}{'p95':>8}{'beside bare':>13}{'time p50':>10}{'p95':>8}  (ms)")
    for name, times in taken.items():
        (time_middle, time_high), (cpu_middle, cpu_high) = _percentiles(times)
        line = f"{name:<34}{cpu_middle * 1000:>9.1f}{cpu_high * 1000:>8.1f}{cpu_middle / beside[1][0]:>13.1f}"
        print(f"{line}{time_middle * 1000:>10.1f}{time_high * 1000:>8.1f}")


Taken = tuple[float, float]
"""Seconds until a page was there, and CPU seconds it took."""


def _percentiles(taken: list[Taken]) -> list[tuple[float, float]]:
    """Return the 50th and 95th percentiles of each."""
    return [
        (statistics.quantiles(one, n=100)[49], statistics.quantiles(one, n=100)[94]) for one in zip(*taken, strict=True)
    ]


def _keep(times: list[Taken], n: int, taken: Taken) -> None:
    if n >= 0:  # the first ones warm up
        times.append(taken)


async def _ask(http: aiohttp.ClientSession, address: str) -> Taken:
    began, spent = time.perf_counter(), time.process_time()
    async with http.get(address) as answer:
        await answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address} answered {answer.status}")
    return time.perf_counter() - began, time.process_time() - spent


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=CITIZENS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--only", default="", help="pages whose name has this")
    parser.add_argument("--folder", type=Path, help="where the base is, or is made and left")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = wanted.folder or Path(name)
        asyncio.run(measure(folder, wanted.citizens, wanted.requests, wanted.pages, wanted.only))
