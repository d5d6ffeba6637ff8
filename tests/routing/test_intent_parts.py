import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.routing.intent import DANGER
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.intent_parts import parts_of


@pytest.fixture(scope="module")
def matcher() -> IntentMatcher:
    return IntentMatcher.train(IntentBook.packaged())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("un passeport et aussi la cantine", ("un passeport", "la cantine")),
        ("la cantine, puis un passeport", ("la cantine", "puis un passeport")),
        ("my bin. And a passport", ("my bin", "And a passport")),
        ("un passeport", ()),
        ("Je suis sourde, je veux un acte de naissance", ()),
        ("I'm deaf and I need a passport and the canteen", ("I need a passport", "the canteen")),
        ("a, b, c, d, e, f", ()),
        ("", ()),
    ],
)
def test_a_sentence_is_cut_at_its_joints(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts


@given(st.text())
def test_parts_are_never_one_nor_many_nor_blank(text: str) -> None:
    parts = parts_of(text)
    assert len(parts) in {0, 2, 3, 4}
    assert all(part.strip() for part in parts)


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        (
            "je voudrais refaire ma carte d'identité et inscrire mon fils à la cantine",
            {"identite_titre", "cantine_periscolaire"},
        ),
        ("je dois payer une facture et aussi un acte de naissance", {"paiement_facture", "etat_civil_acte"}),
        ("I need a passport and I want to get rid of my old sofa", {"identite_titre", "dechets_encombrants"}),
    ],
)
def test_two_matters_in_one_sentence_are_both_kept(matcher: IntentMatcher, text: str, matters: set[str]) -> None:
    found = matcher.match([text])
    assert {found.intent, *found.also} == matters


@pytest.mark.parametrize(
    "text",
    [
        "un acte de naissance et de mariage",
        "carte d'identité et passeport",
        "bonjour, je voudrais un passeport, merci",
        "mon fils et ma fille vont à l'école",
    ],
)
def test_one_matter_said_at_length_stays_one(matcher: IntentMatcher, text: str) -> None:
    assert matcher.match([text]).also == ()


def test_danger_comes_before_the_other_matter(matcher: IntentMatcher) -> None:
    found = matcher.match(["je voudrais un passeport et il y a une fuite de gaz chez moi"])
    assert found.intent == DANGER
    assert "identite_titre" in found.also


@pytest.mark.parametrize(
    "text",
    [
        "il fait froid",
        "j'ai chaud",
        "je voudrais un rendez-vous chez le dentiste",
        "rendez-vous chez le coiffeur demain",
        "prendre rdv avec mon garagiste",
    ],
)
def test_weather_and_others_appointments_are_no_matter(matcher: IntentMatcher, text: str) -> None:
    assert matcher.match([text]).intent is None


@pytest.mark.parametrize("text", ["on dort dehors et il fait froid", "mon bébé a froid on est à la rue"])
def test_cold_in_the_street_is_danger(matcher: IntentMatcher, text: str) -> None:
    assert matcher.match([text]).intent == DANGER
