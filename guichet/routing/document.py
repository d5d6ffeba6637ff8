"""A YAML document read as text: every scalar is a string, every error names its line and column. Pure.

PyYAML's `compose()` gives the nodes without guessing types, so that 0612345678 keeps its zero and `no` is a word.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import yaml
from rapidfuzz import process

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual

T = TypeVar("T")


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


class Item:
    """A node of the document. Asking it for the wrong shape raises FlawedDocument at its place."""

    def __init__(self, node: yaml.Node) -> None:
        self._node = node

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

    def pairs(self) -> "Iterator[tuple[Item, Item]]":
        """Yield (key, value) of a mapping; a key given twice is a flaw."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong("il faut ici des lignes « clé: valeur »", "'key: value' lines are expected here")
        seen: set[str] = set()
        for key_node, value_node in self._node.value:
            key = Item(key_node)
            name = key.text()
            if name in seen:
                raise key.wrong(f"la clé « {name} » est donnée deux fois", f"the key '{name}' is given twice")
            seen.add(name)
            yield key, Item(value_node)

    def fields(self, known: dict[str, str]) -> "dict[str, Item]":
        """Return the mapping's values by canonical name; `known` gives the canonical name of each accepted key.

        Both languages' keys may be in `known` (`{"horaires": "hours", "hours": "hours"}`). An unknown key is refused
        with the nearest known one.
        """
        found: dict[str, Item] = {}
        for key, value in self.pairs():
            name = key.text()
            canonical = known.get(name)
            if canonical is None:
                near = process.extractOne(name, list(known))
                hint = near[0] if near else "…"
                raise key.wrong(
                    f"clé inconnue « {name} » ; vouliez-vous « {hint} » ?",
                    f"unknown key '{name}'; did you mean '{hint}'?",
                )
            if canonical in found:
                raise key.wrong(f"« {name} » répète une autre clé", f"'{name}' repeats another key")
            found[canonical] = value
        return found


def read(text: str) -> Item:
    """Compose a document. Raises FlawedDocument for what is no YAML, or nothing at all."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or "unreadable"
        raise FlawedDocument(
            [Flaw(line, column, Bilingual(f"YAML illisible : {what}", f"not YAML: {what}"))]
        ) from error
    if node is None:
        raise FlawedDocument([Flaw(1, 1, Bilingual("le document est vide", "the document is empty"))])
    return Item(node)
