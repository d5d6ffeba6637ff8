import pytest

from guichet.console.answers import Measured
from guichet.console.wording import wording
from guichet.core.language import Language
from guichet.routing.texting import Price
from guichet.sms.drafting import draft

FRENCH, ENGLISH = wording(Language.FR), wording(Language.EN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * 160, "1 SMS, encore 0 caractères."),
        ("a" * 161, "2 SMS, encore 145 caractères dans le dernier."),
        ("Reçu à l’accueil", "1 SMS, encore 54 caractères."),
        ("ç" * 71, "2 SMS, encore 63 caractères dans le dernier."),
        ("l’été", "1 SMS, encore 155 caractères."),
    ],
)
def test_a_text_is_told_as_it_is_sent(text: str, said: str) -> None:
    assert Measured(draft(text)).in_words(FRENCH) == said


def test_nothing_written_takes_nothing() -> None:
    assert Measured(None).in_words(ENGLISH) == "Empty message."
    assert Measured(None).dear_in_words(ENGLISH) == ""


def test_the_price_and_what_makes_it_dearer_are_told() -> None:
    told = Measured(draft("ça va " * 20, Price(72_500, "EUR")))
    assert "0,145 EUR" in told.in_words(FRENCH)
    assert "0.145" in told.in_words(ENGLISH)
    assert told.dear_in_words(FRENCH).endswith(": ç")
    assert Measured(draft("bonjour")).dear_in_words(FRENCH) == ""
