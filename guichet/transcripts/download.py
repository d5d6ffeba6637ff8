"""Fetching a file of known size and SHA-256 over HTTP: with resume, a limit on every wait, and nothing trusted."""

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import aiohttp

from guichet.core.errors import BadInput, Unavailable
from guichet.transcripts.models import Archive
from guichet.transcripts.progress import Progress

CONNECT_SECONDS = 4.0
"""A site that does not answer by then is passed over for the next source."""
STALL_SECONDS = 20.0
ATTEMPTS = 4
"""Connections tried for one file, as long as each brings it forward."""
CHUNK = 1 << 18
LARGEST = 4 << 30
"""Bytes of the largest archive whose size nobody has told us."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(path: Path, archive: Archive) -> None:
    """Raise BadInput unless the file is the archive, or when nobody has said what its SHA-256 should be."""
    found = digest(path)
    if not archive.sha256:
        raise BadInput(
            f"{archive.name} has the SHA-256 {found}: compare it with one you trust, and say that one with --sha256"
        )
    if found != archive.sha256:
        raise BadInput(f"{path.name} is not the file that was published: its SHA-256 differs")


async def fetch(
    url: str, archive: Archive, target: Path, progress: Progress, stall_seconds: float = STALL_SECONDS
) -> None:
    """Fetch an archive to `target`, going on where an earlier attempt stopped (`target` with `.part` appended).

    Raises Unavailable when the site cannot be reached, has no such file or stops half-way again and again; BadInput
    when what it gives is not the archive. A wrong file is removed, a part of it is kept.
    """
    part = target.with_name(target.name + ".part")
    limits = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=stall_seconds)
    async with aiohttp.ClientSession(timeout=limits, trust_env=True, auto_decompress=False) as session:
        archive = archive if archive.size else replace(archive, size=await _length(session, url))
        progress.start(archive.name, archive.size)
        for attempt in range(ATTEMPTS):
            before = _size(part)
            reason = await _go_on(session, url, archive, part, progress)
            if reason is None:
                break
            if attempt == ATTEMPTS - 1 or _size(part) <= before:
                raise Unavailable(f"{url}: {reason}")
            progress.say(f"{reason}; going on at {_size(part) * 100 // archive.size} %")
    try:
        await asyncio.to_thread(check, part, archive)
    except BadInput:
        # What cannot be compared yet need not be fetched again.
        if archive.sha256:
            _drop(part)
        raise
    part.replace(target)


async def _length(session: aiohttp.ClientSession, url: str) -> int:
    """Ask how long a file is. Raises Unavailable when the site does not say, BadInput when it is too long."""
    try:
        async with session.get(url) as answer:
            size = answer.content_length if answer.status == 200 else None
            status = answer.status
    except aiohttp.InvalidURL:
        raise BadInput(f"{url} is no address of a file") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable(f"{url}: the site cannot be reached") from error
    if not size:
        raise Unavailable(f"{url}: the site answers {status} and does not say how long the file is")
    if size > LARGEST:
        raise BadInput(f"{url} is larger than any speech model")
    return size


def _size(part: Path) -> int:
    """Return how many bytes there are."""
    return part.stat().st_size if part.exists() else 0


def _drop(part: Path) -> None:
    """Remove what is there."""
    part.unlink(missing_ok=True)


async def _go_on(
    session: aiohttp.ClientSession, url: str, archive: Archive, part: Path, progress: Progress
) -> str | None:
    """Fetch what is missing; return None when the file is whole, or why it is not."""
    there = _size(part)
    if there == archive.size:
        return None
    if there > archive.size:
        _drop(part)
        there = 0
    try:
        async with session.get(url, headers={"Range": f"bytes={there}-"} if there else {}) as answer:
            return await _taken(answer, archive, part, progress)
    except TimeoutError:
        return "the site does not answer any more"
    except aiohttp.InvalidURL:
        raise BadInput(f"{url} is no address of a file") from None
    except aiohttp.ClientConnectorError:
        return "the site cannot be reached"
    except aiohttp.ClientError as error:
        return f"the connection failed ({type(error).__name__})"


async def _taken(answer: aiohttp.ClientResponse, archive: Archive, part: Path, progress: Progress) -> str | None:
    """Take an answer if it is what was asked for."""
    if answer.status not in {200, 206}:
        return f"the site answers {answer.status}"
    if answer.status == 206 and not _begins_at(answer, _size(part)):
        _drop(part)
        return "the site goes on at another place"
    return await _save(answer, archive, part, progress)


def _begins_at(answer: aiohttp.ClientResponse, start: int) -> bool:
    """Tell whether a partial answer is the part that was asked for."""
    return answer.headers.get("Content-Range", "").startswith(f"bytes {start}-")


async def _save(answer: aiohttp.ClientResponse, archive: Archive, part: Path, progress: Progress) -> str | None:
    """Write the answer behind what is there; one that begins anew replaces it."""
    done = _size(part) if answer.status == 206 else 0
    with part.open("ab" if done else "wb") as file:
        async for chunk in answer.content.iter_chunked(CHUNK):
            done += len(chunk)
            if done > archive.size:
                break
            file.write(chunk)
            progress.reach(done)
    if done > archive.size:
        _drop(part)
        raise BadInput(f"{answer.url} is larger than the file that was published")
    return None if done == archive.size else "the site stopped half-way"
