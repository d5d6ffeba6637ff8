"""The part `masques` of the rule book."""

import pytest

from guichet.core.language import Bilingual, Language
from guichet.routing.document import FlawedDocument
from guichet.routing.rule_book import SAMPLE, RuleBook
from guichet.transcripts.redaction.own import OwnPattern


def book(masks: str) -> RuleBook:
    return RuleBook.parse(f"{SAMPLE.read_text('utf-8')}\n{masks}\n")


def test_masks_are_read_in_either_language_of_keys() -> None:
    french = """
masques:
  - nom: {fr: numéro de bac, en: bin number}
    forme: b 9999
    après: [bac, Poubelle]
  - nom: {fr: foyer, en: shelter}
    mots: [foyer des Mimosas]
"""
    english = french.replace("masques", "masks").replace("nom:", "name:").replace("forme", "shape")
    english = english.replace("après", "after").replace("mots", "words")
    for text in (french, english):
        assert book(text).masks == (
            OwnPattern(
                Bilingual("numéro de bac", "bin number"), shapes=("B9999",), after=frozenset({"bac", "poubelle"})
            ),
            OwnPattern(Bilingual("foyer", "shelter"), said=("foyer des Mimosas",)),
        )
    assert RuleBook.load().masks == ()


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        ("{forme: B 9999}", "il manque « nom »"),
        ("{nom: {fr: bac, en: bin}}", "il faut « forme » ou « mots »"),
        ("{nom: bac, forme: B 9999}", "deux langues"),
        ("{nom: {fr: 'bac 2', en: bin}, forme: B 9999}", "sans chiffre ni crochet"),
        ("{nom: {fr: bac, en: bin}, forme: '9999'}", "de 3 à 30 signes"),
        ("{nom: {fr: bac, en: bin}, forme: AAAAA}", "un chiffre au moins"),
        ("{nom: {fr: bac, en: bin}, forme: 'B.*9999'}", "sans accent"),
        ("{nom: {fr: bac, en: bin}, mots: [a]}", "trois lettres"),
        ("{nom: {fr: bac, en: bin}, forme: B 9999, apres: [mon bac]}", "un seul mot"),
        ("{nom: {fr: bac, en: bin}, form: B 9999}", "vouliez-vous « forme »"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(mask: str, reason: str) -> None:
    with pytest.raises(FlawedDocument) as refused:
        book(f"masques:\n  - {mask}")
    assert reason in " ".join(flaw.text.to(Language.FR) for flaw in refused.value.flaws)
    assert all(flaw.line > 100 for flaw in refused.value.flaws)
