import re
from pathlib import Path
from string import Formatter

import pytest

import guichet.console
from guichet.console.shortcuts import PARTS
from guichet.console.wording import wording
from guichet.core.language import Language

HERE = Path(guichet.console.__file__).parent
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))


def holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_say_the_same_things_with_the_same_holes() -> None:
    french, english = wording(Language.FR), wording(Language.EN)
    assert french.keys == english.keys
    for key in french.keys:
        assert holes(french.known(key)) == holes(english.known(key)), key
        assert french.known(key).strip(), key


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_sentence_that_a_template_asks_for_is_written(template: Path) -> None:
    text = template.read_text("utf-8")
    known = wording(Language.FR).keys
    for key in re.findall(r"\bt\('([^']+)'\s*[,)]", text):
        assert key in known, key
    for start in re.findall(r"\bt\('([^']+)'\s*~", text):
        assert any(key.startswith(start) for key in known), start
    for key in re.findall(r"\bn\('([^']+)'", text):
        assert {f"{key}.none", f"{key}.one", f"{key}.many"} <= known, key


def test_templates_carry_the_keys_that_are_listed_and_no_others() -> None:
    listed = {shortcut.keys for _, shortcuts in PARTS for shortcut in shortcuts} - {"Esc"}
    carried = {
        key
        for template in TEMPLATES
        for key in re.findall(r'data-key="([^"{]+)"', template.read_text("utf-8"))
        if not key.startswith("g ")
    }
    assert carried == {keys for keys in listed if not keys.startswith("g ")}


def test_no_key_hides_another() -> None:
    keys = [shortcut.keys for _, shortcuts in PARTS for shortcut in shortcuts]
    assert len(keys) == len(set(keys))
    assert not [one for one in keys for other in keys if other.startswith(f"{one} ")]


def test_the_sentences_of_every_list_of_keys_are_written() -> None:
    known = wording(Language.EN).keys
    for part, shortcuts in PARTS:
        assert {part, *(shortcut.key for shortcut in shortcuts)} <= known
