"""The sources of an import, one a part: a file of CSV or JSON lines, or a query; told, then read in batches."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from guichet.citizens import csv_file, json_lines
from guichet.citizens.import_run import Part
from guichet.citizens.layout import Layout, Reading, SourceLine
from guichet.citizens.mapping import Mapping
from guichet.citizens.sql_query import SqlQuery, url_of
from guichet.core.errors import BadInput

_BLOCK = 1 << 20


class Source(Protocol):
    """Where the lines of one part come from."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    @property
    def is_ordered(self) -> bool:
        """Whether its lines come in the same order each time."""
        ...

    @property
    def is_inside(self) -> bool:
        """Whether its records stand inside the lines of people."""
        ...

    async def layout(self) -> Layout:
        """Tell what it was taken for. Raises BadInput where it cannot be read at all."""
        ...

    async def digest(self) -> str:
        """Return what tells this content from another."""
        ...

    def batches(self, size: int, skip: int = 0) -> AsyncIterator[list[SourceLine]]:
        """Yield its lines in bounded memory, without the first `skip`."""
        ...


async def _whole(read: Callable[[], list[SourceLine]]) -> list[SourceLine]:
    """Read in a thread, to the end even when cancelled: a file is not closed while it is being read."""
    reading = asyncio.ensure_future(asyncio.to_thread(read))
    try:
        return await asyncio.shield(reading)
    except asyncio.CancelledError:
        await asyncio.wait([reading])
        raise


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file."""

    path: Path
    reading: Reading
    is_inside: bool = False
    is_ordered: bool = True

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def _detect(self) -> Layout:
        """Look at the file: a pipe could be read once only, and a device has no end."""
        if self.path.exists() and not self.path.is_file():
            raise BadInput(f"{self.path} is no regular file: save what is to be read in one")
        if json_lines.is_json_lines(self.path):
            return json_lines.detect(self.path, self.reading)
        return csv_file.detect(self.path, self.reading)

    def lines(self) -> Generator[SourceLine, None, None]:
        """Read the file line by line."""
        layout = self._detect()
        if layout.kind == "csv":
            return csv_file.lines(self.path, layout, self.reading)
        return json_lines.lines(self.path, layout, self.reading)

    async def layout(self) -> Layout:
        """Tell what the file was taken for."""
        return await asyncio.to_thread(self._detect)

    async def digest(self) -> str:
        """Return the digest of its bytes."""
        return await asyncio.to_thread(self._digest)

    def _digest(self) -> str:
        """Read the file through."""
        found = hashlib.blake2b(digest_size=16)
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                found.update(block)
        return found.hexdigest()

    async def batches(self, size: int, skip: int = 0) -> AsyncIterator[list[SourceLine]]:
        """Yield its lines some at a time, read in threads."""
        lines = await asyncio.to_thread(self.lines)
        with closing(lines):
            await _whole(lambda: list(islice(lines, skip, skip)))
            while batch := await _whole(lambda: list(islice(lines, size))):
                yield batch


@dataclass(frozen=True, slots=True)
class QuerySource(SqlQuery):
    """A query."""

    is_inside: bool = False

    async def digest(self) -> str:
        """Return the digest of the query and where it is asked: rows may have changed since."""
        return hashlib.blake2b(f"{self.name}\n{self.query}".encode(), digest_size=16).hexdigest()


Sources = dict[Part, Source]


def sources_of(file: Path | None, mapping: Mapping, folder: Path, *, query: str = "", database: str = "") -> Sources:
    """Return the source of each part: what the command was given, else what the mapping names.

    `folder` is that of the mapping file. Raises BadInput where nothing says what to read.
    """
    found: Sources = {}
    for part in Part:
        section = mapping.section(part)
        if section is None:
            continue
        is_people = part is Part.PEOPLE
        asked = (query if is_people else "") or section.query
        path = (file if is_people else None) or (folder / section.from_ if section.from_ else None)
        reading = section.reading(part)
        if path is not None and (file is not None or not asked):
            found[part] = FileSource(path, reading)
        elif asked:
            if not database:
                raise BadInput("a query needs a database: --database URL, or GUICHET_IMPORT_DATABASE_URL")
            found[part] = QuerySource(url_of(database), asked, reading)
        elif is_people and not (mapping.files or mapping.mandates):
            raise BadInput("nothing to import: give a file, a --query, or a mapping that names one")
    people = found.get(Part.PEOPLE)
    if isinstance(people, FileSource) and Part.MANDATES not in found and json_lines.is_json_lines(people.path):
        # Who holds a mandate may stand on a later line than whom it is for: the file is read a second time.
        found[Part.MANDATES] = FileSource(people.path, people.reading, is_inside=True)
    return found
