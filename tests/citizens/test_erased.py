"""Who was erased is not brought back, and is nowhere told by name."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from guichet.citizens.erased import ErasedKey
from guichet.citizens.import_run import Part
from guichet.citizens.import_wish import Wish
from guichet.citizens.importer import CitizenImport
from guichet.core.clock import ManualClock
from guichet.core.errors import BadInput
from tests.citizens.units import Begin

KEY, OTHER = ErasedKey(b"k" * 32), ErasedKey(b"o" * 32)
TODAY = date(2026, 3, 2)
CLOCK = ManualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
CSV = "id;prénom;nom;numero dossier\n1;Anne;Roy;D-1001\n2;Paul;Roy;D-1002\n"


def importer(begin: Begin, key: ErasedKey | None) -> CitizenImport:
    return CitizenImport(begin, clock=CLOCK, erased=key)


def test_a_digest_needs_its_key_and_shows_neither_key_nor_identifier() -> None:
    assert KEY.digest("VC-1") == KEY.digest(" VC-1 ") != KEY.digest("VC-2")
    assert KEY.digest("VC-1") != OTHER.digest("VC-1")
    assert KEY.name != OTHER.name
    assert "k" * 32 not in repr(KEY)


async def test_who_was_erased_is_left_out_until_readmitted(tmp_path: Path, begin: Begin) -> None:
    file = tmp_path / "usagers.csv"
    file.write_text(CSV, "utf-8")
    async with begin() as unit:
        await unit.erased.add(KEY, "2")
        await unit.erased.add(KEY, "2")
        assert await unit.erased.among(KEY, ["1", "2"]) == {"2"}
        assert await unit.erased.keys() == {KEY.name}
    report = await importer(begin, KEY).run(file, TODAY)
    (fault,) = report.people.faults
    assert (report.people.progress.saved.added, fault.number) == (1, 3)
    assert "effacée" in fault.reason.fr
    async with begin() as unit:
        assert await unit.citizens.by_external_id("2") is None
        assert await unit.erased.remove(KEY, "2")
        assert not await unit.erased.remove(KEY, "2")
    report = await importer(begin, KEY).run(file, TODAY)
    assert (report.people.progress.saved.added, report.parts[Part.PEOPLE].faults) == (1, ())


async def test_a_dry_run_says_who_would_be_left_out(tmp_path: Path, begin: Begin) -> None:
    file = tmp_path / "usagers.csv"
    file.write_text(CSV, "utf-8")
    async with begin() as unit:
        await unit.erased.add(KEY, "2")
    report = await importer(begin, KEY).run(file, TODAY, Wish(dry_run=True))
    assert [fault.number for fault in report.people.faults] == [3]
    with pytest.raises(BadInput, match=r"erased\.key"):
        await importer(begin, OTHER).run(file, TODAY, Wish(dry_run=True))
    async with begin() as unit:
        assert await unit.citizens.by_external_id("1") is None


@pytest.mark.parametrize("key", [None, OTHER], ids=["lost", "another"])
async def test_without_the_key_an_import_is_refused(tmp_path: Path, begin: Begin, key: ErasedKey | None) -> None:
    file = tmp_path / "usagers.csv"
    file.write_text(CSV, "utf-8")
    async with begin() as unit:
        await unit.erased.add(KEY, "2")
    with pytest.raises(BadInput, match=r"erased\.key"):
        await importer(begin, key).run(file, TODAY)
