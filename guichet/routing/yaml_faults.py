"""What is wrong with a text that is no YAML, told to those who do not know YAML: where, what, the way out. Pure.

The reader notices some mistakes lines later than they were made: a quote that is not closed is told where it opens.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from guichet.core.language import Bilingual

_KEY_WITHOUT_SPACE = re.compile(r"(?:- )?[\w' -]+:[^\s/]")
_SPACES = re.compile(r"[^\S \t\r\n]")
"""White space that is no plain space: the no-break space that word processors put."""

_TAB = Bilingual(
    "une tabulation est au début de la ligne ; remplacez-la par des espaces",
    "there is a tab at the start of the line; replace it with spaces",
)
_ODD_SPACE = Bilingual(
    "une espace insécable est au début de la ligne ; remplacez-la par des espaces ordinaires",
    "there is a no-break space at the start of the line; replace it with plain spaces",
)
_INDENT = Bilingual(
    "le retrait de cette ligne ne va avec aucune ligne au-dessus ; alignez-la avec celles du même niveau",
    "the indentation of this line fits no line above; align it with those of its level",
)
_DEEPER = Bilingual(
    "cette ligne est plus en retrait que celle du dessus, qui a déjà sa valeur ; alignez-les",
    "this line is indented deeper than the one above, which has its value already; align them",
)
_COLON = Bilingual(
    'un texte qui contient « : » se met entre guillemets : "…"', "a text that contains ': ' goes into quotes: \"…\""
)
_NO_COLON = Bilingual(
    "après une clé il faut deux-points puis une espace : « langue: fr »",
    "a key is followed by a colon and a space: 'language: fr'",
)
_QUOTE = Bilingual("ce guillemet n'est pas refermé", "this quote is not closed")
_BEHIND_QUOTE = Bilingual(
    "rien ne suit un texte entre guillemets ; mettez tout le texte entre guillemets (à l'intérieur, \\\" ou «  »)",
    'nothing follows a text in quotes; put the whole text into quotes (inside, write \\")',
)
_BRACKET = Bilingual("« {sign} » n'est pas refermé par « {other} »", "'{sign}' is not closed by '{other}'")
_COMMA = Bilingual(
    "il manque une virgule entre deux éléments, ou des guillemets autour d'un texte",
    "a comma is missing between two elements, or quotes around a text",
)
_START = Bilingual(
    'un texte ne commence pas par « {sign} » ; mettez-le entre guillemets : "…"',
    "a text does not begin with '{sign}'; put it into quotes: \"…\"",
)
_CONTROL = Bilingual(
    "un caractère invisible (U+{code}) est ici ; effacez-le et retapez le mot",
    "there is an invisible character (U+{code}) here; delete it and type the word again",
)
_SECOND = Bilingual(
    "un second document commence ici (« --- ») ; un livre n'en a qu'un, retirez cette ligne",
    "a second document begins here ('---'); a book has one only, take this line out",
)
_OTHER = Bilingual(
    "ligne illisible ({problem}) ; comparez ses deux-points, tirets, retrait et guillemets avec ses voisines",
    "this line cannot be read ({problem}); compare its colons, dashes, indentation and quotes with those around",
)

Told = tuple[int, int, Bilingual]
"""Line and column, from 1, and what is wrong."""


@dataclass(frozen=True, slots=True)
class _At:
    """Where the reader has stopped: line and column from 0, and where what it was reading began."""

    lines: list[str]
    line: int
    column: int
    begun: yaml.Mark

    @property
    def text(self) -> str:
        """The line."""
        return self.lines[self.line]

    @property
    def before(self) -> str:
        """What stands before on the line."""
        return self.text[: self.column]


def explain(error: yaml.YAMLError, text: str) -> Told:
    """Return what is wrong, and where."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _unmarked(error, text)
    lines = text.splitlines() or [""]
    problem = str(getattr(error, "problem", ""))
    at = _At(lines, min(mark.line, len(lines) - 1), mark.column, getattr(error, "context_mark", None) or mark)
    said = _OTHER.format(problem=problem)
    guesses = (*_of_start(at), *_of_signs(at, problem, str(getattr(error, "context", ""))), *_of_lines(at, problem))
    return next(iter(guesses), (at.line + 1, at.column + 1, said))


def _unmarked(error: yaml.YAMLError, text: str) -> Told:
    """Tell what the reader of letters refuses: it gives a place in the text, or in its bytes."""
    at = next((at for at, letter in enumerate(text) if not _may_be_read(letter)), None)
    if at is None:
        return 1, 1, _OTHER.format(problem=str(error).splitlines()[0])
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n"), _CONTROL.format(code=f"{ord(text[at]):04X}")


def _may_be_read(letter: str) -> bool:
    code = ord(letter)
    return letter in "\t\n\r\x85" or 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or code >= 0xE000


def _of_start(at: _At) -> Iterator[Told]:
    """Yield what stands before a line that is none of a document's: tabs, spaces of word processors."""
    for near in sorted({at.line - 1, at.line, at.begun.line} & set(range(len(at.lines)))):
        yield from _odd_start(near, at.lines[near])


def _of_signs(at: _At, problem: str, context: str) -> Iterator[Told]:
    """Yield what quotes, brackets and other signs may have done."""
    if "document" in problem and at.text.startswith("---"):
        yield at.line + 1, 1, _SECOND
    if "quoted scalar" in context:
        yield at.begun.line + 1, at.begun.column + 1, _QUOTE
    if "flow" in context:
        yield from _in_brackets(at)
    if "cannot start" in problem and at.column < len(at.text):
        yield at.line + 1, at.column + 1, _START.format(sign=at.text[at.column])


def _of_lines(at: _At, problem: str) -> Iterator[Told]:
    """Yield what colons and indentation may have done."""
    if "mapping values" in problem:
        is_second = ": " in at.before or at.before.strip().startswith(('"', "'"))
        yield at.line + 1, at.column + 1, _COLON if is_second else _DEEPER
    if "expected ':'" in problem:
        yield from _without_colon(at.lines, at.begun, at.line)
    if at.before.rstrip().endswith(('"', "'")):
        yield at.line + 1, at.column + 1, _BEHIND_QUOTE
    if "did not find expected" in problem:
        yield at.line + 1, at.column + 1, _INDENT


def _odd_start(at: int, line: str) -> Iterator[Told]:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        yield at + 1, indent.index("\t") + 1, _TAB
    elif odd := _SPACES.search(indent):
        yield at + 1, odd.start() + 1, _ODD_SPACE


def _in_brackets(at: _At) -> Iterator[Told]:
    """Tell a bracket that is not closed on its line or before the next key, else what is wrong inside."""
    begun = at.begun
    rest = at.lines[begun.line][begun.column :] if begun.line < len(at.lines) else ""
    sign = rest[:1]
    other = {"[": "]", "{": "}"}.get(sign)
    if other and rest.count(sign) > rest.count(other) and at.line != begun.line:
        yield begun.line + 1, begun.column + 1, _BRACKET.format(sign=sign, other=other)
    is_behind = at.before.rstrip().endswith(('"', "'"))
    yield at.line + 1, at.column + 1, _BEHIND_QUOTE if is_behind else _COMMA


def _without_colon(lines: list[str], begun: yaml.Mark, at: int) -> Iterator[Told]:
    """Tell a key whose colon is missing, or has no space behind it: on its own line, not on the next one."""
    for near in dict.fromkeys((begun.line, at - 1, at)):
        line = lines[near] if 0 <= near < len(lines) else ""
        if line.strip() and (_KEY_WITHOUT_SPACE.match(line.lstrip()) or ":" not in line):
            yield near + 1, len(line) - len(line.lstrip()) + 1, _NO_COLON
    yield begun.line + 1, begun.column + 1, _NO_COLON
