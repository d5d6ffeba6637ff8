"""How the console looks here: the administration's name, colour and logo. Pure, but for `read_logo`.

The colour of the settings becomes design tokens for light and dark pages, each legible by WCAG 2.2 (1.4.3, 1.4.11).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from guichet.core.errors import BadInput

LEGIBLE = 4.5
"""The least contrast between text and its ground: https://www.w3.org/TR/WCAG22/#contrast-minimum."""
KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
LARGEST_LOGO = 40_000
_DARK = (0x16, 0x19, 0x1D)
_HEX = re.compile(r"#[0-9a-fA-F]{6}")

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture: its content type and bytes."""

    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the settings say: the name of the administration, `#rrggbb`, and a logo."""

    title: str = "Guichet"
    colour: str = "#1f4e79"
    logo: Logo | None = None

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.colour):
            raise BadInput("settings: CONSOLE_COLOUR is written #rrggbb, such as #1f4e79")
        if contrast(_parsed(self.colour), (255, 255, 255)) < LEGIBLE:
            raise BadInput(f"settings: white text cannot be read on CONSOLE_COLOUR {self.colour}: take a darker one")

    @property
    def tokens(self) -> str:
        """The colours as CSS: on light pages the one of the settings, on dark ones as much of it as can be read."""
        light = self.colour.lower()
        dark = _hex(_lightened(_parsed(self.colour)))
        return (
            f":root{{--accent:{light};--on-accent:#fff}}\n"
            f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--on-accent:{_hex(_DARK)}}}}}\n"
        )


def read_logo(path: Path | None) -> Logo | None:
    """Read the logo of the settings. Raises BadInput with what would do."""
    if path is None:
        return None
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise BadInput(f"settings: CONSOLE_LOGO {path} is no picture of a kind we show: {', '.join(KINDS)}")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise BadInput(f"settings: CONSOLE_LOGO {path} cannot be read ({error.strerror})") from None
    if len(body) > LARGEST_LOGO:
        raise BadInput(f"settings: CONSOLE_LOGO {path} is larger than {LARGEST_LOGO // 1000} kB: make it lighter")
    return Logo(kind, body)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _lightened(colour: Colour) -> Colour:
    """Mix with white until it can be read on a dark page, with room for its lighter panels."""
    for share in range(0, 101, 5):
        mixed = (
            colour[0] + (255 - colour[0]) * share // 100,
            colour[1] + (255 - colour[1]) * share // 100,
            colour[2] + (255 - colour[2]) * share // 100,
        )
        if contrast(mixed, _DARK) >= LEGIBLE + 2:
            return mixed
    return (255, 255, 255)


def _parsed(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
