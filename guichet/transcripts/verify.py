"""Whether an installed model is what was published: each file against its SHA-256.

The digests are those of the catalogue, or those written beside the model (`SHA256SUMS`) when its archive, known by its
own digest, was unpacked. One difference is right: the line that lets the model take telephone audio.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guichet.transcripts.download import digest
from guichet.transcripts.model_files import CONFIGURATION, UPSAMPLE
from guichet.transcripts.models import SpeechModel

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a model's files, in sentences; nothing when all is right."""

    faults: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether the model is what was published."""
        return not self.faults


def verify(model: SpeechModel, folder: Path) -> Finding:
    """Compare a model's folder with the digests of its files."""
    if not folder.is_dir():
        return Finding((f"not installed: {model.command}",))
    digests = model.files or _read_sums(folder)
    if not digests:
        return Finding((f"no {SUMS} says what the files should be: install it again",))
    missing = [f"{name} is missing" for name in digests if not (folder / name).is_file()]
    changed = [
        f"{name} is not what was published"
        for name, expected in digests.items()
        if (folder / name).is_file() and expected not in _accepted(folder, name)
    ]
    return Finding((*missing, *changed))


def write_sums(folder: Path) -> None:
    """Write the digests of a model's files as published, in the format of sha256sum."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    text = "".join(f"{digest(folder / name)}  {name}\n" for name in names if name != SUMS)
    (folder / SUMS).write_text(text, encoding="utf-8")


def _read_sums(folder: Path) -> Mapping[str, str]:
    """Read the digests beside a model."""
    if not (folder / SUMS).is_file():
        return {}
    lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = (line.split("  ", 1) for line in lines if "  " in line)
    return {name: expected for expected, name in pairs if ".." not in name and not name.startswith("/")}


def _accepted(folder: Path, name: str) -> set[str]:
    """Return the digests that a file may have: its own, and for the configuration the one without our line."""
    content = (folder / name).read_bytes() if name == CONFIGURATION else None
    if content is None:
        return {digest(folder / name)}
    line = f"{UPSAMPLE}\n".encode()
    without = (
        {content.removesuffix(line), content.removesuffix(line).removesuffix(b"\n")}
        if content.endswith(line)
        else set()
    )
    return {hashlib.sha256(version).hexdigest() for version in (content, *without)}
