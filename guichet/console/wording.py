"""What pages say, in each language: sentences by their key, from `words/`. Reads the package's files once.

A file is a list of `key: sentence`, the same keys in every language (a test holds it); `{name}` is filled in. Files of
one language are read together: each part of the console has its own.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from guichet.core.language import Language


class Wording:
    """The sentences of one language."""

    def __init__(self, language: Language, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence, filled in. Raises KeyError for one that nobody has written."""
        sentence = self._sentences[key]
        return sentence.format(**values) if values else sentence

    def count(self, key: str, count: int, **values: object) -> str:
        """Return `key.none`, `key.one` or `key.many` with `{count}` filled in."""
        form = "none" if count == 0 else "one" if count == 1 else "many"
        return self(f"{key}.{form}", count=count, **values)

    def known(self, key: str, otherwise: str = "") -> str:
        """Return a sentence if there is one of that key."""
        return self._sentences.get(key, otherwise)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all sentences."""
        return frozenset(self._sentences)


@cache
def wording(language: Language) -> Wording:
    """Return the sentences of a language."""
    sentences: dict[str, str] = {}
    for file in sorted((files("guichet.console") / "words").iterdir(), key=lambda one: one.name):
        if file.name.endswith(f".{language.value}.yaml"):
            sentences |= yaml.load(file.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506  # every scalar a string
    return Wording(language, sentences)
