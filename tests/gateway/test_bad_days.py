"""Bad days of running processes: what goes away is told by `/readyz`, callers hear us all the same, nothing is lost."""

import asyncio
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from guichet.gateway import embedded_redis
from guichet.gateway.cli import run
from guichet.gateway.services import open_database
from guichet.gateway.settings import Settings
from tests import postgres
from tests.gateway.processes import (
    ACCOUNT,
    PUBLIC,
    SOON,
    TOKEN,
    free_port,
    gateway,
    guichet,
    kill,
    of_folder,
    settings_of,
    until,
)

TEXT = "bjr jvoudrai un rdv pr ma carte didentite svp"
CITIZEN = "+33639980418"


def simulator(url: str = "http://127.0.0.1:9") -> Simulator:
    return Simulator(SimulatorSettings(ACCOUNT, TOKEN, gateway_url=url, public_url=PUBLIC))


async def upgraded(folder: Path) -> None:
    async with open_database(Settings(data_dir=folder)) as database:
        await database.upgrade()


def texts_to(carrier: Simulator, number: str) -> list[str]:
    return [text.body for text in carrier.messages.all if text.to == number]


async def test_its_redis_and_its_worker_are_started_again_and_nothing_is_lost(tmp_path: Path) -> None:
    async with (
        simulator() as carrier,
        gateway(tmp_path, "--embedded", "--role", "web", twilio_api_url=carrier.api_url) as up,
    ):
        server, worker = of_folder(tmp_path, "valkey"), of_folder(tmp_path, "guichet worker")
        kill(server)
        assert (await up.ring("CA1"))[0] == 200
        assert (await up.text("SM1", TEXT, CITIZEN))[0] == 200
        kill(of_folder(tmp_path, "guichet worker"))
        await until(lambda: texts_to(carrier, CITIZEN))
        await until(up.is_ready)
        assert not of_folder(tmp_path, "valkey").keys() & server.keys()
        assert not of_folder(tmp_path, "guichet worker").keys() & worker.keys()
        assert await up.end(signal.SIGTERM) == 0
        assert len(texts_to(carrier, CITIZEN)) == 1


async def test_without_redis_calls_are_served_and_jobs_wait(tmp_path: Path) -> None:
    await upgraded(tmp_path)
    address = embedded_redis.url(tmp_path)
    async with simulator() as carrier:
        own = {"redis_url": address, "twilio_api_url": carrier.api_url}
        with embedded_redis.run(tmp_path):
            starting = gateway(tmp_path, "--role", "web", **own)
            up = await starting.__aenter__()
        try:
            assert await until(lambda: up.is_red("redis", "GUICHET_REDIS_URL")) < SOON
            status, answer = await up.ring("CA1")
            assert (status, "<Gather" in answer) == (200, True)
            assert (await up.text("SM1", TEXT, CITIZEN))[0] == 200
            assert await up.figure('guichet_jobs{state="waiting"}') >= 1
            with embedded_redis.run(tmp_path):
                assert await until(up.is_ready) < SOON
                worked = await asyncio.to_thread(guichet, ["worker", "--burst"], settings_of(tmp_path, **own))
                assert worked.returncode == 0, worked.stderr
                await until(lambda: texts_to(carrier, CITIZEN))
        finally:
            await starting.__aexit__(None, None, None)


class Locked:
    """The database file, held by another program."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "guichet.sqlite", isolation_level=None)

    def take_away(self) -> None:
        """Take it away."""
        self._connection.execute("BEGIN EXCLUSIVE")

    def give_back(self) -> None:
        """Give it back."""
        self._connection.execute("ROLLBACK")
        self._connection.close()


class Stopped:
    """A PostgreSQL server that is stopped and started."""

    def __init__(self, url: str) -> None:
        (home,) = parse_qs(urlsplit(url).query)["host"]
        folder = postgres.binaries()
        assert folder is not None
        self._control = [*postgres._as_server_user(), str(folder / "pg_ctl"), "-D", f"{home}/data", "-w", "-s"]
        self._options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        self._log = f"{home}/log"

    def take_away(self) -> None:
        """Take it away."""
        self._run("-m", "immediate", "stop")

    def give_back(self) -> None:
        """Give it back."""
        self._run("-l", self._log, "-o", self._options, "start")

    def _run(self, *arguments: str) -> None:
        subprocess.run([*self._control, *arguments], check=True, capture_output=True, cwd="/")


async def without_its_database(folder: Path, away: Callable[[], Locked | Stopped], **settings: str) -> None:
    """Take the database away from a gateway, call and text it, and give it back."""
    async with gateway(folder, "--embedded", "--role", "web", **settings) as up:
        await up.ring("CA1")
        database = away()
        database.take_away()
        try:
            asked = asyncio.gather(up.ring("CA2"), up.ring("CA1", "/voice/turn?n=1&by=keys", Digits="1"))
            asked_again = asyncio.create_task(up.ring("CA3", "/voice/incoming?again=1"))
            texted = asyncio.gather(*(up.text(f"SM{number}", TEXT, CITIZEN) for number in range(2)))
            assert (
                await until(lambda: up.is_red("database", "see what else" if not settings else "PostgreSQL runs"))
                < SOON
            )
            for status, answer in await asked:
                assert status == 200
                assert "<Gather" in answer
                assert "/voice/fallback" in answer
                assert "again=1" in answer
            status, connected = await up.ring("CA1", "/voice/agent/connected?attempt=att_1")
            assert (status, "<Hangup" in connected) == (200, False), "two are being connected there"
            status, last = await asked_again
            assert "<Hangup" in last
            assert "01 99 00 10 99" in last
            assert [status for status, _ in await texted] == [200, 200]
            assert await up.figure("guichet_spooled_texts ") == 2
        finally:
            database.give_back()
        await until(up.is_ready)
        await until(lambda: not list((folder / "spool").iterdir()))
        assert (await up.text("SM1", TEXT, CITIZEN))[0] == 200
        assert await up.figure("guichet_texts_spooled_total ") == 2
        assert (await up.ring("CA4"))[1].count("<Gather") == 1
        log = up.log.read_text()
        assert TEXT not in log
        assert CITIZEN not in log
        assert len(of_folder(folder)) >= 3
        await up.killed()


async def test_without_its_sqlite_callers_hear_an_apology_and_texts_are_kept_and_a_kill_leaves_nothing(
    tmp_path: Path,
) -> None:
    await without_its_database(tmp_path, lambda: Locked(tmp_path))


@pytest.mark.postgresql
async def test_without_its_postgresql_callers_hear_an_apology_and_texts_are_kept(tmp_path: Path) -> None:
    with postgres.server() as url:
        await without_its_database(tmp_path, lambda: Stopped(url), database_url=url)


async def test_with_the_disk_full_too_the_carrier_is_told_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    async with gateway(tmp_path, "--embedded", "--role", "web") as up:
        (tmp_path / "spool").write_text("a file where the folder should be")
        database = Locked(tmp_path)
        database.take_away()
        try:
            assert (await up.text("SM1", TEXT, CITIZEN))[0] == 503
        finally:
            database.give_back()
        assert '"text_lost"' in up.log.read_text()
        assert TEXT not in up.log.read_text()
        assert await up.end(signal.SIGINT) == 0
        assert "Traceback" not in up.log.read_text()


@pytest.mark.postgresql
def test_a_postgresql_that_lets_nobody_in_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in settings_of(tmp_path).items():
        if name.startswith("GUICHET_"):
            monkeypatch.setenv(name, value)
    with postgres.server() as url:
        for wrong in (url.replace("/postgres?", "/nowhere?"), url.replace("postgres@", "nobody@")):
            monkeypatch.setenv("GUICHET_DATABASE_URL", wrong)
            assert run(["serve", "--embedded", "--port", str(free_port())]) == 1
            shown = capsys.readouterr().err
            assert shown.count("\n") == 1
            assert "lets nobody in (Invalid" in shown
