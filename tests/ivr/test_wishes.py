import pytest

from guichet.core.language import Language
from guichet.ivr import wishes
from guichet.ivr.dangers import advice, kinds_of_danger


@pytest.mark.parametrize(
    "text",
    [
        "un agent",
        "Agent",
        "je voudrais parler à quelqu'un",
        "un conseiller s'il vous plaît",
        "je veux un agent",
        "a person",
        "an agent please",
        "i want to speak to someone",
        "can i talk to a real person",
        "operator",
    ],
)
def test_a_wish_for_a_person_is_understood(text: str) -> None:
    assert wishes.wants_agent(text)


@pytest.mark.parametrize(
    "text",
    [
        "je cherche l'agence de l'eau",
        "ma mère est une personne âgée",
        "l'aide à la personne",
        "i lost my passport in person",
        "jean lagent",
        "personne ne me répond",
        "",
    ],
)
def test_other_words_are_no_wish_for_a_person(text: str) -> None:
    assert not wishes.wants_agent(text)


@pytest.mark.parametrize("text", ["non, pas ça", "non", "ce n'est pas ça", "that's not it", "no", "vous vous trompez"])
def test_a_correction_is_understood(text: str) -> None:
    assert wishes.is_correction(text)


@pytest.mark.parametrize("text", ["Noémie Martin", "jean nonnet", "lea martin"])
def test_a_name_is_no_correction(text: str) -> None:
    assert not wishes.is_correction(text)


@pytest.mark.parametrize(
    ("text", "place"), [("le premier", 0), ("la deuxième", 1), ("one", 0), ("two", 1), ("deux", 1), ("un acte", None)]
)
def test_a_choice_is_understood_by_its_place(text: str, place: int | None) -> None:
    assert wishes.chosen_place(text) == place


def test_a_language_is_understood_by_its_name_in_a_short_text() -> None:
    assert wishes.asked_language("english please") is Language.EN
    assert wishes.asked_language("en français s'il vous plaît") is Language.FR
    assert wishes.asked_language("je voudrais inscrire mon fils au cours d'anglais du soir") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ça sent le gaz", "18"),
        ("there is a fire", "18"),
        ("mon mari me frappe", "39 19"),
        ("je veux mourir", "31 14"),
        ("i have nowhere to sleep", "115"),
        ("il ne respire plus", "15"),
        ("au secours", "31 14"),
    ],
)
def test_danger_gets_the_number_that_fits_after_112_and_114(text: str, number: str) -> None:
    for words in (advice(kinds_of_danger(text)).fr, advice(kinds_of_danger(text)).en):
        assert "112" in words
        assert "114" in words
        assert number in words
