"""New calls on SQLite: what arrives while one transaction is under way shares the next (group commit), on a thread.

    webhook ─┐              thread: ┌→ take all that wait → BEGIN, 3 INSERTs, COMMIT ─┐
    webhook ─┼→ waiting ──→         └─────────────────── until nothing waits ←────────┘ → each webhook goes on
    webhook ─┘

`ivr.opening` does the same over any database. Here the asynchronous driver is left out: it makes several trips between
the event loop and a thread for every statement, and each trip waits behind the webhooks of a busy loop, with the disk
idle. The thread goes from one commit to the next without asking the loop.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from functools import partial
from threading import Lock

from guichet.citizens.contact_sql_store import contact_row
from guichet.citizens.tables import contacts
from guichet.core.bulk import insert_into, joined
from guichet.core.errors import Unavailable
from guichet.ivr.opening import LARGEST_BATCH, Opening
from guichet.ivr.sql_store import call_row, turn_row
from guichet.ivr.tables import calls, turns

InTurn = Callable[[], AbstractAsyncContextManager[None]]
Told = Callable[[], AbstractContextManager[None]]

ROUNDS = 4
"""Transactions in a row, before whoever else wants to write has their turn."""

_Rows = tuple[bytes, ...]
"""A call's row of each table."""
_Waiting = tuple[_Rows, "asyncio.Future[None]"]
_Outcome = tuple["asyncio.Future[None]", Exception | None]


class NewCalls:
    """Keeps new calls in an SQLite file.

    `in_turn` waits for the other writers of the process; `told` makes Unavailable of what SQLite raises when it is.
    """

    def __init__(self, file: str, pragmas: Sequence[str], in_turn: InTurn, told: Told) -> None:
        self._file = file
        self._pragmas = pragmas
        self._in_turn = in_turn
        self._told = told
        self._thread = ThreadPoolExecutor(1, "new calls")
        self._connection: sqlite3.Connection | None = None
        self._inserts = [insert_into(table, tuple(table.c.keys())) for table in (contacts, calls, turns)]
        self._lock = Lock()
        self._waiting: list[_Waiting] = []
        self._worker: asyncio.Task[None] | None = None

    async def add(self, opening: Opening) -> None:
        """Return when the call is kept. Raises Unavailable when the database is away; harmless when repeated."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        rows = self._rows(opening)
        with self._lock:
            self._waiting.append((rows, done))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        with self._told():
            await done

    async def close(self) -> None:
        """Close the connection, after what is under way."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    async def _work(self) -> None:
        """Send the thread to work until nothing waits."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                async with self._in_turn():
                    await loop.run_in_executor(self._thread, self._keep_rounds, loop)
        except Unavailable as error:
            _tell([(done, error) for _, done in self._taken()])
        finally:
            self._worker = None

    def _rows(self, opening: Opening) -> _Rows:
        """Write the rows of a call: on the loop, so that the thread hardly needs the interpreter's lock."""
        rows = contact_row(opening.contact), call_row(opening.call), turn_row(opening.turn)
        return tuple(insert.encode(row) for insert, row in zip(self._inserts, rows, strict=True))

    def _keep_rounds(self, loop: asyncio.AbstractEventLoop) -> None:
        """Keep what waits, then what has come meanwhile; on the thread."""
        for _ in range(ROUNDS):
            batch = self._taken(LARGEST_BATCH)
            if not batch:
                return
            loop.call_soon_threadsafe(partial(_tell, self._keep(batch)))

    def _taken(self, most: int | None = None) -> list[_Waiting]:
        """Take those who wait, at most so many."""
        with self._lock:
            taken, self._waiting = self._waiting[:most], [] if most is None else self._waiting[most:]
        return taken

    def _keep(self, batch: Sequence[_Waiting]) -> list[_Outcome]:
        """Keep a batch, or each of its calls where the batch fails; return the outcome of each."""
        try:
            self._write([rows for rows, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is each webhook's to answer for
            if len(batch) == 1:
                return [(batch[0][1], error)]
            return [outcome for one in batch for outcome in self._keep([one])]
        return [(done, None) for _, done in batch]

    def _write(self, batch: Sequence[_Rows]) -> None:
        """Keep calls in a transaction. A failure ends the connection, and with it what was begun."""
        try:
            connection = self._connection or self._connect()
            connection.execute("BEGIN IMMEDIATE")
            for insert, rows in zip(self._inserts, zip(*batch, strict=True), strict=True):
                connection.execute(insert.statement, (joined(rows),))
            connection.execute("COMMIT")
        except BaseException:
            self._disconnect()
            raise

    def _connect(self) -> sqlite3.Connection:
        """Open the connection, at the first need: the file may not be there before."""
        self._connection = sqlite3.connect(self._file, isolation_level=None)
        for pragma in self._pragmas:
            self._connection.execute(pragma)
        return self._connection

    def _disconnect(self) -> None:
        """Close the connection; on the thread that has opened it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _tell(outcomes: Sequence[_Outcome]) -> None:
    """Wake the webhooks that are still there."""
    for done, error in outcomes:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
