"""A YAML document read as text: every scalar is a string, every error names its line and column. Pure.

PyYAML's `compose()` gives the nodes without guessing types, so that 0612345678 keeps its zero and `no` is a word.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import yaml

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.core.text import without_accents
from guichet.routing.suggestions import SAME, meant, nearest
from guichet.routing.yaml_faults import explain

T = TypeVar("T")
D = TypeVar("D")

_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C where PyYAML was built with it: five times faster, same nodes."""


class _TextLoader(_FASTEST):  # type: ignore[misc]  # chosen when it runs
    """A loader that does not wonder whether a scalar looks like a number or a date: all are text here."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:  # noqa: ARG002  # PyYAML's signature
        """Return the same tag for all: nobody here looks at tags."""
        return "tag:yaml.org,2002:str"


_DEEPEST = 50
"""Levels of nesting that nobody needs to exceed."""
_DEEP = 2000
"""Levels that every machine composes safely."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong in a document: line and column count from 1."""

    line: int
    column: int
    text: Bilingual

    def __str__(self) -> str:
        """Say where and what, in English (French through `text`)."""
        return f"line {self.line}, column {self.column}: {self.text.en}"


class FlawedDocument(BadInput):
    """A document that cannot be used, with all that was found wrong in it."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("\n".join(str(flaw) for flaw in flaws))
        self.flaws = tuple(flaws)


class Flaws:
    """Gathers what is wrong in a document, so that its author is told everything at once."""

    def __init__(self) -> None:
        self.found: list[Flaw] = []

    def add(self, flaw: Flaw) -> None:
        """Note a flaw and go on."""
        self.found.append(flaw)

    def attempt(self, read: Callable[[], T], default: D) -> T | D:
        """Return what `read` gives; when it raises FlawedDocument, note its flaws and return the default."""
        try:
            return read()
        except FlawedDocument as error:
            self.found.extend(error.flaws)
            return default

    def check(self) -> None:
        """Raise FlawedDocument with all flaws in the document's order, if there are any."""
        if self.found:
            raise FlawedDocument(sorted(set(self.found), key=lambda flaw: (flaw.line, flaw.column)))


@lru_cache(maxsize=4096)
def key_name(text: str) -> str:
    """Fold a key or keyword as people write it: `Un des` and `un_des`, `règles` and `regles` are the same."""
    shown = text if text.isprintable() else "".join(letter for letter in text if letter.isprintable() or letter == "\t")
    return "_".join(re.split(r"[\s_'’-]+", without_accents(shown.strip())))


class Item:
    """A node of the document. Asking it for the wrong shape raises FlawedDocument at its place."""

    def __init__(self, node: yaml.Node) -> None:
        self._node = node

    @property
    def node(self) -> yaml.Node:
        """The node itself, for who changes the text: it knows where it begins and ends."""
        return self._node

    @property
    def line(self) -> int:
        """Line, from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def column(self) -> int:
        """Column, from 1."""
        return int(self._node.start_mark.column) + 1

    def flaw(self, fr: str, en: str) -> Flaw:
        """Say what is wrong here."""
        return Flaw(self.line, self.column, Bilingual(fr, en))

    def wrong(self, fr: str, en: str) -> FlawedDocument:
        """Make the error for what is wrong here."""
        return FlawedDocument([self.flaw(fr, en)])

    @property
    def is_text(self) -> bool:
        """Whether it is a scalar."""
        return isinstance(self._node, yaml.ScalarNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a sequence."""
        return isinstance(self._node, yaml.SequenceNode)

    def text(self) -> str:
        """Return the scalar as written, without spaces around."""
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.wrong("il faut ici un texte simple", "a plain text is expected here")
        return str(self._node.value).strip()

    def parsed(self, parse: Callable[[str], T], fr: str, en: str) -> T:
        """Return the scalar through `parse`; its ValueError or BadInput becomes this flaw."""
        try:
            return parse(self.text())
        except (ValueError, BadInput) as error:
            if isinstance(error, FlawedDocument):
                raise
            raise self.wrong(fr, en) from error

    def items(self) -> "list[Item]":
        """Return the elements of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.wrong("il faut ici une liste (lignes commençant par « - »)", "a list is expected here ('- ...')")
        return [Item(node) for node in self._node.value]

    def pairs(self, flaws: Flaws | None = None) -> "Iterator[tuple[Item, Item]]":
        """Yield (key, value) of a mapping; a key given twice is a flaw, noted in `flaws` where they are given."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong("il faut ici des lignes « clé: valeur »", "'key: value' lines are expected here")
        seen: dict[str, int] = {}
        for key_node, value_node in self._node.value:
            key = Item(key_node)
            name = key.text()
            if name in seen:
                flaw = key.flaw(
                    f"la clé « {name} » est déjà donnée ligne {seen[name]} ; gardez-en une seule",
                    f"the key '{name}' is given on line {seen[name]} already; keep one of them",
                )
                if flaws is None:
                    raise FlawedDocument([flaw])
                flaws.add(flaw)
                continue
            seen[name] = key.line
            yield key, Item(value_node)

    def fields(self, known: Mapping[str, str], flaws: Flaws | None = None) -> "dict[str, Item]":
        """Return the mapping's values by canonical name; `known` gives the canonical name of each accepted key.

        Both languages' keys may be in `known` (`{"horaires": "hours", "hours": "hours"}`); accents, capitals and
        spaces do not matter. An unknown key is refused with the nearest known one; when `flaws` is given, it is noted
        there and the other keys are read all the same.
        """
        noted = Flaws()
        found: dict[str, Item] = {}
        mistyped: dict[str, Item] = {}
        for key, value in self.pairs(noted):
            name = key.text()
            canonical = known.get(name) or known.get(key_name(name))
            if canonical is None:
                noted.add(key.unknown(name, known, Bilingual("clé inconnue", "unknown key")))
                near = nearest(key_name(name), known, SAME)
                mistyped.update({} if near is None else {known[near]: value})
            elif canonical in found:
                noted.add(
                    key.flaw(
                        f"« {name} » répète une autre clé ; gardez-en une seule",
                        f"'{name}' repeats another key; keep one of them",
                    )
                )
            else:
                found[canonical] = value
        if flaws is None:
            noted.check()
        else:
            flaws.found.extend(noted.found)
        # A key that is mistyped is told as such alone, not as one that is missing too.
        return {**mistyped, **found}

    def unknown(self, word: str, known: "Mapping[str, object] | Collection[str]", what: Bilingual) -> Flaw:
        """Say that a word is none of those known, with the nearest of them or, where none is near, all."""
        said = meant(key_name(word), known)
        return self.flaw(f"{what.fr} « {word} »{said.fr}", f"{what.en} '{word}'{said.en}")

    def one_of(self, known: Mapping[str, T], what: Bilingual) -> T:
        """Return the meaning of a keyword; accents, capitals and spaces do not matter."""
        word = self.text()
        if word in known:
            return known[word]
        folded = key_name(word)
        if folded not in known:
            raise FlawedDocument([self.unknown(word, known, what)])
        return known[folded]


def _refuse_loops(root: yaml.Node) -> None:
    """Refuse what YAML can write but nobody means here: aliases (`*name`), which can loop or swell for ever."""
    seen: set[int] = set()
    heap = [root]
    while heap:
        node = heap.pop()
        if isinstance(node, yaml.ScalarNode):
            continue
        if id(node) in seen:
            raise Item(node).wrong(
                "les renvois YAML (*nom) ne sont pas admis ; recopiez ce qui doit être répété",
                "YAML aliases (*name) are not accepted; write out again what is to be repeated",
            )
        seen.add(id(node))
        for child in node.value:
            heap.extend(child if isinstance(child, tuple) else (child,))


def _refuse_depth(text: str) -> None:
    """Refuse a document nested so deep that composing it would exhaust the stack (the loader in C would crash)."""
    # No document is deeper than its brackets and twice its widest line: most need no closer look.
    widest = max(map(len, text.splitlines()), default=0)
    if text.count("[") + text.count("{") + 2 * widest < _DEEP:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_TextLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 1
            said = Bilingual(
                "le document est trop profondément imbriqué ; il manque sans doute des crochets fermants",
                "the document is nested too deep; closing brackets are missing, no doubt",
            )
            raise FlawedDocument([Flaw(line, 1, said)])


def read(text: str) -> Item:
    """Compose a document. Raises FlawedDocument for what is no YAML, or nothing at all."""
    try:
        _refuse_depth(text)
        node = yaml.compose(text, Loader=_TextLoader)
    except yaml.YAMLError as error:
        raise FlawedDocument([Flaw(*explain(error, text))]) from error
    if node is None:
        raise FlawedDocument(
            [
                Flaw(
                    1,
                    1,
                    Bilingual(
                        "le document est vide ; il faut des lignes « clé: valeur »",
                        "the document is empty; it holds 'key: value' lines",
                    ),
                )
            ]
        )
    if "*" in text:
        _refuse_loops(node)
    return Item(node)
