"""Speech, side by side in one run on the same audio: raw Vosk in a loop, vosk-server, and Guichet.

    python -m benchmarks.speech DATA [--vosk-server asr_server.py] [--websockets FOLDER] [--every 4] [--turns 3]

DATA holds `speech-en/` (`wav/`, `transcripts.tsv` with file and text), 8 kHz. Models come from GUICHET_MODELS_DIR.
vosk-server is `websocket/asr_server.py` of https://github.com/alphacep/vosk-server, run as it is:

    git clone https://github.com/alphacep/vosk-server
    pip install --target ws10 "websockets==10.4"
    python -m benchmarks.speech DATA --vosk-server vosk-server/websocket/asr_server.py --websockets ws10

Without it, its columns are left out. The machine need not be idle, but nothing that is measured at different moments is
comparable on a busy one: read the ratios, and run it again. What is measured is told in docs/benchmarks.md.
"""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.first_call import PUBLIC_URL, Server, free_port, serving
from benchmarks.first_call_hearing import Gateway
from benchmarks.speech_accuracy import Tally, rows
from benchmarks.speech_parts import Rows, table
from benchmarks.speech_streams import Brought, Sounds, to_gateway, to_vosk_server
from guichet.core.language import Language
from guichet.gateway import settings
from guichet.transcripts.model_files import model_folder, telephone_ready
from guichet.transcripts.mulaw import RATE, encode
from guichet.transcripts.vosk_engine import VoskEngine

LEVELS = (2, 4, 8, 12, 16, 20, 24, 32)
MOST_LATE = 0.3
TRIES = 2
"""How often a server is given as many callers before it is said to be late: others may have used the machine."""
WARMING = 8
"""Callers that speak before anything is measured, and how often."""
WARMING_ROUNDS = 3
LONGEST_BEFORE = 4
"""Seconds of noise before a caller's first word: after six, the gateway asks again."""
RAW = "raw Vosk, a recogniser a recording"

Speak = Callable[[int, Sounds], Coroutine[Any, Any, Brought]]
"""Speaks with so many callers at once."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A server to be spoken to, with the processes that its CPU and memory are counted of."""

    name: str
    speak: Speak
    processes: Callable[[], list[int]]

    def cpu(self) -> float:
        """Return the CPU seconds of all its processes."""
        return sum(Server(0, process).cpu() for process in self.processes())

    def memory(self) -> float:
        """Return the megabytes resident in all its processes."""
        return sum(resident(process) for process in self.processes())


def resident(process: int) -> float:
    """Return the megabytes of memory of a process."""
    text = Path(f"/proc/{process}/status").read_text("ascii")
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def with_recogniser(process: int) -> list[int]:
    """Return the gateway's process and its recogniser's."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    named = [child for child in children if "recogniser" in Path(f"/proc/{child}/cmdline").read_text("ascii")]
    return [process, *map(int, named)]


@contextmanager
def vosk_server(script: Path, websockets: Path | None, model: Path, folder: Path) -> Iterator[tuple[int, int]]:
    """Run vosk-server; give its port and process."""
    port = free_port()
    os.environ.update(VOSK_SERVER_INTERFACE="127.0.0.1", VOSK_SERVER_PORT=str(port), VOSK_SAMPLE_RATE="8000")
    path = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(websockets.resolve()) if websockets else "", path]))
    try:
        with serving([sys.executable, script, model], port, "/", folder / "vosk-server.log") as server:
            yield port, server.process
    finally:
        os.environ["PYTHONPATH"] = path


@contextmanager
def guichet(folder: Path) -> Iterator[tuple[Gateway, int]]:
    """Run the gateway as an operator does; give it and its process."""
    token = secrets.token_hex(16)
    os.environ.update(
        GUICHET_PUBLIC_URL=PUBLIC_URL,
        GUICHET_TWILIO_ACCOUNT_SID="AC" + "0" * 31 + "1",
        GUICHET_TWILIO_AUTH_TOKENS=token,
        GUICHET_DATA_DIR=str(folder),
        GUICHET_LANGUAGES="en",
    )
    port = free_port()
    command = [sys.executable, "-m", "guichet", "serve", "--embedded", "--port", str(port)]
    with serving(command, port, "/readyz", folder / "gateway.log") as server:
        yield Gateway(port, PUBLIC_URL, token), server.process


def show_parts(title: str, told: dict[str, Tally]) -> None:
    """Print what each way costs."""
    print(f"\n{title}\n{'':38}{'words wrong':>12}{'CPU a second':>14}{'beside raw':>12}")
    for name, tally in told.items():
        ratio = tally.cost / told[RAW].cost
        print(f"{name:38}{tally.wrong / tally.of:12.3f}{tally.cost:14.3f}{ratio:12.2f}", flush=True)


HEADER = (
    f"{'':14}{'callers':>8}{'at once':>9}{'p50 s':>8}{'p95 s':>8}{'end p95':>9}{'by keys':>9}{'cores':>7}"
    f"{'a caller':>10}{'MB a caller':>13}"
)


@dataclass
class Loaded:
    """A server under load, until it was late: the most callers that it was in time with."""

    bench: Bench
    idle: float = 0.0
    most: int = 0
    is_late: bool = False
    cheapest: float = float("inf")

    async def load(self, callers: int, sounds: Sounds) -> None:
        """Speak with so many callers at once, and print what came of it."""
        self.idle = self.idle or self.bench.memory()
        before, started = self.bench.cpu(), time.monotonic()
        brought = await self.bench.speak(callers, sounds)
        cores = (self.bench.cpu() - before) / (time.monotonic() - started)
        last = sorted(brought.last)[int(0.95 * len(brought.last))] if brought.last else float("inf")
        heard = max(1, brought.peak)
        self.cheapest = min(self.cheapest, cores / heard)
        print(
            f"{self.bench.name:14}{callers:8}{brought.peak:9}{brought.at(0.5):8.3f}{brought.at(0.95):8.3f}{last:9.3f}"
            f"{brought.by_keys:9}{cores:7.2f}{cores / heard:10.3f}{(self.bench.memory() - self.idle) / heard:13.1f}",
            flush=True,
        )
        self.is_late = brought.at(0.95) > MOST_LATE
        if not self.is_late:
            self.most = max(self.most, brought.peak)


def streams(options: argparse.Namespace, model: Path, folder: Path, sounds: Sounds) -> None:
    """Load both servers in turn with more and more callers, each until it is late."""
    folder.mkdir()
    with ExitStack() as stack:
        benches: list[Loaded] = []
        if options.vosk_server is not None:
            port, theirs = stack.enter_context(vosk_server(options.vosk_server, options.websockets, model, folder))
            speak = partial(to_vosk_server, port, options.turns)
            benches.append(Loaded(Bench("vosk-server", speak, lambda: [theirs])))
        gateway, ours = stack.enter_context(guichet(folder))
        speak = partial(to_gateway, gateway, folder / "guichet.sqlite", options.turns)
        benches.append(Loaded(Bench("Guichet", speak, lambda: with_recogniser(ours))))
        # What is not warm yet costs more: a node serves for months.
        for _ in range(WARMING_ROUNDS):
            asyncio.run(benches[-1].bench.speak(WARMING, sounds))
        print(HEADER, flush=True)
        for callers in LEVELS:
            for loaded in benches:
                for _ in range(0 if loaded.is_late else TRIES):
                    asyncio.run(loaded.load(callers, sounds))
                    if not loaded.is_late:
                        break
        told = ", ".join(f"{loaded.bench.name} {loaded.most}" for loaded in benches)
        cheapest = ", ".join(f"{loaded.bench.name} {loaded.cheapest:.3f}" for loaded in benches)
        print(f"cores a caller, at the cheapest: {cheapest}")
        print(f"callers heard at once, 95 % of the answers no later than {MOST_LATE} s: {told}", flush=True)


def whole(read: Rows, silence: float) -> list[bytes]:
    """Return each recording in one piece, with faint noise around it that is so many times as long as it."""
    sounds = []
    for audio, _ in read:
        spoken = b"".join(audio)
        size = int(len(spoken) * silence)
        noise = encode(np.random.default_rng(1).normal(0, 25, size).astype(np.int16))
        before = min(size // 2, LONGEST_BEFORE * RATE)
        sounds.append(noise[:before] + spoken + noise[before:])
    return sounds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--vosk-server", type=Path, help="its websocket/asr_server.py")
    parser.add_argument("--websockets", type=Path, help="a folder with the websockets 10 that it needs")
    parser.add_argument("--every", type=int, default=4, help="take every so many recordings")
    parser.add_argument("--turns", type=int, default=3, help="recordings that each caller speaks")
    parser.add_argument("--without-streams", action="store_true", help="only what each part costs")
    parser.add_argument("--without-parts", action="store_true", help="only callers at once")
    options = parser.parse_args()
    models = settings.load().models_dir
    spoken, paused = (
        rows(options.data / "speech-en", "transcripts.tsv", "text", few=False, pauses=pauses)[:: options.every]
        for pauses in (False, True)
    )
    if not options.without_parts:
        engine = VoskEngine(models)
        engine.load([Language.EN])
        model = engine.model(Language.EN)  # the same model for all
        show_parts("continuous speech", table(model, spoken))
        show_parts("the same, 60 % of it faint noise", table(model, paused))
    if options.without_streams:
        return
    found = model_folder(models, Language.EN)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guichet-benchmark-")))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guichet-model-")))
        ready = telephone_ready(found, scratch) if found else models
        print("\ncallers at once, 60 % of whose audio is no speech")
        streams(options, ready, folder / "calls", whole(spoken, 1.5))
        print("\ncallers at once who never pause")
        streams(options, ready, folder / "speech", whole(spoken, 0.0))


if __name__ == "__main__":
    main()
