import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.routing.intent_spelling import Spelling
from guichet.routing.intent_wording import plain_words, stem


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("bjr jvoudrai un rdv pr ma carte svp", "je voudrais un rendez vous pour ma carte"),
        ("Euh, l'acte de NAISSANCE, s'il vous plaît !", "l acte de naissance"),
        ("mé c koi", "mais c est quoi"),
        ("appelle-me", "appelle me"),
        ("le dossier 45127", "le dossier 000"),
        ("à 16 ans", "a 16 ans"),
        ("qqn peu maidé ?", "quelqu un peu maide"),
        ("aujourd’hui", "aujourd hui"),
        ("bonjour madame", ""),
        ("...", ""),
    ],
)
def test_a_text_is_read_in_plain_words(text: str, read: str) -> None:
    assert " ".join(plain_words(text)) == read


@pytest.mark.parametrize("text", ["we want to see the doc", "I can't pay this bill", "tell me a fact"])
def test_english_words_are_not_taken_for_shorthand(text: str) -> None:
    assert "".join(plain_words(text)) == text.replace("'", "").replace(" ", "").lower()


@given(st.text(max_size=60))
def test_reading_plain_words_again_changes_nothing_that_is_a_word(text: str) -> None:
    for word in plain_words(text):
        assert word == word.strip()
        assert "'" not in word


@pytest.mark.parametrize(
    ("one", "other"),
    [("inscription", "inscriptions"), ("frappe", "frapper"), ("poubelle", "poubeles"), ("frape", "frappe")],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=15))
def test_a_stem_is_never_empty_nor_longer_than_its_word(word: str) -> None:
    assert 1 <= len(stem(word)) <= len(word)
    assert stem(word)[0] == word[0]


def test_unknown_words_are_read_as_the_known_ones() -> None:
    spelling = Spelling(["identite", "passeport", "carte", "acte", "d", "poubelle"])
    assert spelling.mend(["didentite"]) == ["d", "identite"]
    assert spelling.mend(["paseport"]) == ["passeport"]
    assert spelling.mend(["carteidentite"]) == ["carte", "identite"]
    assert spelling.mend(["poubele", "zanzibar", "12"]) == ["poubelle", "zanzibar", "12"]


def test_short_words_and_known_words_are_left_alone() -> None:
    spelling = Spelling(["gare", "gares", "feuille"])
    assert spelling.mend(["gaz", "gare", "feu"]) == ["gaz", "gare", "feu"]
