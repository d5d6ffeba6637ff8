"""Replays of drafts, started from a page: they run in this process beside everything else, and are told as they go.

Contacts come page by page from the database and are replayed in a thread, so that no call waits for them. What is told
of a run is in SQL: any process shows how far it is, and its result stays when the process has ended.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from guichet.console.account import Account, AccountId
from guichet.console.rule_desk import BeginRules, RuleDesk
from guichet.console.rule_draft import Run, State
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, GuichetError, NotFound
from guichet.core.ids import new_id
from guichet.routing.intent_book import IntentBook
from guichet.routing.past import Past
from guichet.routing.replay import Replay, Staff
from guichet.routing.replay_in_words import replay_as_json
from guichet.routing.rule_book import RuleBook

MOST_DAYS = 400
EXAMPLES = 3
MOST_CHANGES = 200
"""Changes that a result keeps, the most frequent."""

log = structlog.get_logger(__name__)


class PastDays(Protocol):
    """What a replay reads of past days."""

    async def count(self, since: datetime) -> int:
        """Return how many contacts there are."""
        ...

    def contacts(self, since: datetime) -> AsyncIterator[tuple[int, list[Past]]]:
        """Yield how many contacts were read, and those decided among them, in the order of their decisions."""
        ...

    async def staff(self, book: RuleBook, since: datetime, until: datetime) -> Staff:
        """Return who worked then, and how long they took."""
        ...

    async def heard(self, contacts: Sequence[str]) -> Mapping[str, str]:
        """Return what was said in contacts, masked; those that were erased have gone."""
        ...


class Replays:
    """Starts replays and tells how far they are."""

    def __init__(
        self,
        begin: BeginRules,
        read: BeginRules,
        desk: RuleDesk,
        past: PastDays,
        clock: Clock,
        intents: Callable[[], IntentBook],
    ) -> None:
        self._begin = begin
        self._read = read
        self._desk = desk
        self._past = past
        self._clock = clock
        self._intents = intents
        self._tasks: dict[AccountId, asyncio.Task[None]] = {}

    async def start(self, account: Account, days: int) -> Run:
        """Replay the account's draft over the last days. Raises FlawedDocument, or Conflict while one is running."""
        if not 1 <= days <= MOST_DAYS:
            raise BadInput(f"a replay is of 1 to {MOST_DAYS} days")
        if account.id in self._tasks:
            raise Conflict("a replay of yours is running: wait for its end")
        draft = await self._desk.draft(account)
        tried = (await asyncio.to_thread(RuleBook.parse, draft.text)).knowing(self._intents())
        against = (await self._desk.versions()).current.number
        now = self._clock.now()
        run = Run(new_id("rep"), account.id, days, tried.version, against, State.RUNNING, now, now)
        run = run.evolve(total=await self._past.count(now - timedelta(days=days)))
        await self._keep(run)
        task = asyncio.create_task(self._run(run, tried))
        self._tasks[account.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(account.id, None))
        return run

    async def find(self, account: Account, run_id: str) -> Run:
        """Return a replay as it stands. Raises NotFound for one that is not theirs."""
        async with self._read() as unit:
            run = await unit.rule_drafts.run(run_id)
        if run is None or run.account != account.id:
            raise NotFound("there is no such replay")
        return run.seen(self._clock.now())

    async def latest(self, account: Account) -> Sequence[Run]:
        """Return an account's replays without results, latest first."""
        async with self._read() as unit:
            runs = await unit.rule_drafts.runs(account.id)
        return [run.seen(self._clock.now()) for run in runs]

    async def heard(self, contacts: Sequence[str]) -> Mapping[str, str]:
        """Return what was said in the examples of a result: it is not kept with it, so that erasure reaches it."""
        return await self._past.heard(contacts)

    async def close(self) -> None:
        """End those under way."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, run: Run, tried: RuleBook) -> None:
        """Replay to the end; what goes wrong is told on the page and in the log."""
        try:
            done = await self._replayed(run, tried)
            await self._keep(done)
        except GuichetError as error:
            log.warning("replay_failed", replay=run.id, reason=type(error).__name__)
            await self._fail(run)
        except Exception as error:
            log.exception("replay_broken", replay=run.id, error=type(error).__name__)
            await self._fail(run)

    async def _replayed(self, run: Run, tried: RuleBook) -> Run:
        since, until = run.started_at - timedelta(days=run.days), run.started_at
        text = await self._desk.text(run.against)
        published = (await asyncio.to_thread(RuleBook.parse, text)).knowing(self._intents())
        one = Replay(published, tried, await self._past.staff(published, since, until), EXAMPLES)
        async for read, contacts in self._past.contacts(since):
            await asyncio.to_thread(_take, one, contacts)
            run = run.evolve(done=run.done + read, changed_at=self._clock.now())
            await self._keep(run)
        await asyncio.to_thread(one.close)
        result = replay_as_json(one)
        result["changes"] = result["changes"][:MOST_CHANGES]
        for change in result["changes"]:
            for example in change["examples"]:
                del example["heard"]
        return run.evolve(state=State.DONE, result=result, changed_at=self._clock.now())

    async def _fail(self, run: Run) -> None:
        try:
            await self._keep(run.evolve(state=State.FAILED, changed_at=self._clock.now()))
        except GuichetError as error:
            # It is shown as interrupted before long.
            log.warning("replay_not_told", replay=run.id, reason=type(error).__name__)

    async def _keep(self, run: Run) -> None:
        async with self._begin() as unit:
            await unit.rule_drafts.save_run(run)


def _take(one: Replay, contacts: list[Past]) -> None:
    for past in contacts:
        one.take(past)
