"""Import of the administration's data: batch by batch in bounded memory, good lines kept, bad ones reported.

    people ──→ files ──→ mandates ──→ what has left the source is marked ──→ ended

How far it is stands in the database, in the transaction of each batch: an import that was cut off is gone on with.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from guichet.citizens.citizen import Citizen
from guichet.citizens.erased import ErasedKey, can_tell
from guichet.citizens.import_batch import (
    UNKNOWN_OWNER,
    Kept,
    Numbered,
    missing,
    save_files,
    save_mandates,
    save_people,
    without_erased,
)
from guichet.citizens.import_run import ImportRun, Part, Progress
from guichet.citizens.import_wish import ImportReport, PartReport, Wish
from guichet.citizens.layout import Reading, SourceLine
from guichet.citizens.line_fault import LineFault
from guichet.citizens.mapping import Mapping
from guichet.citizens.ports import BeginImport, ImportUnit
from guichet.citizens.row import Read, read_file_line, read_inner_mandates, read_mandate_line, read_person
from guichet.citizens.source import FileSource, Source, Sources, sources_of
from guichet.citizens.store import Saved, Seen
from guichet.core.clock import Clock, SystemClock
from guichet.core.errors import BadInput
from guichet.core.ids import CitizenId, new_id

BATCH = 1000
FAULTS_KEPT = 1000
MOST_LEAVING = 0.5
"""A larger share of a source that is gone at once is more likely a piece of the data than an exodus."""
FEW = 10
"""People who may leave whatever their share."""
_ORDER = tuple(Part)


def read_file(path: Path, today: date, report: Callable[[LineFault], None] = lambda _: None) -> Iterator[Citizen]:
    """Read the people of the good lines of a file without any store, reporting the faults of the others.

    Raises BadInput for a file that cannot be read at all.
    """
    for line in FileSource(path, Reading()).lines():
        read = read_person(line, CitizenId(new_id("cit")), today)
        for fault in read.faults:
            report(fault)
        if read.citizen is not None:
            yield read.citizen


@dataclass(slots=True)
class _Work:
    """An import under way. `told` are the keys of the people of a dry run, as numbers."""

    wish: Wish
    run: ImportRun
    today: date
    faults: dict[Part, list[LineFault]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)

    @property
    def seen(self) -> Seen:
        """What its records are marked with."""
        return Seen(self.run.source, self.run.id)

    def of(self, part: Part) -> Progress:
        """How far a part is."""
        return self.run.progress.get(part, Progress())

    def note(self, part: Part, faults: Sequence[LineFault]) -> None:
        """Report the faults of a batch, and keep the first."""
        kept = self.faults.setdefault(part, [])
        kept += faults[: FAULTS_KEPT - len(kept)]
        for fault in faults:
            self.wish.fault(part, fault)


class CitizenImport:
    """Imports sources. `begin` opens a transaction for each batch: what is saved stays, should the rest be cut off.

    `region` (ISO 3166) is the country of telephone numbers written without its code. `erased` is the key of the list of
    people who were erased, and are not brought back.
    """

    def __init__(
        self, begin: BeginImport, region: str = "FR", clock: Clock | None = None, erased: ErasedKey | None = None
    ) -> None:
        self._begin = begin
        self._erased = erased
        self._region = region
        self._clock = clock or SystemClock()

    async def run(self, path: Path, today: date, wish: Wish | None = None) -> ImportReport:
        """Import a file as it is detected. Raises BadInput if it cannot be read at all."""
        return await self.run_sources(sources_of(path, Mapping(), path.parent), today, wish or Wish())

    async def run_sources(self, sources: Sources, today: date, wish: Wish) -> ImportReport:
        """Import every part there is a source of; `today` is when nobody can be born after.

        Run again, it updates whom it finds by their external id. A dry run reads everything, saves nothing. Raises
        BadInput where a source cannot be read at all, or gone on with.
        """
        layouts = {part: await source.layout() for part, source in sources.items()}
        if not wish.dry_run or self._erased is not None:  # a dry run needs no database where nobody was erased
            await self._check_key()
        work = await self._work(sources, today, wish)
        goes_on_from = work.of(Part.PEOPLE).lines
        for part, source in sources.items():
            if _ORDER.index(part) >= _ORDER.index(work.run.part):
                await self._part(work, part, source)
        files = Part.FILES in sources or "file_number" in layouts.get(Part.PEOPLE, next(iter(layouts.values()))).columns
        doubted = 0 if wish.dry_run else await self._end(work, sources, files=files)
        parts = {
            part: PartReport(layout, work.of(part), tuple(work.faults.get(part, ())))
            for part, layout in layouts.items()
            if not sources[part].is_inside or work.of(part).saved != Saved() or work.of(part).faults
        }
        return ImportReport(parts, doubted, goes_on_from)

    async def _check_key(self) -> None:
        """Refuse to import where it could not be told who was erased."""
        async with self._begin() as unit:
            can = await can_tell(unit.erased, self._erased)
        if not can:
            raise BadInput(
                "people were erased here, and the key that tells whom is not in the data folder: copy the file "
                "erased.key from the machine on which they were erased, or from a backup, else they would come back"
            )

    async def _work(self, sources: Sources, today: date, wish: Wish) -> _Work:
        """Begin a new import, or take up the last one of the source."""
        digests = [f"{part}:{await source.digest()}" for part, source in sources.items()]
        fingerprint = hashlib.blake2b("\n".join(digests).encode(), digest_size=16).hexdigest()
        now = self._clock.now()
        fresh = ImportRun(new_id("imp"), wish.source, fingerprint, next(iter(sources)), {}, now, now)
        if wish.dry_run or not wish.resume:
            return _Work(wish, fresh, today)
        async with self._begin() as unit:
            last = await unit.imports.latest(wish.source)
        if last is None or last.ended_at is not None:
            raise BadInput("nothing to go on with: no import of this source was cut off; leave out --resume")
        if last.fingerprint != fingerprint:
            raise BadInput("the data is not that of the import that was cut off; leave out --resume to begin anew")
        if last.part in sources and not sources[last.part].is_ordered:
            raise BadInput("a query without ORDER BY cannot be gone on with; leave out --resume to begin anew")
        return _Work(wish, last, today)

    async def _part(self, work: _Work, part: Part, source: Source) -> None:
        """Import one part, from where it stands."""
        async for lines in source.batches(BATCH, work.of(part).lines):
            batch = await asyncio.to_thread(self._read, lines, part, work.today, inside=source.is_inside)
            if part is Part.PEOPLE and self._erased is not None:
                async with self._begin() as unit:
                    batch = await without_erased(unit, batch, self._erased)
            found = tuple(fault for _, read in batch for fault in read.faults)
            if work.wish.dry_run:
                found = (*found, *_not_told(work.told, part, batch))
                work.run = _advanced(work.run, part, len(batch), Kept(faults=found))
            else:
                work.run, kept = await self._save(work, part, batch, len(found))
                found = (*found, *kept.faults)
            work.note(part, found)
            work.wish.progress(part, work.of(part))

    def _read(self, lines: Sequence[SourceLine], part: Part, today: date, *, inside: bool) -> list[Numbered]:
        """Read lines into records, or their faults."""

        def read(line: SourceLine) -> Read:
            match part:
                case Part.PEOPLE:
                    return read_person(line, CitizenId(new_id("cit")), today, self._region)
                case Part.FILES:
                    return read_file_line(line)
                case Part.MANDATES if inside:
                    return read_inner_mandates(line, self._region)
                case Part.MANDATES:
                    return read_mandate_line(line, self._region)

        return [(line.number, read(line)) for line in lines]

    async def _save(self, work: _Work, part: Part, batch: Sequence[Numbered], faults: int) -> tuple[ImportRun, Kept]:
        """Save a batch and how far the import is, in one transaction."""
        save = {Part.PEOPLE: save_people, Part.FILES: save_files, Part.MANDATES: save_mandates}[part]
        async with self._begin() as unit:
            kept = await save(unit, batch, work.seen)
            run = replace(_advanced(work.run, part, len(batch), kept, faults), changed_at=self._clock.now())
            await unit.imports.save(run)
        return run, kept

    async def _end(self, work: _Work, sources: Sources, *, files: bool) -> int:
        """Mark what has left the source, and end; return how many people are not believed to have left."""
        now, doubted = self._clock.now(), 0
        async with self._begin() as unit:
            latest = await unit.imports.latest(work.run.source)
            # Where a later import of the same source has begun meanwhile, what is left in it is for that one to say.
            if not work.wish.partial and (latest is None or latest.id == work.run.id):
                doubted = await self._leave(unit, work, sources, files=files)
            work.run = replace(work.run, changed_at=now, ended_at=now)
            await unit.imports.save(work.run)
        return doubted

    async def _leave(self, unit: ImportUnit, work: _Work, sources: Sources, *, files: bool) -> int:
        """Mark what this import has not seen; return how many people are too many to be believed."""
        now, left, doubted = self._clock.now(), dict[Part, int](), 0
        if Part.PEOPLE in sources:
            unseen, total = await unit.citizens.unseen(work.seen)
            if unseen > max(FEW, MOST_LEAVING * total) and not work.wish.accept_departures:
                doubted = unseen
            else:
                left[Part.PEOPLE] = await unit.citizens.mark_left(work.seen, now)
        if (files or work.of(Part.FILES).saved != Saved()) and not doubted:
            left[Part.FILES] = await unit.records.files_left(work.seen, now)
        if Part.MANDATES in sources and not doubted:
            left[Part.MANDATES] = await unit.records.mandates_left(work.seen, now)
        for part, count in left.items():
            work.run = replace(work.run, progress={**work.run.progress, part: replace(work.of(part), left=count)})
        return doubted


def _advanced(run: ImportRun, part: Part, lines: int, kept: Kept, faults: int = 0) -> ImportRun:
    """Count a batch; files that came with people are counted as files."""
    before = run.progress.get(part, Progress())
    after = Progress(before.lines + lines, before.saved + kept.saved, before.faults + faults + len(kept.faults))
    progress = {**run.progress, part: after}
    if kept.files != Saved():
        files = progress.get(Part.FILES, Progress())
        progress[Part.FILES] = replace(files, saved=files.saved + kept.files)
    return replace(run, part=part, progress=progress)


def _not_told(told: set[int], part: Part, batch: Sequence[Numbered]) -> Iterator[LineFault]:
    """Say whom the files and mandates of a dry run name that its people have not told, if it has told any."""
    if part is Part.PEOPLE:
        told.update(hash(read.external_id) for _, read in batch if read.citizen is not None)
        return
    if not told:
        return
    for number, read in batch:
        for file in read.files:
            if hash(file.owner) not in told:
                yield LineFault(number, UNKNOWN_OWNER)
        for mandate in read.mandates:
            known = [key for key in (mandate.owner, mandate.holder) if hash(key) in told]
            if (reason := missing(mandate, known)) is not None:
                yield LineFault(number, reason)
