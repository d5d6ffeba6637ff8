"""Installing a speech model: sources tried in order, each checked, the folder placed all at once.

A source of the operator (a file or an address) comes first and alone; else the official site, then, for English, the
wheel of a Python package that carries the same files, fetched by pip and never installed.
"""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from urllib.parse import urlsplit
from zipfile import is_zipfile

from guichet.core.errors import BadInput, GuichetError, Unavailable
from guichet.transcripts.download import check, fetch
from guichet.transcripts.model_files import add_upsampling
from guichet.transcripts.models import OFFICIAL_SITE, Archive, SpeechModel
from guichet.transcripts.progress import Progress
from guichet.transcripts.unpack import unpack
from guichet.transcripts.verify import verify, write_sums

PIP_SECONDS = 600.0

Fetched = tuple[Path, Archive]
"""An archive on disk, checked, and which one it is."""
Source = Callable[[Path, Progress], Awaitable[Fetched]]
"""Brings an archive; may keep parts of it in the folder it is given."""


def sources(model: SpeechModel, given: str | None, official: str = OFFICIAL_SITE) -> tuple[Source, ...]:
    """Return the sources of a model, in order. Raises BadInput for an address that we cannot fetch from."""
    if given is not None and urlsplit(given).scheme in {"http", "https"}:
        return (_from_site(model, given),)
    if given is not None and "://" in given:
        raise BadInput(f"{given}: only http and https addresses are fetched; fetch it yourself and give the file")
    if given is not None:
        return (_from_file(model, Path(given)),)
    site = _from_site(model, official)
    return (site, _from_wheel(model)) if model.wheel else (site,)


async def install(model: SpeechModel, models_dir: Path, tried: tuple[Source, ...], progress: Progress) -> Path:
    """Install a model from the first source that works; return its folder. One that is there and right is left.

    Raises BadInput or Unavailable of the last source that failed, with what became of each before it.
    """
    folder = models_dir / model.name
    if folder.exists() and (await asyncio.to_thread(verify, model, folder)).is_right:
        await asyncio.to_thread(add_upsampling, folder)
        progress.say(f"{model.name} is installed")
        return folder
    downloads = models_dir / ".downloads"
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        archive, kind = await _first_that_works(tried, downloads, progress)
        await asyncio.to_thread(_place, model, archive, kind, folder, progress)
    except OSError as error:
        raise Unavailable(f"{error.filename or models_dir}: {error.strerror}") from error
    shutil.rmtree(downloads, ignore_errors=True)
    progress.say(f"{model.name} is installed in {folder}")
    return folder


async def _first_that_works(tried: tuple[Source, ...], downloads: Path, progress: Progress) -> Fetched:
    """Try the sources in order."""
    failures: list[GuichetError] = []
    for source in tried:
        try:
            return await source(downloads, progress)
        except GuichetError as error:
            failures.append(error)
            if len(failures) < len(tried):
                progress.say(f"{error}; trying another source")
    hint = "an archive or a mirror can be given with --from"
    raise type(failures[-1])("; ".join([*map(str, failures), hint]))


def _place(model: SpeechModel, archive: Path, kind: Archive, folder: Path, progress: Progress) -> None:
    """Unpack beside the final place, prepare, check, and move there in one step."""
    scratch = Path(mkdtemp(prefix=".installing-", dir=folder.parent))
    try:
        fresh = scratch / model.name
        fresh.mkdir()
        unpack(archive, kind.folder, fresh, progress, model.most_bytes)
        write_sums(fresh)
        add_upsampling(fresh)
        finding = verify(model, fresh)
        if not finding.is_right:
            raise BadInput(f"{kind.name} does not hold the model: {', '.join(finding.faults)}")
        if folder.exists():
            folder.rename(scratch / "old")
        fresh.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _from_site(model: SpeechModel, address: str) -> Source:
    """Fetch from a site: the address of the archive itself, or of the folder it lies in."""
    kind = next((one for one in model.archives if address.endswith(one.name)), model.archive)
    url = address if address.endswith(kind.name) else f"{address.rstrip('/')}/{kind.name}"

    async def source(downloads: Path, progress: Progress) -> Fetched:
        await fetch(url, kind, downloads / kind.name, progress)
        return downloads / kind.name, kind

    return source


def _from_file(model: SpeechModel, path: Path) -> Source:
    """Take an archive that the operator has."""

    async def source(downloads: Path, progress: Progress) -> Fetched:  # noqa: ARG001  # a source's signature
        return path, await asyncio.to_thread(_recognised, path, model)

    return source


def _recognised(path: Path, model: SpeechModel) -> Archive:
    """Return which archive of the model a file is. Raises BadInput if it is none."""
    if not path.is_file():
        raise BadInput(f"{path} is no regular file" if path.exists() else f"{path}: there is no such file")
    if not is_zipfile(path):
        raise BadInput(f"{path} is no zip archive, or is cut: models come as {model.archive.name}")
    for kind in model.archives:
        if path.stat().st_size == kind.size or not kind.size:
            check(path, kind)
            return kind
    raise BadInput(f"{path} is not {model.archive.name}: its size differs")


def _from_wheel(model: SpeechModel) -> Source:
    """Let pip fetch the package, with whatever index the machine is set to, and keep the file alone."""
    wheel = model.wheel
    if wheel is None:
        raise BadInput(f"no package carries {model.name}")

    async def source(downloads: Path, progress: Progress) -> Fetched:
        progress.say(f"fetching the package {wheel.requirement} (41 MB), which carries the model")
        with TemporaryDirectory(dir=downloads) as scratch:
            await _pip_download(wheel.requirement, Path(scratch))
            found = Path(scratch) / wheel.archive.name
            if not found.is_file():
                raise Unavailable("pip brought another file than the package that carries the model")
            await asyncio.to_thread(check, found, wheel.archive)
            return found.rename(downloads / wheel.archive.name), wheel.archive

    return source


async def _pip_download(requirement: str, folder: Path) -> None:
    """Run `pip download`. Raises Unavailable with pip's last words."""
    arguments = ("-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", requirement)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), PIP_SECONDS)
    except TimeoutError as error:
        raise Unavailable(f"pip does not bring {requirement} within {PIP_SECONDS:.0f} seconds") from error
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode:
        words = said.decode(errors="replace").strip().splitlines()
        raise Unavailable(f"pip cannot fetch {requirement}: {words[-1] if words else 'no reason given'}")
