"""An import that is run again, cut off, gone on with; and who has left the source."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from guichet.citizens.import_run import Part, Progress
from guichet.citizens.import_wish import ImportReport, Wish
from guichet.citizens.importer import BATCH, CitizenImport
from guichet.citizens.mapping import Mapping
from guichet.citizens.search_keys import heard_keys
from guichet.citizens.source import sources_of
from guichet.citizens.store import Saved
from guichet.core.clock import ManualClock
from guichet.core.errors import BadInput
from guichet.core.phone import PhoneNumber
from tests.citizens.units import Begin

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEAD = "id;prénom;nom;date de naissance;portable\n"


class CutOffError(Exception):
    """Something stops the import."""


def people(folder: Path, *numbers: int) -> Path:
    file = folder / "usagers.csv"
    file.write_text(HEAD + "".join(f"{one};Anne;Roy{one};;06000{one:05}\n" for one in numbers), "utf-8")
    return file


async def run(begin: Begin, file: Path, wish: Wish | None = None) -> ImportReport:
    return await CitizenImport(begin, clock=ManualClock(NOW)).run(file, TODAY, wish)


async def left(begin: Begin, number: int) -> datetime | None:
    async with begin() as unit:
        found = await unit.citizens.by_external_id(str(number))
    assert found is not None
    return found.left_at


async def test_who_is_no_longer_in_the_source_is_marked_and_kept(tmp_path: Path, begin: Begin) -> None:
    await run(begin, people(tmp_path, 1, 2, 3))
    report = await run(begin, people(tmp_path, 1, 3))
    assert (report.people.progress.left, report.people.progress.saved) == (1, Saved(same=2))
    assert (await left(begin, 2), await left(begin, 1)) == (NOW, None)
    again = await run(begin, people(tmp_path, 1, 3))
    assert again.people.progress.left == 0


async def test_who_has_left_is_no_longer_taken_for_a_caller_and_is_again_on_return(
    tmp_path: Path, begin: Begin
) -> None:
    mobile = PhoneNumber("+33600000002")
    await run(begin, people(tmp_path, 1, 2, 3))
    await run(begin, people(tmp_path, 1, 3))
    async with begin() as unit:
        assert await unit.citizens.with_phone(mobile) == ()
        found = await unit.citizens.candidates(heard_keys(["anne roy2"], [], []), phone=mobile)
        assert "2" not in {one.external_id for one in found}
    report = await run(begin, people(tmp_path, 1, 2, 3))
    assert report.people.progress.saved == Saved(changed=1, same=2)
    async with begin() as unit:
        assert len(await unit.citizens.with_phone(mobile)) == 1


async def test_a_bad_line_still_says_that_its_person_is_there(tmp_path: Path, begin: Begin) -> None:
    await run(begin, people(tmp_path, 1, 2))
    file = people(tmp_path, 1)
    file.write_text(file.read_text("utf-8") + "2;Anne;Roy2;31/02/1985;\n", "utf-8")
    report = await run(begin, file)
    assert (report.people.progress.left, report.people.progress.faults) == (0, 1)
    assert await left(begin, 2) is None


async def test_people_of_another_source_are_left_alone(tmp_path: Path, begin: Begin) -> None:
    await run(begin, people(tmp_path, 1, 2), Wish("mairie"))
    report = await run(begin, people(tmp_path, 3), Wish("ccas"))
    assert report.people.progress.left == 0
    assert await left(begin, 1) is None


async def test_a_part_of_the_data_takes_nobody_away(tmp_path: Path, begin: Begin) -> None:
    await run(begin, people(tmp_path, 1, 2))
    report = await run(begin, people(tmp_path, 1), Wish(partial=True))
    assert report.people.progress.left == 0
    assert await left(begin, 2) is None


async def test_more_than_half_is_not_believed_to_have_left_unless_that_is_said(tmp_path: Path, begin: Begin) -> None:
    await run(begin, people(tmp_path, *range(30)))
    doubted = await run(begin, people(tmp_path, 1, 2))
    assert (doubted.doubted, doubted.people.progress.left) == (28, 0)
    assert await left(begin, 20) is None
    believed = await run(begin, people(tmp_path, 1, 2), Wish(accept_departures=True))
    assert (believed.doubted, believed.people.progress.left) == (0, 28)


def cut_off_after(lines: int) -> Wish:
    def stop(_part: Part, done: Progress) -> None:
        if done.lines >= lines:
            raise CutOffError

    return Wish(progress=stop)


async def test_an_import_that_was_cut_off_is_gone_on_with(tmp_path: Path, begin: Begin) -> None:
    await run(begin, people(tmp_path, 99_998, 99_999))
    file = people(tmp_path, *range(3 * BATCH + 5))
    with pytest.raises(CutOffError):
        await run(begin, file, replace(cut_off_after(2 * BATCH), accept_departures=True))
    assert await left(begin, 99_999) is None
    told: list[int] = []
    report = await run(begin, file, Wish(resume=True, progress=lambda _, done: told.append(done.lines)))
    assert told == [3 * BATCH, 3 * BATCH + 5]
    assert report.goes_on_from == 2 * BATCH
    assert report.people.progress.saved == Saved(added=3 * BATCH + 5)
    # Whom the first half saw has not left; who was in neither has.
    assert report.people.progress.left == 2
    assert await left(begin, 0) is None
    async with begin() as unit:
        assert await unit.citizens.count() == 3 * BATCH + 7


async def test_a_cancelled_import_leaves_what_it_has_told(tmp_path: Path, begin: Begin) -> None:
    file, told = people(tmp_path, *range(5 * BATCH)), list[int]()
    importing = asyncio.current_task

    def stop(_part: Part, done: Progress) -> None:
        told.append(done.lines)
        task = importing()
        assert task is not None
        task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(run(begin, file, Wish(progress=stop)))
    async with begin() as unit:
        assert await unit.citizens.count() == told[-1] == BATCH
        last = await unit.imports.latest("")
    assert last is not None
    assert (last.ended_at, last.progress[Part.PEOPLE].lines) == (None, BATCH)
    report = await run(begin, file, Wish(resume=True))
    assert report.people.progress.saved == Saved(added=5 * BATCH)


async def test_what_cannot_be_gone_on_with_says_why(tmp_path: Path, begin: Begin) -> None:
    file = people(tmp_path, 1)
    with pytest.raises(BadInput, match="nothing to go on with"):
        await run(begin, file, Wish(resume=True))
    await run(begin, file)
    with pytest.raises(BadInput, match="nothing to go on with"):
        await run(begin, file, Wish(resume=True))
    with pytest.raises(CutOffError):
        await run(begin, file, cut_off_after(1))
    with pytest.raises(BadInput, match="not that of the import"):
        await run(begin, people(tmp_path, 1, 2), Wish(resume=True))


async def test_files_that_left_the_source_are_marked(tmp_path: Path, begin: Begin) -> None:
    file = tmp_path / "u.csv"
    told = "id;prénom;nom;numéro de dossier;état du dossier\n1;Anne;Roy;A-20261;ouvert\n1;Anne;Roy;A-20262;ouvert\n"
    for text in (told, told.replace("A-20262", "A-20263").replace("ouvert", "clos", 1)):
        file.write_text(text, "utf-8")
        sources = sources_of(file, Mapping(), tmp_path)
        await CitizenImport(begin, clock=ManualClock(NOW)).run_sources(sources, TODAY, Wish())
    async with begin() as unit:
        anne = await unit.citizens.by_external_id("1")
        assert anne is not None
        found = await unit.records.files_of(anne.id)
        assert await unit.records.owners_of_files(["20262"]) == ()
        assert await unit.records.owners_of_files(["20263"]) == (anne.id,)
        assert await unit.records.numbers_of([anne.id]) == {anne.id: ("A-20261", "A-20263")}
    assert [(one.number, one.state, one.left_at) for one in found] == [
        *(("A-20261", "clos", None), ("A-20262", "ouvert", NOW), ("A-20263", "ouvert", None)),
    ]
