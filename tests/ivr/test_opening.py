import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from guichet.citizens.contact import Channel, Contact
from guichet.core.errors import Unavailable
from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Language
from guichet.ivr.call import Call
from guichet.ivr.opening import LARGEST_BATCH, Opening, Openings
from guichet.ivr.record import CallRecord, TurnRecord
from guichet.ivr.tokens import Tokens
from guichet.transcripts.heard import FreeSpeech
from tests.ivr.scripts import LINE

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def opening(name: str) -> Opening:
    sid, contact = CallSid(name), ContactId(f"con_{name}")
    return Opening(
        Contact(contact, Channel.VOICE, name, LINE, None, Language.FR, NOW),
        CallRecord(sid, contact, LINE, None, NOW, Call(Language.FR)),
        TurnRecord(sid, 1, contact, Language.FR, FreeSpeech(), 1, listen=True, opened_at=NOW),
    )


@dataclass
class Batches:
    """Transactions that note the calls they keep, and fail for a call named `bad`."""

    kept: list[list[str]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        """Wait for the gate."""
        await self.gate.wait()
        yield self

    @property
    def contacts(self) -> "Batches":
        """Be the store of contacts."""
        return self

    @property
    def calls(self) -> "Batches":
        """Be the store of calls."""
        return self

    async def add_many(self, contacts: Sequence[Contact]) -> None:
        """Fail for the bad call."""
        if any(contact.carrier_id == "bad" for contact in contacts):
            raise Unavailable("no")

    async def open_many(self, opened: Sequence[tuple[CallRecord, TurnRecord]]) -> None:
        """Note the calls."""
        self.kept.append([record.id for record, _ in opened])


async def test_calls_that_come_together_share_a_transaction_and_each_waits_for_it() -> None:
    batches = Batches()
    openings = Openings(batches.begin)
    waiting = [asyncio.create_task(openings.add(opening(str(n)))) for n in range(5)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    batches.gate.set()
    await asyncio.gather(*waiting)
    assert batches.kept == [[str(n) for n in range(5)]]


async def test_what_comes_during_a_transaction_shares_the_next() -> None:
    batches = Batches()
    openings = Openings(batches.begin)
    first = asyncio.create_task(openings.add(opening("a")))
    for _ in range(3):
        await asyncio.sleep(0)
    later = [asyncio.create_task(openings.add(opening(name))) for name in "bc"]
    await asyncio.sleep(0)
    batches.gate.set()
    await asyncio.gather(first, *later)
    assert batches.kept == [["a"], ["b", "c"]]


async def test_a_call_that_cannot_be_kept_harms_no_other() -> None:
    batches = Batches()
    batches.gate.set()
    openings = Openings(batches.begin)
    results = await asyncio.gather(*(openings.add(opening(name)) for name in ("a", "bad", "b")), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), Unavailable, type(None)]
    assert batches.kept == [["a"], ["b"]]
    await openings.add(opening("c"))
    assert batches.kept[-1] == ["c"]


async def test_a_batch_has_a_largest_size() -> None:
    batches = Batches()
    batches.gate.set()
    openings = Openings(batches.begin)
    await asyncio.gather(*(openings.add(opening(str(n))) for n in range(LARGEST_BATCH + 1)))
    assert [len(batch) for batch in batches.kept] == [LARGEST_BATCH, 1]


async def test_a_webhook_that_goes_away_while_it_waits_leaves_the_others_alone() -> None:
    batches = Batches()
    openings = Openings(batches.begin)
    gone, stays = (asyncio.create_task(openings.add(opening(name))) for name in "ab")
    await asyncio.sleep(0)
    gone.cancel()
    batches.gate.set()
    await stays
    with pytest.raises(asyncio.CancelledError):
        await gone


def test_a_token_is_one_call_s_and_one_turn_s_and_nobody_s_who_lacks_the_secret() -> None:
    tokens, others = Tokens([b"secret"]), Tokens([b"other"])
    token = tokens.make(CallSid("CA1"), 1)
    assert token == Tokens([b"secret"]).make(CallSid("CA1"), 1)
    assert tokens.read(token) == (CallSid("CA1"), 1)
    assert others.read(token) is None
    code = token.rpartition("-")[2]
    for forged in (f"CA1-2-{code}", f"CA2-1-{code}", f"CA1-1-{code[:-1]}", f"CA1-1-{code}é", f"CA1-{code}", code, ""):
        assert tokens.read(forged) is None, forged


def test_a_token_made_before_the_secret_was_changed_is_still_read() -> None:
    token = Tokens([b"old"]).make(CallSid("CA1"), 3)
    assert Tokens([b"new", b"old"]).read(token) == (CallSid("CA1"), 3)
    assert Tokens([b"new"]).read(token) is None


def test_the_id_of_a_call_may_hold_anything() -> None:
    tokens, call = Tokens([b"secret"]), CallSid('x"/<é>-1-')
    token = tokens.make(call, 1)
    assert not set('"/<>é') & set(token)
    assert tokens.read(unquote(token)) == (call, 1)
