import pytest

from guichet.sms.not_that import refuses_both, says_not_that
from guichet.transcripts.spoken.taken_back import takes_back


@pytest.mark.parametrize(
    "text",
    [
        "non, pas ça",
        "non c'est pas ça",
        "ce n'est pas cela",
        "je me suis trompé",
        "je me suis trompée de demande",
        "excusez-moi je me trompe",
        "vous vous trompez",
        "vous avez mal compris",
        "ce n'est pas ce que j'ai demandé",
        "c'est pas pour ça",
        "mauvaise touche",
        "non non pas ça c'est pour la cantine",
        "that's not it",
        "no, that is not what I asked",
        "not that",
        "I made a mistake",
        "sorry, wrong button",
        "you misunderstood",
        "it isn't that",
    ],
)
def test_what_was_understood_is_taken_back(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "non",
        "no",
        "non merci",
        "c'est tout",
        "c'est pas la peine",
        "ce n'est pas grave",
        "that's it",
        "that's all",
        "it is not urgent",
        "je n'ai pas ça",
        "la mairie s'est trompée dans mon nom",
        "vous vous êtes trompés dans le calcul de ma facture",
        "il y a une erreur sur ma facture",
        "c'est pas sa date de naissance",
        "ça ne va pas",
    ],
)
def test_other_words_take_nothing_back(text: str) -> None:
    assert not takes_back(text)


@pytest.mark.parametrize(
    "text", ["non c pa ca", "jme suis trompé", "NON C PAS ÇA", "dsl jme sui trompé", "wrong one sorry"]
)
def test_shorthand_takes_back_too(text: str) -> None:
    assert says_not_that(text)


@pytest.mark.parametrize(
    "text", ["non", "aucun des deux", "ni l'un ni l'autre", "3", "neither", "autre chose", "pas ça"]
)
def test_both_of_two_may_be_refused(text: str) -> None:
    assert refuses_both(text)


@pytest.mark.parametrize("text", ["1", "le premier", "ok", "merci", "la cantine", ""])
def test_other_answers_refuse_neither(text: str) -> None:
    assert not refuses_both(text)
