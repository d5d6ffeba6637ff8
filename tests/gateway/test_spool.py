from collections.abc import Mapping
from pathlib import Path

import pytest

from guichet.core.errors import BadInput, Unavailable
from guichet.gateway.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def keep(spool: Spool, *bodies: str) -> None:
    for body in bodies:
        spool.keep({"Body": body})


async def test_texts_are_taken_in_once_in_their_order(spool: Spool) -> None:
    keep(spool, "un", "deux", "trois")
    taken: list[str] = []

    async def take(form: Mapping[str, str]) -> None:
        taken.append(form["Body"])

    assert await spool.replay(take) == 3
    assert await spool.replay(take) == 0
    assert taken == ["un", "deux", "trois"]


async def test_texts_wait_while_the_database_is_away(spool: Spool) -> None:
    keep(spool, "un", "deux")

    async def take(form: Mapping[str, str]) -> None:
        if form["Body"] == "deux":
            raise Unavailable("the database does not answer")

    assert await spool.replay(take) == 1
    assert len(spool.waiting()) == 1


async def test_a_text_that_meets_a_fault_does_not_hold_the_others_up_and_is_kept(spool: Spool) -> None:
    keep(spool, "fault", "refused", "well")
    spool.waiting()[0].with_name("0.json").write_text("{")
    taken: list[str] = []

    async def take(form: Mapping[str, str]) -> None:
        taken.append(form["Body"])
        if form["Body"] == "fault":
            raise ValueError("a fault of ours")
        if form["Body"] == "refused":
            raise BadInput("MessageSid is missing")

    assert await spool.replay(take) == 1
    assert taken == ["fault", "refused", "well"]
    assert await spool.replay(take) == 0
    assert len(taken) == 3
    left = {path.suffix for path in spool.waiting()[0].parent.iterdir()}
    assert left == {".json", ".refused", ".unreadable"}


async def test_what_is_kept_is_for_us_alone(spool: Spool) -> None:
    keep(spool, "un")
    (path,) = spool.waiting()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
