"""The first call, measured: webhooks of new calls beside a bare handler, and from the recogniser's endpoint to the row.

    python benchmarks/first_call.py [--rounds N] [--requests N] [--connections N] [--turns N] [--models FOLDER] [--json]

Starts the gateway as an operator does (`guichet serve --embedded`, a new SQLite file) and the bare server of
`first_call_bare.py`, both processes of their own, and sends them rounds of `first_call_load.py` in turn, all in one
run. Afterwards every call that was answered must be in the database, whole. Then `first_call_hearing.py` speaks to the
same gateway. What the figures mean is in `docs/benchmarks.md`.
"""

import argparse
import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from guichet.gateway import child, settings

HERE = Path(__file__).parent
PUBLIC_URL = "https://guichet.example"
GATEWAY, LIBRARY, OWN = "/voice/incoming", "/library", "/own"
NAMES = {
    GATEWAY: "/voice/incoming",
    LIBRARY: "bare, twilio's RequestValidator",
    OWN: "bare, Guichet's SignatureCheck",
}
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement."""

    port: int
    process: int

    def cpu(self) -> float:
        """Return the seconds of CPU that the process has used, all its threads (clock_getcpuclockid(3))."""
        return time.clock_gettime(~self.process << 3 | 2)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round brought: answers a second, milliseconds of the median and the slowest hundredth, CPU of each."""

    per_second: float
    p50: float
    p99: float
    cpu: float
    answer: str
    sids: tuple[str, ...]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until an address answers anything at all."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer; its log ends: {log.read_text('utf-8', 'replace')[-800:]}")


@contextmanager
def serving(command: Sequence[str | Path], port: int, path: str, log: Path) -> Iterator[Server]:
    """Run a server for the block."""
    with log.open("wb") as output:
        process = child.spawn(command, environment=os.environ, output=output)
        try:
            wait_for(f"http://127.0.0.1:{port}{path}", process, log)
            yield Server(port, process.pid)
        finally:
            child.stop(process)


def one_round(server: Server, path: str, requests: int, connections: int) -> Round:
    """Send one round of webhooks. Every answer must be 200."""
    script = HERE / "first_call_load.py"
    before = server.cpu()
    arguments = map(str, (script, server.port, path, PUBLIC_URL, requests, connections))
    brought = json.loads(subprocess.run([sys.executable, *arguments], check=True, capture_output=True).stdout)
    if brought["statuses"] != {"200": requests}:
        raise SystemExit(f"{NAMES[path]} answered {brought['statuses']}")
    cpu = (server.cpu() - before) / requests * 1000
    return Round(brought["per_second"], brought["p50"], brought["p99"], cpu, brought["answer"], tuple(brought["sids"]))


def check_kept(database: Path, sids: Sequence[str]) -> None:
    """Refuse to print anything unless every call is in the database with its contact and its first turn."""
    tables = {"calls": "id", "contacts": "carrier_id", "turns": "call"}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for table, column in tables.items():
            kept = {row[0] for row in connection.execute(f"SELECT {column} FROM {table}")}
            if missing := set(sids) - kept:
                raise SystemExit(f"{len(missing)} of {len(sids)} calls that were answered are not in {table}")


def webhooks(gateway: Server, folder: Path, options: argparse.Namespace) -> dict[str, list[Round]]:
    """Measure the gateway and both bare handlers in turn, after a round each that does not count."""
    answer, port = folder / "answer.xml", free_port()
    answer.write_text(one_round(gateway, GATEWAY, 1, 1).answer, "utf-8")
    command: list[str | Path] = [sys.executable, HERE / "first_call_bare.py", str(port), PUBLIC_URL, answer]
    rounds: dict[str, list[Round]] = {path: [] for path in NAMES}
    with serving(command, port, "/", folder / "bare.log") as bare:
        servers = {GATEWAY: gateway, LIBRARY: bare, OWN: bare}
        for number in range(options.rounds + 1):
            for path, server in servers.items():
                rounds[path].append(one_round(server, path, options.requests, options.connections))
            print(f"round {number} of {options.rounds}", file=sys.stderr)
    check_kept(folder / "guichet.sqlite", [sid for brought in rounds[GATEWAY] for sid in brought.sids])
    return {path: brought[1:] for path, brought in rounds.items()}


def hearing(gateway: Server, folder: Path, turns: int) -> dict[str, Any]:
    """Measure from the recogniser's endpoint to the stored turn."""
    arguments = map(str, (HERE / "first_call_hearing.py", gateway.port, PUBLIC_URL, folder / "guichet.sqlite", turns))
    measured = subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.PIPE).stdout
    return dict(json.loads(measured))


def figures(rounds: dict[str, list[Round]]) -> dict[str, dict[str, float]]:
    """Return the medians of each server, and of its ratios to the gateway, round by round."""
    told = {}
    for path, brought in rounds.items():
        told[NAMES[path]] = {
            **{name: median(getattr(one, name) for one in brought) for name in ("per_second", "p50", "p99", "cpu")},
            "rate_ratio": median(
                ours.per_second / one.per_second for ours, one in zip(rounds[GATEWAY], brought, strict=True)
            ),
            "cpu_ratio": median(one.cpu / ours.cpu for ours, one in zip(rounds[GATEWAY], brought, strict=True)),
        }
    return told


def show(told: dict[str, dict[str, float]]) -> None:
    """Print the webhooks' figures as a table."""
    print(f"{'':34}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}   gateway's rate, and rate by CPU")
    for name, row in told.items():
        print(
            f"{name:34}{row['per_second']:8.0f}{row['p50']:9.1f}{row['p99']:9.1f}{row['cpu']:9.3f}"
            f"   {row['rate_ratio']:.2f}  {row['cpu_ratio']:.2f}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each server that count")
    parser.add_argument("--requests", type=int, default=1000, help="webhooks in a round")
    parser.add_argument("--connections", type=int, default=64, help="webhooks under way at once")
    parser.add_argument("--turns", type=int, default=20, help="spoken turns; 0 leaves them out")
    parser.add_argument("--models", type=Path, default=settings.load().models_dir, help="the folder of speech models")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guichet-benchmark-")))
        os.environ.update(
            GUICHET_PUBLIC_URL=PUBLIC_URL,
            GUICHET_TWILIO_ACCOUNT_SID="AC" + "0" * 31 + "1",
            GUICHET_TWILIO_AUTH_TOKENS=secrets.token_hex(16),
            GUICHET_DATA_DIR=str(folder),
            GUICHET_MODELS_DIR=str(options.models.resolve()),
        )
        port = free_port()
        command = [sys.executable, "-m", "guichet", "serve", "--embedded", "--port", str(port)]
        gateway = stack.enter_context(serving(command, port, "/readyz", folder / "gateway.log"))
        told: dict[str, Any] = {"webhooks": figures(webhooks(gateway, folder, options))}
        if options.turns:
            told["hearing"] = hearing(gateway, folder, options.turns)
    if options.json:
        print(json.dumps(told))
        return
    show(told["webhooks"])
    if options.turns:
        print("recogniser's endpoint to stored turn: " + ", ".join(f"{k} {v}" for k, v in told["hearing"].items()))


if __name__ == "__main__":
    main()
