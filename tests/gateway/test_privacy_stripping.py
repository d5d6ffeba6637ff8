"""What is taken out of a decision file."""

from typing import Any

from guichet.gateway.privacy.stripping import anonymous, without_person, without_words

WHY = [{"fr": "prénom entendu « ines »", "en": "given name heard “ines”", "weight": 3.0}]
FILE: dict[str, Any] = {
    "heard": "je m'appelle ines",
    "turns": [{"turn": 1, "asked": "matter", "by": "speech", "heard": "je m'appelle ines", "confidence": 0.9}],
    "intent": {"intent": "apa", "score": 0.9, "because": ["ines"]},
    "citizen": {
        "certainty": "check",
        "candidates": [{"id": "cit_1", "score": 0.5, "because": WHY}, {"id": "cit_2", "score": 0.4, "because": WHY}],
    },
    "mandate": {"standing": "mandate", "role": "relative", "helper": "cit_1", "helper_name": "Inès"},
    "undone": [{"at": "2026", "by": "awa", "from": "cit_1", "to": None}],
    "decision": {"outcome": "callback"},
    "grounds": {"now": "2026"},
    "sms": {"misses": 0},
}


def test_without_words_nothing_said_is_left_and_who_and_what_are() -> None:
    kept = without_words(FILE)
    assert "ines" not in str(kept)
    assert kept["turns"] == [{"turn": 1, "asked": "matter", "by": "speech", "confidence": 0.9}]
    assert [one["id"] for one in kept["citizen"]["candidates"]] == ["cit_1", "cit_2"]
    assert kept["decision"] == FILE["decision"]


def test_anonymous_is_matter_decision_and_grounds() -> None:
    assert anonymous(FILE) == {
        "decision": {"outcome": "callback"},
        "grounds": {"now": "2026"},
        "intent": {"intent": "apa", "score": 0.9},
        "mandate": {"standing": "mandate", "role": "relative"},
        "anonymous": True,
    }


def test_a_person_is_taken_out_of_the_file_of_another() -> None:
    kept = without_person(FILE, "cit_1")
    assert "cit_1" not in str(kept)
    assert kept["heard"] == FILE["heard"]
    assert [one["id"] for one in kept["citizen"]["candidates"]] == ["cit_2"]


def test_an_empty_file_stays_empty() -> None:
    assert without_words({}) == without_person({}, "cit_1") == {}
    assert anonymous({}) == {"anonymous": True}
