"""What pages load from us, and from nobody else: styles, scripts, pictures.

Each name holds a digest of what it names, so that a browser keeps it for good and never shows an old one.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from guichet.console.appearance import Appearance
from guichet.console.permissions import ROOT
from guichet.core.errors import NotFound

KINDS = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages load: its name with the digest, its content type, its bytes as they are and packed."""

    name: str
    kind: str
    body: bytes
    packed: bytes


class Assets:
    """The files by their plain names (`console.css`)."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self._plain = {name: _asset(name, body) for name, body in bodies.items()}
        self._served = {asset.name: asset for asset in self._plain.values()}

    def url(self, name: str) -> str:
        """Return where a file is served. Raises KeyError for one that does not exist."""
        return f"{ROOT}/static/{self._plain[name].name}"

    def served(self, name: str) -> Asset:
        """Return a file by its name with the digest. Raises NotFound."""
        if name not in self._served:
            raise NotFound("there is no such file")
        return self._served[name]

    @property
    def names(self) -> frozenset[str]:
        """The plain names."""
        return frozenset(self._plain)


def packaged(appearance: Appearance) -> Assets:
    """Return the files of the package, with the colours and the logo of the settings."""
    folder = files("guichet.console") / "static"
    bodies = {file.name: file.read_bytes() for file in folder.iterdir() if file.name.rpartition(".")[2] in KINDS}
    bodies["theme.css"] = appearance.tokens.encode()
    if appearance.logo is not None:
        bodies[logo_name(appearance)] = appearance.logo.body
    return Assets(bodies)


def logo_name(appearance: Appearance) -> str:
    """Return the plain name of the logo: ours where the settings have none."""
    if appearance.logo is None:
        return "guichet.svg"
    ending = next(ending for ending, kind in KINDS.items() if kind == appearance.logo.kind)
    return f"logo.{ending}"


def _asset(name: str, body: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{stem}.{digest}.{ending}", KINDS[ending], body, gzip.compress(body, mtime=0))
