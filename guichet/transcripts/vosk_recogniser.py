"""The recogniser of calls: a process of its own that decodes, watched, and started again when it dies.

    start ──> loading ──Ready──> up ──dies──> down ──after a pause──> loading …

The web process only passes audio on. When the recogniser process dies, its live turns fail with Unavailable, so that
keys are offered; new turns are refused until it is up again.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import assert_never

import structlog

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.endpoint import Limits, limits_for
from guichet.transcripts.engine_link import Command, EngineLink, engine_command
from guichet.transcripts.engine_wire import Answer, Audio, Ended, Failed, Forget, Question, Ready, Stop, opening
from guichet.transcripts.heard import Expectation, Heard
from guichet.transcripts.model_files import model_folder

log = structlog.get_logger()

LOADING_SECONDS = 60.0
"""The longest that models may take to load."""
PATIENCE_SECONDS = 2.0
"""How long a turn waits for a recogniser that is being started: the caller hears nothing meanwhile."""
ANSWER_SECONDS = 10.0
"""How long after `stop` an answer must have come."""
PAUSES = (0.1, 0.5, 2.0, 5.0)
"""Seconds before a start, by the number of starts in a row that failed."""
TURNS_PER_CORE = 8
"""Turns listened to at once: a caller speaks less than half of the time, and a second of speech costs 0.15 s."""


class VoskListening:
    """One turn in the recogniser process."""

    def __init__(self, number: int, send: Callable[[Question], None], leave: Callable[[int], None]) -> None:
        self._number = number
        self._send = send
        self._leave = leave
        self._outcome: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._watch: asyncio.TimerHandle | None = None

    def feed(self, mulaw: bytes) -> None:
        """Pass audio on; never blocks, and does nothing once the turn has ended."""
        if not self._outcome.done() and mulaw:
            self._send(Audio(self._number, mulaw))

    async def heard(self) -> Heard:
        """Wait for the end. Raises Unavailable if the process died or gave up."""
        return await asyncio.shield(self._outcome)

    def stop(self) -> None:
        """Ask for what there is; it must come soon."""
        if not self._outcome.done() and self._watch is None:
            self._send(Stop(self._number))
            self._watch = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self.fail, "no answer in time")

    async def close(self) -> None:
        """Leave the turn."""
        self.fail("the turn was closed")

    def settle(self, heard: Heard) -> None:
        """End with what was heard."""
        if not self._outcome.done():
            self._outcome.set_result(heard)
        self._end()

    def fail(self, reason: str) -> None:
        """End with Unavailable, unless it has ended well."""
        if not self._outcome.done():
            self._outcome.set_exception(Unavailable(f"speech recognition: {reason}"))
            self._outcome.exception()  # whoever waits is told; nobody need wait
        self._end()

    def _end(self) -> None:
        """Stop the watch and free the number."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._leave(self._number)


class VoskRecogniser:
    """Opens turns in a process that it keeps alive. Use it in one event loop; `close` it there.

    `limits` says when turns end, `threads` how many decode at once, `most_turns` how many may be open.
    """

    def __init__(
        self,
        models_dir: Path,
        *,
        limits: Callable[[Expectation], Limits] = limits_for,
        threads: int | None = None,
        most_turns: int | None = None,
        command: Command | None = None,
    ) -> None:
        cores = threads or os.cpu_count() or 1
        self._models_dir = models_dir
        self._limits = limits
        self._most_turns = most_turns or TURNS_PER_CORE * cores
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
        if len(self._turns) >= self._most_turns:
            raise Unavailable("as many turns are being listened to as this machine can decode")
        number = next(self._numbers)
        listening = self._turns[number] = VoskListening(number, self._send, self._leave)
        self._send(opening(number, language, expects, self._limits(expects).after(grace)))
        return listening

    async def close(self) -> None:
        """End the process; live turns fail."""
        self._is_closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper

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
            case Ready():
                self._up.set()
                log.info("speech recogniser is up", pid=self.pid)
            case Ended(turn, heard):
                if listening := self._turns.get(turn):
                    listening.settle(heard)
            case Failed(turn, reason):
                log.warning("turn failed in the speech recogniser", reason=reason)
                if listening := self._turns.get(turn):
                    listening.fail(reason)
            case _:
                assert_never(answer)
