"""The recogniser of calls: a process of its own that decodes, watched, and started again when it dies.

    start ──> loading ──Ready──> up ──dies──> down ──after a pause──> loading …

The web process only passes audio on. When the recogniser process dies, its live turns fail with Unavailable, so that
keys are offered; new turns are refused until it is up again, and when the machine is full or lags (see `admission`).
"""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import assert_never

import structlog

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.admission import Admission, Load
from guichet.transcripts.endpoint import Limits, limits_for
from guichet.transcripts.engine_link import Command, EngineLink, engine_command
from guichet.transcripts.engine_wire import (
    Answer,
    Ended,
    Failed,
    Forget,
    Question,
    Ready,
    Worked,
    opening,
)
from guichet.transcripts.heard import Expectation
from guichet.transcripts.model_files import model_folder
from guichet.transcripts.vosk_listening import Monotonic, VoskListening

log = structlog.get_logger()

LOADING_SECONDS = 60.0
"""The longest that models may take to load."""
PATIENCE_SECONDS = 2.0
"""How long a turn waits for a recogniser that is being started: the caller hears nothing meanwhile."""
PAUSES = (0.1, 0.5, 2.0, 5.0)
"""Seconds before a start, by the number of starts in a row that failed."""


class VoskRecogniser:
    """Opens turns in a process that it keeps alive. Use it in one event loop; `close` it there.

    `limits` says when turns end, `threads` how many decode at once, `most_turns` how many may be open at most, whatever
    was measured; `now` is the clock that lag is measured on.
    """

    def __init__(
        self,
        models_dir: Path,
        *,
        limits: Callable[[Expectation], Limits] = limits_for,
        threads: int | None = None,
        most_turns: int | None = None,
        command: Command | None = None,
        now: Monotonic = time.monotonic,
    ) -> None:
        cores = threads or os.cpu_count() or 1
        self._models_dir = models_dir
        self._limits = limits
        self._most_turns = most_turns
        self._now = now
        self._own_spent = 0.0
        self._admission = Admission(cores)
        self._refused = 0
        self._command = command or engine_command(models_dir, cores)
        self._turns: dict[int, VoskListening] = {}
        self._numbers = count(1)
        self._link: EngineLink | None = None
        self._up = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._is_closed = False

    def speaks(self, language: Language) -> bool:
        """Tell whether a model for the language is installed."""
        return model_folder(self._models_dir, language) is not None

    @property
    def is_up(self) -> bool:
        """Whether turns can be opened now."""
        return self._up.is_set()

    @property
    def pid(self) -> int | None:
        """The id of the recogniser process, or None while there is none."""
        return self._link.pid if self._link else None

    @property
    def load(self) -> Load:
        """How busy the recogniser is."""
        lag = max((listening.lag for listening in self._turns.values()), default=0.0)
        capacity = self._admission.capacity
        most = capacity if self._most_turns is None else min(self._most_turns, capacity)
        return Load(len(self._turns), most, lag, self._admission.cost, self._refused)

    def has_room(self) -> bool:
        """Tell whether one more turn can be listened to without lagging."""
        load = self.load
        self._admission = self._admission.lagging(load.lag)
        return load.turns < load.capacity and self._admission.admits(load.turns)

    async def start(self, patience: float = LOADING_SECONDS) -> None:
        """Start the process and wait until its models are loaded. Raises Unavailable after `patience` seconds."""
        if self._is_closed:
            raise Unavailable("the speech recogniser is closed")
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="speech recogniser")
        try:
            await asyncio.wait_for(self._up.wait(), patience)
        except TimeoutError as error:
            raise Unavailable("the speech recogniser is being started") from error

    async def listen(self, language: Language, expects: Expectation, grace: float = 0.0) -> VoskListening:
        """Open a turn. Raises Unavailable: no model for the language, process down, or too many turns."""
        if not self.speaks(language):
            raise Unavailable(f"no speech model for {language.value}: guichet models install {language.value}")
        await self.start(PATIENCE_SECONDS)
        if not self.has_room():
            self._refused += 1
            raise Unavailable("as many turns are being listened to as this machine can decode")
        if not self._turns:
            self._own_spent = time.process_time()
        number = next(self._numbers)
        listening = self._turns[number] = VoskListening(number, self._send, self._leave, self._now)
        self._send(opening(number, language, expects, self._limits(expects).after(grace)))
        return listening

    async def close(self) -> None:
        """End the process; live turns fail."""
        self._is_closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper

    def _own_since(self) -> float:
        """Return the CPU seconds of this process since a turn last ended, or the first of these began."""
        before, self._own_spent = self._own_spent, time.process_time()
        return self._own_spent - before

    def _send(self, question: Question) -> None:
        """Tell the process, if there is one: without it, the turn has failed anyway."""
        if self._link is not None:
            self._link.send(question)

    def _leave(self, number: int) -> None:
        """Forget a turn, here and in the process."""
        if self._turns.pop(number, None) is not None:
            self._send(Forget(number))

    async def _keep(self) -> None:
        """Start the process again and again, as often as it dies."""
        failures = 0
        while True:
            try:
                failures = 0 if await self._run_once() else failures + 1
            except Unavailable as error:
                failures += 1
                log.warning("speech recogniser cannot be started", reason=str(error))
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])

    async def _run_once(self) -> bool:
        """Run a process until it dies; tell whether it had been up."""
        link = self._link = await EngineLink.start(self._command)
        late = asyncio.get_running_loop().call_later(LOADING_SECONDS, link.kill)
        try:
            async for answer in link.answers():
                if isinstance(answer, Ready):
                    late.cancel()
                self._take(answer)
            log.error("speech recogniser died", turns=len(self._turns), was_up=self.is_up)
            return self.is_up
        finally:
            late.cancel()
            self._up.clear()
            self._link = None
            for listening in list(self._turns.values()):
                listening.fail("the recogniser has died: it is being restarted")
            await link.close()

    def _take(self, answer: Answer) -> None:
        """Give an answer to its turn."""
        match answer:
            case Ready(cost):
                self._admission = self._admission.on_noise(cost)
                self._up.set()
                log.info("speech recogniser is up", pid=self.pid)
            case Worked(turn, due):
                if listening := self._turns.get(turn):
                    listening.worked(due)
            case Ended(turn, heard):
                self._admission = self._admission.after(heard.seconds, heard.cpu, self._own_since())
                if listening := self._turns.get(turn):
                    listening.settle(heard)
            case Failed(turn, reason):
                log.warning("turn failed in the speech recogniser", reason=reason)
                if listening := self._turns.get(turn):
                    listening.fail(reason)
            case _:
                assert_never(answer)
