import pytest

from guichet.console.answers import measured, packaged
from guichet.console.wording import wording
from guichet.core.language import Language
from guichet.sms.parts import Encoding


@pytest.mark.parametrize("name", sorted(packaged()))
@pytest.mark.parametrize("language", Language)
def test_the_texts_of_the_package_fit_one_cheap_part(name: str, language: Language) -> None:
    text = packaged()[name].filled(language, {"reference": "K7-4QX9", "matter": "acte de naissance"})
    told = measured(text, 0.08)
    assert (told.parts.encoding, told.parts.count, told.spoils, told.price) == (Encoding.GSM7, 1, [], 0.08)
    assert "K7-4QX9" in text


@pytest.mark.parametrize(
    ("text", "parts", "left", "spoils"),
    [
        ("", 1, 160, []),
        ("a" * 160, 1, 0, []),
        ("a" * 161, 2, 145, []),
        ("Reçu à l’accueil", 1, 54, ["ç"]),
        ("ç" * 71, 2, 63, ["ç"]),
        ("l’été", 1, 155, []),
    ],
)
def test_a_text_is_measured_as_it_is_sent(text: str, parts: int, left: int, spoils: list[str]) -> None:
    told = measured(text, 0.0)
    assert (told.parts.count, told.left, told.spoils, told.price) == (parts, left, spoils, None)


def test_the_price_is_written_as_people_write_it() -> None:
    told = measured("a" * 200, 0.0798)
    assert told.in_words(wording(Language.FR)) == "2 SMS, encore 106 caractères dans le dernier. Environ 0,16 €."
    assert told.in_words(wording(Language.EN)) == "2 parts, 106 characters left in the last. About €0.16."
    assert "ç" in measured("ça", 0).spoils_in_words(wording(Language.FR))
