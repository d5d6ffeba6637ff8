"""Import of the administration's file: batch by batch in constant memory, good lines kept, bad ones reported."""

import asyncio
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from guichet.citizens.citizen import Citizen
from guichet.citizens.csv_file import CsvLayout, detect, lines
from guichet.citizens.csv_row import LineFault, read_citizen
from guichet.citizens.ports import Begin
from guichet.citizens.store import Saved
from guichet.core.ids import CitizenId, new_id

BATCH = 1000
FAULTS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: lines read, citizens saved, lines with a fault."""

    lines: int
    saved: Saved
    faults: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: what the file was taken for, the final progress, and the first 1,000 faults."""

    layout: CsvLayout
    progress: Progress
    faults: tuple[LineFault, ...]


Batch = list[tuple[Citizen | None, tuple[LineFault, ...]]]


def _silent(progress: Progress) -> None:
    """Tell nobody how far it is."""


def _read(
    path: Path, layout: CsvLayout, today: date, region: str = "FR"
) -> Generator[tuple[Citizen | None, tuple[LineFault, ...]], None, None]:
    """Read each line into a citizen or its faults."""
    for line in lines(path, layout):
        yield read_citizen(line, CitizenId(new_id("cit")), today, region)


def read_file(path: Path, today: date, report: Callable[[LineFault], None] = lambda _: None) -> Iterator[Citizen]:
    """Read the good lines of a file without any store, reporting the faults of the others.

    Raises BadInput for a file that cannot be read at all.
    """
    for citizen, faults in _read(path, detect(path), today):
        for fault in faults:
            report(fault)
        if citizen is not None:
            yield citizen


class CitizenImport:
    """Imports files. `begin` opens a transaction for each batch: what is saved stays, should the rest be cut off.

    `region` (ISO 3166) is the country of telephone numbers written without its code.
    """

    def __init__(self, begin: Begin, region: str = "FR") -> None:
        self._begin = begin
        self._region = region

    async def run(
        self, path: Path, today: date, *, dry_run: bool = False, progress: Callable[[Progress], None] = _silent
    ) -> ImportReport:
        """Import a file, telling the progress after each batch. Raises BadInput if it cannot be read at all.

        Run again, it updates the citizens it finds by their external id. A dry run reads everything, saves nothing.
        """
        layout = await asyncio.to_thread(detect, path)
        done, kept = Progress(0, Saved(), 0), list[LineFault]()
        with closing(_read(path, layout, today, self._region)) as read:
            while batch := await asyncio.to_thread(lambda: list(islice(read, BATCH))):
                faults = [fault for _, own in batch for fault in own]
                kept += faults[: FAULTS_KEPT - len(kept)]
                saved = Saved() if dry_run else await self._save(batch)
                done = Progress(done.lines + len(batch), done.saved + saved, done.faults + len(faults))
                progress(done)
        return ImportReport(layout, done, tuple(kept))

    async def _save(self, batch: Batch) -> Saved:
        """Save the citizens of a batch in one transaction."""
        async with self._begin() as unit:
            return await unit.citizens.save_all([citizen for citizen, _ in batch if citizen is not None])
