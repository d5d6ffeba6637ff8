import re
from pathlib import Path

import pytest

from guichet.console.appearance import LEGIBLE, Appearance, contrast, read_logo
from guichet.console.assets import logo_name, packaged
from guichet.core.errors import BadInput, NotFound


def colours(tokens: str) -> list[tuple[int, int, int]]:
    found = re.findall(r"--accent:#(\w{6})", tokens)
    return [(int(one[:2], 16), int(one[2:4], 16), int(one[4:], 16)) for one in found]


@pytest.mark.parametrize("colour", ["#1f4e79", "#000000", "#7a0019", "#0b6623", "#4b0082"])
def test_any_colour_that_is_taken_can_be_read_on_light_and_dark_pages(colour: str) -> None:
    light, dark = colours(Appearance(colour=colour).tokens)
    assert contrast(light, (255, 255, 255)) >= LEGIBLE
    assert contrast(dark, (0x1F, 0x24, 0x2A)) >= LEGIBLE
    assert contrast(dark, (0x16, 0x19, 0x1D)) >= LEGIBLE


@pytest.mark.parametrize("colour", ["#ffcc00", "#8899aa", "red", "#12345", "#1f4e79;}body{display:none"])
def test_a_colour_that_cannot_be_read_or_is_none_is_refused(colour: str) -> None:
    with pytest.raises(BadInput):
        Appearance(colour=colour)


def test_contrast_is_that_of_the_recommendation() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_a_logo_is_served_under_a_name_that_changes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(b"one")
    first = packaged(Appearance(logo=read_logo(path)))
    path.write_bytes(b"two")
    appearance = Appearance(logo=read_logo(path))
    second = packaged(appearance)
    name = logo_name(appearance)
    assert first.url(name) != second.url(name)
    asset = second.served(second.url(name).rpartition("/")[2])
    assert (asset.kind, asset.body) == ("image/png", b"two")
    with pytest.raises(NotFound):
        second.served(first.url(name).rpartition("/")[2])


@pytest.mark.parametrize("name", ["logo.gif", "none.svg", "large.png"])
def test_a_logo_that_cannot_be_shown_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "logo.gif").write_bytes(b"x")
    (tmp_path / "large.png").write_bytes(b"x" * 40_001)
    with pytest.raises(BadInput):
        read_logo(tmp_path / name)


def test_the_logo_of_nobody_is_ours() -> None:
    assert read_logo(None) is None
    assert logo_name(Appearance()) == "guichet.svg"
