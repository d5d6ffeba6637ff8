"""Reads what an administration masks besides what is always masked: the part `masques` of the rule book. Pure."""

from dataclasses import dataclass
from functools import partial

from guichet.core.language import Bilingual
from guichet.core.text import words
from guichet.routing.document import Flaws, Item
from guichet.routing.name_reader import keys, needed
from guichet.routing.text_reader import bilingual
from guichet.transcripts.redaction.own import OwnPattern, plain_shape

_MASK = keys(name="nom", shape="forme", words="mots", after="apres")
MOST = 50
_SHORTEST, _LONGEST = 3, 30
_SHORTEST_ALONE = 5
"""Signs that a shape has at least; without a word that announces it, more."""
_LONGEST_NAME = 60
_UNNAMED = Bilingual("?", "?")


@dataclass(frozen=True, slots=True)
class MaskReader:
    """Reads patterns; notes every flaw and gives what could be read."""

    flaws: Flaws

    def read(self, item: Item | None) -> tuple[OwnPattern, ...]:
        """Read them all."""
        if item is None:
            return ()
        items = self.flaws.attempt(item.items, [])
        if len(items) > MOST:
            self.flaws.add(item.flaw(f"pas plus de {MOST} masques", f"no more than {MOST} masks"))
        return tuple(map(self._one, items))

    def _one(self, item: Item) -> OwnPattern:
        attempt = self.flaws.attempt
        fields = attempt(lambda: item.fields(_MASK, self.flaws), {})
        name = attempt(lambda: _name(needed(item, fields, "name", "nom")), _UNNAMED)
        after = attempt(lambda: _after(fields.get("after")), frozenset[str]())
        shortest = _SHORTEST if after else _SHORTEST_ALONE
        shapes = tuple(attempt(partial(_shape, one, shortest), "") for one in _each(fields.get("shape")))
        said = tuple(attempt(partial(_said, one), "") for one in _each(fields.get("words")))
        if not shapes and not said:
            self.flaws.add(item.flaw("il faut « forme » ou « mots »", "'shape' or 'words' is needed"))
        return OwnPattern(name, shapes, said, after)


def _each(item: Item | None) -> list[Item]:
    """Return one thing or a list of them as a list."""
    return [] if item is None else item.items() if item.is_list else [item]


def _name(item: Item) -> Bilingual:
    """Read a name: it stands in transcripts, between brackets."""
    name = bilingual(item)
    for text in (name.fr, name.en):
        if len(text) > _LONGEST_NAME or any(sign.isdigit() or sign in "[]{}\n" for sign in text):
            raise item.wrong(
                f"un nom a au plus {_LONGEST_NAME} signes, sans chiffre ni crochet",
                f"a name has at most {_LONGEST_NAME} signs, no digit and no bracket",
            )
    return name


def _shape(item: Item, shortest: int) -> str:
    """Read a shape."""
    shape = plain_shape(item.text()).upper()
    if not shape.isascii() or not shape.isalnum():
        raise item.wrong(
            "une forme s'écrit avec des chiffres et des lettres sans accent : 9 pour un chiffre, A pour une lettre",
            "a shape is written in digits and plain letters: 9 for a digit, A for a letter",
        )
    if not shortest <= len(shape) <= _LONGEST or not any(sign.isdigit() for sign in shape):
        raise item.wrong(
            f"une forme a de {_SHORTEST} à {_LONGEST} signes, un chiffre au moins ; {_SHORTEST_ALONE} sans « apres »",
            f"a shape has {_SHORTEST} to {_LONGEST} signs, one a digit; without 'after', {_SHORTEST_ALONE} at least",
        )
    return shape


def _said(item: Item) -> str:
    """Read words."""
    text = item.text()
    if sum(map(len, words(text))) < _SHORTEST:
        raise item.wrong("il faut au moins trois lettres", "three letters at least are needed")
    return text


def _after(item: Item | None) -> frozenset[str]:
    """Read the words one of which must stand before."""
    found = set[str]()
    for one in _each(item):
        own = words(one.text())
        if len(own) != 1:
            raise one.wrong("il faut ici un seul mot", "one word is expected here")
        found.update(own)
    return frozenset(found)
