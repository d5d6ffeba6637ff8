import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.routing.intent_book import IntentBook
from guichet.routing.tell_language import tell_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("je voudrais un acte de naissance", Language.FR),
        ("bjr jvoudrai 1 rdv svp", Language.FR),
        ("I need a birth certificate", Language.EN),
        ("there's a fire", Language.EN),
        ("au secours", Language.FR),
        ("help", Language.EN),
        ("oui", Language.FR),
        ("yes", Language.EN),
        ("12 34 56", None),
        ("", None),
        ("Dupont", None),
        ("agent", None),
    ],
)
def test_the_language_is_told_where_the_words_tell_it(text: str, language: Language | None) -> None:
    assert tell_language(text) == language


@pytest.mark.parametrize("language", list(Language))
def test_nearly_every_example_of_the_sample_book_tells_its_language(language: Language) -> None:
    texts = [text for intent in IntentBook.packaged().intents for text in intent.examples[language]]
    told = [tell_language(text) for text in texts]
    assert told.count(language) / len(told) > 0.96
    assert sum(one is not None and one != language for one in told) / len(told) < 0.01


@given(st.text(max_size=80))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert tell_language(text) in {Language.FR, Language.EN, None}
