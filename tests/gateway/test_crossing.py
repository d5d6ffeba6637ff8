"""Transactions that wait for each other: one of them is undone, and says that it is to be done again."""

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from guichet.core.clock import ManualClock
from guichet.core.errors import Crossed
from guichet.core.ids import MessageId
from guichet.core.jobs import SendMessage
from guichet.gateway.database import Database
from guichet.gateway.outbox import outbox
from tests.conftest import Engines

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


@pytest.mark.postgresql
async def test_of_two_transactions_that_wait_for_each_other_one_is_to_be_done_again(engines: Engines) -> None:
    async with engines("postgresql") as engine:
        database = Database(engine, ManualClock(NOON))
        async with database.begin() as unit:
            for key in ("one", "two"):
                await unit.jobs.put(SendMessage(MessageId("msg_1")), key=key)
        both = asyncio.Barrier(2)

        async def change(*keys: str) -> None:
            async with database.begin() as unit:
                for key in keys:
                    await unit.connection.execute(sa.update(outbox).where(outbox.c.key == key).values(tries=1))
                    if key == keys[0]:
                        await both.wait()

        ends = await asyncio.gather(change("one", "two"), change("two", "one"), return_exceptions=True)
        assert {type(end) for end in ends} == {type(None), Crossed}
