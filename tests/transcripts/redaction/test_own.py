"""What an administration masks besides: shapes, written and dictated, and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Bilingual, Language
from guichet.transcripts.heard import Heard, Word
from guichet.transcripts.redact import mask, mask_text, without_labels
from guichet.transcripts.redaction.known import Known
from guichet.transcripts.redaction.own import OwnPattern, plain_shape

FR, EN = Language.FR, Language.EN
BIN = OwnPattern(Bilingual("numéro de bac", "bin number"), shapes=(plain_shape("B 9999"),))
BADGE = OwnPattern(Bilingual("badge", "badge"), shapes=("999A",), after=frozenset({"badge"}))
SHELTER = OwnPattern(Bilingual("foyer", "shelter"), said=("foyer des Mimosas", "l'Abri-Côtier"))
OWN = Known(own=(BIN, BADGE, SHELTER))


@pytest.mark.parametrize(
    ("language", "said", "stored"),
    [
        (FR, "mon bac B4521 est cassé", "mon bac [masqué : numéro de bac] est cassé"),
        (FR, "le bac b-45 21, merci", "le bac [masqué : numéro de bac], merci"),
        (FR, "c'est le b quarante-cinq vingt et un", "c'est le [masqué : numéro de bac]"),
        (FR, "bé quatre mille", "[masqué : numéro de bac]"),
        (FR, "b comme berthe quatre cinq deux un", "[masqué : numéro de bac]"),
        (FR, "be quarante cinq vingt et un", "[masqué : numéro de bac]"),
        (FR, "mon badge c'est 512 k", "mon badge c'est [masqué : badge]"),
        (FR, "mon badge cinq cent douze k", "mon badge [masqué : badge]"),
        (FR, "je vis au Foyer des mimosas", "je vis au [masqué : foyer]"),
        (FR, "à l abri côtier depuis hier", "à [masqué : foyer] depuis hier"),
        (EN, "bin b four five two one", "bin [masked: bin number]"),
        (EN, "badge five one two k please", "badge [masked: badge] please"),
        (FR, "appelez le 06 12 34 56 78", "appelez le [téléphone]"),
    ],
)
def test_shapes_and_words_are_found_written_and_dictated(language: Language, said: str, stored: str) -> None:
    assert mask_text(said, language, OWN) == stored


def test_a_shape_is_not_cut_out_of_a_longer_number() -> None:
    four = Known(own=(OwnPattern(Bilingual("code", "code"), shapes=("9999",)),))
    assert mask_text("au 06 12 34 56 78", FR, four) == "au [téléphone]"
    assert mask_text("au zéro six douze trente quatre cinquante six soixante dix huit", FR, four) == "au [téléphone]"
    assert mask_text("code 4512 ok", FR, four) == "code [masqué : code] ok"


def test_words_keep_their_time_and_what_is_masked_stays_so_without_the_patterns() -> None:
    words = tuple(
        Word(word, n, n + 1, 0.5)
        for n, word in enumerate(["bac", "b", "quarante", "cinq", "vingt", "et", "un", "merci"])
    )
    heard = mask(Heard(FR, "bac b quarante cinq vingt et un merci", words), known=OWN)
    assert heard.text == "bac [masqué : numéro de bac] merci"
    assert [(word.text, word.start, word.end) for word in heard.words] == [
        ("bac", 0, 1),
        ("[masqué : numéro de bac]", 1, 7),
        ("merci", 7, 8),
    ]
    assert mask(heard) == heard
    assert without_labels(heard.text) == "bac merci"


@given(st.text(alphabet="b B4521 -foyerdsmi'àkun vingt", max_size=60), st.sampled_from(Language))
def test_masking_again_changes_nothing(text: str, language: Language) -> None:
    masked = mask_text(text, language, OWN)
    assert mask_text(masked, language, OWN) == masked
