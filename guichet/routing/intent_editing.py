"""Adding an example to the text of an intent book, so that all else stays as it was written, comments too. Pure."""

import json

import yaml

from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.routing.document import read
from guichet.routing.intent_book import BOOK_KEYS, INTENT_KEYS, LANGUAGE_KEYS, IntentBook

LONGEST = 300
"""Characters of an example at most: what is longer is no sentence that a citizen says again."""


def add_example(text: str, intent: str | None, language: Language, example: str) -> str:
    """Return the text of the book with one more example, of a matter or (None) of what is none, as the last one.

    Raises NotFound where the book has no such matter, BadInput for an example that cannot be one or is there already,
    FlawedDocument where the book cannot be read.
    """
    example = " ".join(example.split())
    if not example or len(example) > LONGEST:
        raise BadInput(f"an example is a sentence of at most {LONGEST} characters")
    _refuse_known(IntentBook.parse(text), intent, example)
    changed = _with_line(text, _list_of(text, intent, language), example)
    # What was written is read again: an edit that would spoil the book is refused before anybody sees it.
    IntentBook.parse(changed)
    return changed


def _refuse_known(book: IntentBook, intent: str | None, example: str) -> None:
    """Raise NotFound for an unknown matter, BadInput for an example that is in the book."""
    if intent is not None:
        book.intent(intent)
    for known in book.intents:
        if example.casefold() in {one.casefold() for one in known.texts()}:
            raise BadInput(f"this is an example of '{known.name}' already")
    if example.casefold() in {one.casefold() for one in book.out_of_scope}:
        raise BadInput("this is an example of what is no matter already")


def _list_of(text: str, intent: str | None, language: Language) -> yaml.SequenceNode:
    """Find the list that an example belongs to. Raises BadInput where the book has none yet."""
    fields = read(text).fields(BOOK_KEYS)
    if intent is None:
        found = fields.get("out_of_scope")
    else:
        values = {key.text(): value for key, value in fields["intents"].pairs()}
        examples = values[intent].fields(INTENT_KEYS)["examples"].fields(LANGUAGE_KEYS)
        found = examples.get(language.value)
    node = found.node if found else None
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        where = f"'{intent}' has no examples in '{language.value}'" if intent else "the book has no 'out_of_scope'"
        raise BadInput(f"{where} yet: write the first one by hand")
    return node


def _with_line(text: str, held: yaml.SequenceNode, example: str) -> str:
    """Write the example behind the last one of a list, in its style; quoted, so that no sign means anything."""
    written = json.dumps(example, ensure_ascii=False)
    last = held.value[-1]
    if held.flow_style:
        place = _offset(text, last.end_mark)
        return f"{text[:place]}, {written}{text[place:]}"
    lines = text.splitlines(keepends=True)
    indent = " " * held.start_mark.column
    # A plain scalar ends where it was read to; a line of its own is what follows the last line that holds any of it.
    end = last.start_mark.line if last.start_mark.line == last.end_mark.line else _last_line(lines, last)
    if not lines[end].endswith("\n"):
        lines[end] += "\n"
    lines.insert(end + 1, f"{indent}- {written}\n")
    return "".join(lines)


def _last_line(lines: list[str], last: yaml.Node) -> int:
    """Return the line on which a scalar of several lines ends: its end mark may stand on the line after."""
    end = min(int(last.end_mark.line), len(lines) - 1)
    return end - 1 if last.end_mark.column == 0 or end >= len(lines) else end


def _offset(text: str, mark: yaml.Mark) -> int:
    """Return the place in a text of a line and column."""
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: mark.line])) + int(mark.column)
