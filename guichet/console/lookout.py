"""What open pages follow, and the one look a second that serves all pages of a process. The looking is given.

page opened --follow--> Follower(stamp) <--- Lookout: one look for every subject, while somebody follows
                           |  changed: its stamp is another    over: its session has ended    gone: nobody reads
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from guichet.core.errors import Unavailable
from guichet.core.ids import AgentId, RequestId

LOOK_SECONDS = 1.0
"""Between two looks: what is new is shown within two seconds."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DeskOf:
    """An agent's desk (None: nobody's), with those who call for help where its owner answers them."""

    agent: AgentId | None
    helps: bool


@dataclass(frozen=True, slots=True)
class CaseOf:
    """A case."""

    request: RequestId


Subject = DeskOf | CaseOf


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: something for each subject that changes when it does, and the sessions that are over."""

    stamps: Mapping[Subject, str]
    over: frozenset[str] = frozenset()


Look = Callable[[Collection[Subject], Collection[str]], Awaitable[Seen]]
"""Looks at subjects, and at the sessions of those who follow them. Raises Unavailable."""


@dataclass(eq=False, slots=True)
class Follower:
    """An open page. `is_gone` tells whether anybody still reads it."""

    subject: Subject
    session: str
    is_gone: Callable[[], bool]
    stamp: str | None = None
    is_over: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Lookout:
    """Looks for all pages of a process; with nobody there it does nothing."""

    def __init__(self, look: Look, seconds: float = LOOK_SECONDS) -> None:
        self._look = look
        self._seconds = seconds
        self._followers: set[Follower] = set()
        self._looking: asyncio.Task[None] | None = None
        self._newcomer = asyncio.Event()

    @property
    def followers(self) -> int:
        """How many pages are open."""
        return len(self._followers)

    @contextmanager
    def follow(self, subject: Subject, session: str, is_gone: Callable[[], bool]) -> Iterator[Follower]:
        """Follow a subject as long as the block lasts; the first look comes at once."""
        follower = Follower(subject, session, is_gone)
        self._followers.add(follower)
        self._newcomer.set()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._run())
        try:
            yield follower
        finally:
            self._followers.discard(follower)
            self._newcomer.set()

    async def _run(self) -> None:
        """Look while somebody follows."""
        while self._followers:
            self._newcomer.clear()
            try:
                await self.once()
            except Unavailable as error:
                log.warning("lookout_waits", reason=type(error).__name__)
            except Exception:
                # A fault of ours must not end the looking: every page would stand still without a word.
                log.exception("lookout_failed")
            await self._rest()

    async def once(self) -> None:
        """Look once, and wake those for whom something is new."""
        present = tuple(self._followers)
        seen = await self._look({one.subject for one in present}, {one.session for one in present})
        for one in present:
            stamp = seen.stamps.get(one.subject)
            one.is_over = one.session in seen.over
            if stamp != one.stamp or one.is_over or one.is_gone():
                one.stamp = stamp
                one.woken.set()

    async def _rest(self) -> None:
        """Wait for the next look: a second, or less for who has just come; but a tenth of it at least."""
        await asyncio.sleep(self._seconds / 10)
        try:
            async with asyncio.timeout(self._seconds * 0.9):
                await self._newcomer.wait()
        except TimeoutError:
            pass
