"""The part `enregistrements` of the rule book."""

from datetime import timedelta

import pytest

from guichet.core.language import Language
from guichet.routing.document import FlawedDocument
from guichet.routing.recording import RecordingRules
from guichet.routing.rule_book import SAMPLE, RuleBook


def rules(text: str) -> RecordingRules:
    return RuleBook.parse(f"{SAMPLE.read_text('utf-8')}\n{text}\n").recordings


def test_rules_of_messages_are_read_in_either_language_of_keys() -> None:
    wanted = RecordingRules(offer=True, longest_minutes=10, keep_days=30)
    assert rules("enregistrements: {proposer: oui, durée: 10 min, garder: 30}") == wanted
    assert rules("recordings: {offer: yes, longest: 10 min, keep: 30}") == wanted
    assert wanted.keeps == timedelta(days=30)
    assert rules("recordings: {offer: yes, keep: no}") == RecordingRules(offer=True)
    assert rules("") == RecordingRules()
    assert RecordingRules().keeps is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{proposer: peut-être}", "ni oui ni non"),
        ("{duree: 2 h}", "au plus 60 min"),
        ("{duree: longtemps}", "durée illisible"),
        ("{garder: toujours}", "nombre de jours"),
        ("{garder: 400}", "nombre de jours"),
        ("{gardez: 3}", "vouliez-vous « garder »"),
    ],
)
def test_what_is_wrong_is_said(text: str, reason: str) -> None:
    with pytest.raises(FlawedDocument) as refused:
        rules(f"enregistrements: {text}")
    assert reason in " ".join(flaw.text.to(Language.FR) for flaw in refused.value.flaws)
