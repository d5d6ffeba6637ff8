"""What our errors tell agents, in French: each is a sentence in English where it is raised. Reads the words once.

A test looks for every sentence that the modules behind the desk can raise, so that none is left untold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from guichet.core.language import Language


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and the language that it is in."""

    text: str
    language: Language


@cache
def french() -> Mapping[str, str]:
    """Return the sentences by their English, with `{}` for what is filled in."""
    text = (files("guichet.console") / "words" / "refusals.yaml").read_text("utf-8")
    return dict(yaml.load(text, yaml.BaseLoader))  # noqa: S506  # every scalar a string


def told(error: str, language: Language) -> Told:
    """Tell an error in a language, where we know it; else as it is, in English."""
    if language is Language.FR:
        for english, own in french().items():
            found = re.fullmatch(_pattern(english), error)
            if found:
                return Told(_filled(own, found.groups()), Language.FR)
    return Told(error, Language.EN)


def _pattern(sentence: str) -> str:
    return "(.*)".join(re.escape(part) for part in sentence.split("{}"))


def _filled(sentence: str, blanks: tuple[str, ...]) -> str:
    """Fill the blanks that the French has, from the first on."""
    for blank in blanks:
        sentence = sentence.replace("{}", blank, 1)
    return sentence
