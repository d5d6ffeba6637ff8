"""An example is added where it belongs, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.errors import BadInput, NotFound
from guichet.core.language import Language
from guichet.routing.document import FlawedDocument
from guichet.routing.intent_book import IntentBook, packaged_text
from guichet.routing.intent_editing import LONGEST, add_example

BOOK = """\
# notre livre
matieres:
  cantine:
    titre: {fr: La cantine, en: School meals}
    exemples:
      fr:
        - le menu de la cantine  # dit souvent
        # ajoutés en mai
        - "mon fils ne mange pas à midi"
      en: [school lunch, "the menu"]
  voirie:
    titre: {fr: La rue, en: The street}
    exemples:
      fr:
        - un trou
          dans la route

hors_sujet:
  - quelle heure est-il"""


@pytest.mark.parametrize(
    ("intent", "language", "line"),
    [
        ("cantine", Language.FR, '        - "le petit : mange # mardi"\n'),
        ("cantine", Language.EN, '      en: [school lunch, "the menu", "le petit : mange # mardi"]\n'),
        ("voirie", Language.FR, '        - "le petit : mange # mardi"\n'),
        (None, Language.FR, '  - "le petit : mange # mardi"\n'),
    ],
)
def test_an_example_is_written_behind_the_others(intent: str | None, language: Language, line: str) -> None:
    changed = add_example(BOOK, intent, language, "le petit : mange # mardi")
    assert line in changed
    book = IntentBook.parse(changed)
    texts = book.out_of_scope if intent is None else book.intent(intent).examples[language]
    assert texts[-1] == "le petit : mange # mardi"


def test_all_else_stays_as_it_was() -> None:
    changed = add_example(BOOK, "cantine", Language.FR, "un repas sans viande")
    assert changed.splitlines() == [
        *BOOK.splitlines()[:9],
        '        - "un repas sans viande"',
        *BOOK.splitlines()[9:],
    ]


@pytest.mark.parametrize("intent", [one.name for one in IntentBook.packaged().intents])
def test_every_matter_of_the_sample_book_takes_one(intent: str) -> None:
    changed = IntentBook.parse(add_example(packaged_text(), intent, Language.EN, "a sentence that nobody has said"))
    assert changed.intent(intent).examples[Language.EN][-1] == "a sentence that nobody has said"


@pytest.mark.parametrize(
    ("intent", "example", "error"),
    [
        ("piscine", "nager", NotFound),
        ("cantine", "  ", BadInput),
        ("cantine", "x" * (LONGEST + 1), BadInput),
        ("cantine", "Le Menu de la cantine", BadInput),
        ("voirie", "school lunch", BadInput),
        ("voirie", "quelle heure est-il", BadInput),
        (None, "le menu de la cantine", BadInput),
    ],
)
def test_what_cannot_be_added_is_refused(intent: str | None, example: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        add_example(BOOK, intent, Language.FR, example)


def test_a_matter_without_examples_in_that_language_is_told() -> None:
    with pytest.raises(BadInput, match="no examples in 'en'"):
        add_example(BOOK, "voirie", Language.EN, "a hole in the road")


def test_a_book_that_cannot_be_read_is_told() -> None:
    with pytest.raises(FlawedDocument):
        add_example("matieres: [", "cantine", Language.FR, "le menu")


@given(st.text(min_size=1, max_size=80).filter(lambda text: " ".join(text.split())))
def test_whatever_is_written_is_read_again_as_it_was(example: str) -> None:
    wanted = " ".join(example.split())
    try:
        changed = add_example(BOOK, "cantine", Language.FR, example)
    except BadInput:
        return
    assert IntentBook.parse(changed).intent("cantine").examples[Language.FR][-1] == wanted
