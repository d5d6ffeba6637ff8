"""Unpacking a model's archive without trusting it: no path outside, no link, no bomb."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from guichet.core.errors import BadInput
from guichet.transcripts.progress import Progress

MOST_FILES = 500
CHUNK = 1 << 20


def unpack(archive: Path, folder: str, target: Path, progress: Progress, most_bytes: int) -> None:
    """Unpack what an archive holds in `folder` into `target`, an empty directory: at most so many bytes.

    Raises BadInput for anything but plain files inside the folder, within the limits; `target` is then to be removed.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(opened, folder, most_bytes)
            progress.start("unpacking", sum(member.file_size for _, member in members))
            done = 0
            for path, member in members:
                for written in _written(opened, member, target / path):
                    done += written
                    progress.reach(done)
                    if done > most_bytes:
                        raise BadInput("the archive unpacks to more than it says: it is not unpacked")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadInput(f"{archive.name} cannot be unpacked: {error}") from error


def _members(opened: zipfile.ZipFile, folder: str, most_bytes: int) -> list[tuple[PurePosixPath, zipfile.ZipInfo]]:
    """Return the files of the folder with their paths inside it."""
    inside = [member for member in opened.infolist() if member.filename.startswith(f"{folder}/")]
    files = [member for member in inside if not member.is_dir()]
    if not files:
        raise BadInput(f"the archive has no folder {folder}")
    if len(files) > MOST_FILES or sum(member.file_size for member in files) > most_bytes:
        raise BadInput("the archive is larger than any speech model: it is not unpacked")
    return [(_safe(member, folder), member) for member in files]


def _safe(member: zipfile.ZipInfo, folder: str) -> PurePosixPath:
    """Return a member's path inside the folder, or refuse it."""
    path = PurePosixPath(member.filename.removeprefix(f"{folder}/"))
    mode = member.external_attr >> 16
    is_plain = stat.S_IFMT(mode) in {0, stat.S_IFREG}
    if not is_plain or path.is_absolute() or ".." in path.parts or "\\" in member.filename or not path.parts:
        raise BadInput("the archive has a file that would land outside its folder: it is not unpacked")
    return path


def _written(opened: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> Iterator[int]:
    """Write one file, piece by piece; give how many bytes each has. Sizes are counted, not believed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, path.open("xb") as file:
        while chunk := source.read(CHUNK):
            file.write(chunk)
            yield len(chunk)
