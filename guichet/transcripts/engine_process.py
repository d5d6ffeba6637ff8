"""The recogniser process: turns over a socket, decoded by a few threads on models loaded once.

Started by `vosk_recogniser` with `python -m guichet.transcripts.engine_process FD MODELS_DIR THREADS`. It ends as soon
as its parent does, however that ends: the socket then has no other side, and Linux sends SIGKILL (prctl(2)).
"""

import ctypes
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from threading import Lock
from typing import assert_never

import numpy as np

from guichet.core.errors import GuichetError
from guichet.core.language import Language
from guichet.transcripts.decoder import Decoder
from guichet.transcripts.engine_wire import (
    Answer,
    Audio,
    Ended,
    Failed,
    Forget,
    Open,
    Question,
    Ready,
    Stop,
    Unpacker,
    Worked,
    pack,
)
from guichet.transcripts.heard import Expectation, FreeSpeech
from guichet.transcripts.lanes import Lanes
from guichet.transcripts.model_files import model_folder
from guichet.transcripts.mulaw import RATE, decode
from guichet.transcripts.pausing import Pausing
from guichet.transcripts.punctual import REPORTED
from guichet.transcripts.turn import BATCH, Turn
from guichet.transcripts.vosk_engine import VoskEngine

PR_SET_PDEATHSIG = 1
NOISE_SECONDS = 2
"""How long the noise is that tells at the start what decoding costs here..."""
FIRST_SECONDS = 1
"""... and how long what a new recogniser hears before: its first words take several times what the others do."""
SLICE = 10
"""Messages of one turn worked through before another turn has its go: 0.2 s of audio."""

OpenDecoder = Callable[[Language, Expectation], Decoder]
Send = Callable[[Answer], None]


class Work:
    """The messages of one turn, worked through in order by one thread at a time."""

    def __init__(self, number: int, open_decoder: OpenDecoder, send: Send) -> None:
        self._number = number
        self._open_decoder = open_decoder
        self._send = send
        self._turn: Turn | None = None
        self._cpu = 0.0
        self._told = float("-inf")
        self._pausing = Pausing()
        self._inbox: deque[Question] = deque()
        self._lock = Lock()
        self._is_scheduled = False
        self._is_over = False

    def put(self, message: Question) -> bool:
        """Take a message; tell whether a thread must be found for the work."""
        if isinstance(message, Audio):
            self._pausing.hear(decode(message.mulaw))
        with self._lock:
            self._inbox.append(message)
            needed, self._is_scheduled = not self._is_scheduled, True
            return needed

    @property
    def is_waited_for(self) -> bool:
        """Whether the caller has stopped speaking, as far as their audio is here."""
        return self._pausing.is_paused

    def advance(self) -> bool:
        """Work through a slice of the messages; tell whether more are left."""
        for _ in range(SLICE):
            with self._lock:
                if not self._inbox:
                    self._is_scheduled = False
                    return False
                message = self._inbox.popleft()
            if not self._is_over:
                self._answer(message)
        return True

    def _answer(self, message: Question) -> None:
        """Handle one message, counting what it costs; whatever goes wrong ends this turn alone."""
        started = time.thread_time()
        try:
            answer = self._handled(message)
        except GuichetError as error:
            answer = Failed(self._number, str(error))
        except Exception as error:  # noqa: BLE001  # the other turns must live
            answer = Failed(self._number, f"the recogniser failed: {type(error).__name__}")
        # Vosk decodes in the thread that calls it: nothing of a turn is done elsewhere.
        self._cpu += time.thread_time() - started
        if isinstance(answer, Ended):
            answer = Ended(self._number, answer.heard.evolve(cpu=round(self._cpu, 4)))
        if answer is not None:
            self._is_over, self._turn = True, None
            self._send(answer)
        elif isinstance(message, Audio) and message.due >= self._told + REPORTED:
            self._told = message.due
            self._send(Worked(self._number, message.due))

    def _handled(self, message: Question) -> Answer | None:
        """Give a message to the turn; return what is to be answered."""
        match message:
            case Open():
                decoder = self._open_decoder(message.language, message.expects)
                self._turn = Turn(message.language, message.limits, decoder)
                return None
            case Audio():
                heard = self._turn.feed(message.mulaw) if self._turn else None
                return None if heard is None else Ended(self._number, heard)
            case Stop():
                return Ended(self._number, self._turn.stop()) if self._turn else None
            case Forget():
                # Stopped, not dropped: the engine that it holds is warm and serves the next turn.
                if self._turn:
                    self._turn.stop()
                self._is_over, self._turn = True, None
                return None
            case _:
                assert_never(message)


class Server:
    """Gives each message to its turn, and each turn with work to a thread."""

    def __init__(self, open_decoder: OpenDecoder, send: Send, lanes: Lanes) -> None:
        self._open_decoder = open_decoder
        self._send = send
        self._lanes = lanes
        self._turns: dict[int, Work] = {}

    def receive(self, message: Question) -> None:
        """Take a message; those of an unknown turn are late and mean nothing."""
        if isinstance(message, Open):
            self._turns[message.turn] = Work(message.turn, self._open_decoder, self._send)
        work = self._turns.get(message.turn)
        if work is None:
            return
        if isinstance(message, Forget):
            del self._turns[message.turn]
        if work.put(message):
            self._line_up(work)

    def _line_up(self, work: Work) -> None:
        self._lanes.submit(partial(self._run, work), is_waited_for=work.is_waited_for)

    def _run(self, work: Work) -> None:
        """Advance a turn, and line up again behind the others when there is more."""
        if work.advance():
            self._line_up(work)


def die_with_parent() -> None:
    """Ask Linux for SIGKILL when the parent ends; leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def noise_cost(open_decoder: OpenDecoder, languages: Collection[Language]) -> float:
    """Measure the CPU seconds that a second of faint noise takes, in the costliest language; 0 without any."""
    noise = np.random.default_rng(1).normal(0, 500, (FIRST_SECONDS + NOISE_SECONDS) * RATE).astype(np.int16)
    costs = [0.0]
    for language in languages:
        decoder = open_decoder(language, FreeSpeech())
        started = 0.0
        for start in range(0, len(noise), BATCH):
            started = time.thread_time() if start <= FIRST_SECONDS * RATE else started
            decoder.accept(noise[start : start + BATCH])
        costs.append((time.thread_time() - started) / NOISE_SECONDS)
        decoder.close()
    return max(costs)


def serve(connection: socket.socket, models_dir: Path, threads: int) -> None:
    """Answer until the other side is gone."""
    lock = Lock()

    def send(answer: Answer) -> None:
        with lock:
            connection.sendall(pack(answer))

    engine = VoskEngine(models_dir, threads)
    languages = [language for language in Language if model_folder(models_dir, language)]
    engine.load(languages)
    send(Ready(noise_cost(engine.decoder, languages)))
    engine.keep_spares(languages)
    unpacker: Unpacker[Question] = Unpacker(Question)  # type: ignore[arg-type]  # a union is no type for mypy
    server = Server(engine.decoder, send, Lanes(threads))
    while data := connection.recv(1 << 16):
        for message in unpacker.messages(data):
            server.receive(message)
    os._exit(0)  # nobody is left to answer: threads in mid-decoding need not finish


def main() -> None:
    """Run the process; its arguments are the socket's descriptor, the models' folder and the number of threads."""
    die_with_parent()
    descriptor, models_dir, threads = sys.argv[1:]
    serve(socket.socket(fileno=int(descriptor)), Path(models_dir), int(threads))


if __name__ == "__main__":
    main()
