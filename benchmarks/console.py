"""Pages of the console with a large base, beside a bare page in the same run: `python -m benchmarks.console`.

Fills an SQLite file with CITIZENS people and REQUESTS requests (each with its call, transcript and events; an eighth of
them open), serves the whole application on a socket, and asks for each page PAGES times as an agent who has signed in,
one after the other. The bare page is aiohttp with one jinja2 template and no database, asked for in turn with the
others. Printed are the 50th and 95th percentiles of the time until the whole HTML is there, their ratio to the bare
page's, and the same of the CPU time of the process (all threads, the asking included), which wavers less where others
use the machine.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from jinja2 import Environment

from guichet.carrier.memory import MemoryCarrier
from guichet.console.account import Account, AccountId
from guichet.console.role import Role
from guichet.console.session import Stage
from guichet.console.sign_in import Browser, open_session
from guichet.core.clock import SystemClock
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.app import application
from guichet.gateway.services import Books, compose, open_database
from guichet.gateway.settings import Settings
from guichet.routing.agent import Agent, Presence
from guichet.transcripts.silent import SilentRecogniser

CITIZENS = 1_000_000
REQUESTS = 100_000
PAGES = 200
LINE = "+33199001010"
QUEUES = ("accueil", "etat_civil", "enfance", "social", "technique", "tranquillite")
INTENTS = ("etat_civil_acte", "identite_titre", "inscription_scolaire", "aide_sociale", "voirie_signalement")
NOW = datetime.now(UTC)
_BARE = "<!doctype html><title>{{ title }}</title><ul>{% for row in rows %}<li>{{ row }}</li>{% endfor %}</ul>"


def fill(file: Path, citizens: int, requests: int) -> None:
    """Write people, requests, calls and transcripts, in plain SQL."""
    base = sqlite3.connect(file)
    base.execute("PRAGMA synchronous=OFF")
    _write(base, "citizens", _citizens(citizens))
    _write(base, "citizen_phones", _phones(citizens))
    _write(base, "contacts", (_contact(n, citizens) for n in range(requests)))
    _write(base, "transcript_lines", (_line(n) for n in range(requests)))
    _write(base, "requests", (_request(n, citizens) for n in range(requests)))
    _write(base, "request_contacts", (_link(n) for n in range(requests)))
    _write(base, "request_events", (_event(n) for n in range(requests)))
    base.commit()
    base.execute("ANALYZE")
    base.close()


def _write(base: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    names = ", ".join(first)
    holes = ", ".join(f":{name}" for name in first)
    insert = f"INSERT INTO {table} ({names}) VALUES ({holes})"  # names of our own columns
    base.execute(insert, first)
    base.executemany(insert, rows)


def _citizens(count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        yield {
            "id": f"cit_{n:026}",
            "external_id": str(n),
            "given_names": f"Prénom{n % 997}",
            "birth_name": f"Nom{n % 9973}",
            "usual_name": "",
            "birth_date": f"{1930 + n % 90}-0{1 + n % 9}-1{n % 9}",
            "email": "",
            "address": f"{n % 200} rue des Tilleuls",
            "postcode": "38790",
            "town": "Valmont",
            "never_call": False,
            "number": n,
        }


def _phones(count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        yield {"citizen_id": f"cit_{n:026}", "position": 0, "number": f"+336{n:08}"}


def _at(n: int) -> str:
    return _sql(NOW - timedelta(minutes=n % 200_000))


def _sql(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _contact(n: int, citizens: int) -> dict[str, Any]:
    person = f"cit_{n * 7 % citizens:026}"
    because = [{"fr": "le numéro appelant est sur la fiche", "en": "the number is on the record", "weight": 1.0}]
    file = {
        "heard": "un acte de naissance",
        "citizen": {"certainty": "sure", "candidates": [{"id": person, "score": 0.9, "because": because}]},
        "intent": {"intent": INTENTS[n % 5], "score": 0.9, "because": ["acte"]},
        "decision": {"outcome": "callback", "because": [{"fr": "la règle", "en": "the rule"}]},
    }
    return {
        "id": f"con_{n:026}",
        "channel": "voice",
        "carrier_id": f"CA{n:032}",
        "line": LINE,
        "caller": f"+336{n * 7 % citizens:08}",
        "language": "fr",
        "started_at": _at(n),
        "citizen": person,
        "intent": INTENTS[n % 5],
        "outcome": "callback",
        "request": f"req_{n:026}",
        "file": json.dumps(file),
    }


def _line(n: int) -> dict[str, Any]:
    words = [[word, i * 0.4, i * 0.4 + 0.3, 0.5 + i / 8] for i, word in enumerate(["un", "acte", "de", "naissance"])]
    return {
        "contact": f"con_{n:026}",
        "turn": 1,
        "source": "caller",
        "at": _at(n),
        "language": "fr",
        "text": "un acte de naissance",
        "words": json.dumps(words),
        "alternatives": "[]",
        "seconds": 1.6,
        "confidence": 0.7,
        "ending": "endpoint",
    }


def _request(n: int, citizens: int) -> dict[str, Any]:
    is_open = n % 8 == 0
    person = f"cit_{n * 7 % citizens:026}"
    return {
        "id": f"req_{n:026}",
        "reference": f"R{n}",
        "subject": f"citizen:{person}:{n}",
        "kind": ("callback", "text")[n % 16 == 0],
        "state": "waiting" if is_open else "done",
        "citizen": person,
        "number": f"+336{n * 7 % citizens:08}",
        "line": LINE,
        "language": "fr",
        "intent": INTENTS[n % 5],
        "queue": QUEUES[n % 6],
        "priority": n % 3,
        "opened_at": _at(n),
        "target_at": _at(n),
        "changed_at": _at(n),
        "closed_at": None if is_open else _at(n),
        "contact": f"con_{n:026}",
        "reminders": n % 3,
    }


def _link(n: int) -> dict[str, Any]:
    return {"request": f"req_{n:026}", "contact": f"con_{n:026}", "at": _at(n)}


def _event(n: int) -> dict[str, Any]:
    known = {"request": f"req_{n:026}", "before": "waiting", "after": "done", "actor": "system"}
    return {**known, "at": _at(n), "reason": "served by phone"}


def bare() -> web.Application:
    """Return a page of twenty rows, and nothing behind it."""
    template = Environment(autoescape=True).from_string(_BARE)

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=template.render(title="Bare", rows=range(20)), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    return app


async def measure(folder: Path, citizens: int, requests: int, pages: int) -> None:
    """Fill, serve, ask, print."""
    settings = Settings(data_dir=folder, twilio_account_sid="AC1", twilio_auth_tokens=("bench",))
    async with open_database(settings, SystemClock()) as database:
        await database.upgrade()
        began = time.monotonic()
        await asyncio.to_thread(fill, folder / "guichet.sqlite", citizens, requests)
        print(f"{citizens} citizens, {requests} requests, in {time.monotonic() - began:.0f} s")
        books = Books.read(settings)
        services = compose(settings, SystemClock(), database, books, MemoryCarrier(), SilentRecogniser())
        agent = Agent(
            AgentId("agent_1"),
            "Awa",
            PhoneNumber(LINE),
            frozenset(QUEUES),
            frozenset(Language),
            Presence.AVAILABLE,
            NOW,
        )
        account = Account(AccountId("acc_1"), "awa", "Awa", Role.SUPERVISOR, NOW, agent=agent.id)
        async with database.begin() as unit:
            await unit.agents.add(agent)
            await unit.accounts.add(account)
            opened = await open_session(unit, account, Browser("127.0.0.1", "bench"), NOW, Stage.OPEN)
        headers = {"Cookie": f"__Host-guichet={opened.token}"}
        addresses: dict[str, Callable[[int], str]] = {
            "/console/desk": lambda _n: "/console/desk",
            "/console/cases/…": lambda n: f"/console/cases/req_{n * 499 % requests:026}",
            "/console/sessions": lambda _n: "/console/sessions",
        }
        taken: dict[str, list[Taken]] = {name: [] for name in ("bare", *addresses)}
        async with (
            TestServer(application(services, None)) as served,
            TestServer(bare()) as other,
            aiohttp.ClientSession(headers=headers) as http,
        ):
            for n in range(-5, pages):
                _keep(taken["bare"], n, await _ask(http, str(other.make_url("/"))))
                for name, address in addresses.items():
                    _keep(taken[name], n, await _ask(http, str(served.make_url(address(abs(n))))))
    beside = _percentiles(taken["bare"])
    for name, times in taken.items():
        found = _percentiles(times)
        print(name)
        for what, (middle, high), (bare_middle, bare_high) in zip(("time", "CPU"), found, beside, strict=True):
            print(
                f"  {what:<5} p50 {middle * 1000:6.1f} ms   p95 {high * 1000:6.1f} ms   "
                f"{middle / bare_middle:.1f} and {high / bare_high:.1f} times the bare page's"
            )


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
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(measure(Path(name), wanted.citizens, wanted.requests, wanted.pages))
