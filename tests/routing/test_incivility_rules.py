import pytest

from guichet.core.language import Bilingual
from guichet.routing.document import FlawedDocument
from guichet.routing.incivility_rules import IncivilityRules, Sequel
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_differences import differences
from tests.routing.books import book_with

BOOK = book_with("")
BASE = RuleBook.parse(BOOK)


def written(rules: str) -> RuleBook:
    return RuleBook.parse(f"{BOOK}\n{rules}\n")


def test_rules_of_incivility_are_read_in_both_languages() -> None:
    assert BASE.incivility == IncivilityRules()
    french = written(
        "incivilites: {avertissement: {fr: Stop., en: Stop.}, garder: 10, suite: superviseur, superviseurs: social,"
        " apaisement: 2 h}"
    )
    english = written(
        "incivility: {warning: {fr: Stop., en: Stop.}, keep: 10, then: supervisor, supervisors: social, calm: 2 h}"
    )
    told = IncivilityRules(Bilingual("Stop.", "Stop."), 10, Sequel.SUPERVISOR, "social", 120)
    assert french.incivility == english.incivility == told


@pytest.mark.parametrize(
    ("rules", "flaw"),
    [
        ("incivilites: {garder: 0}", "from 1 to 365"),
        ("incivilites: {suite: rien}", "unknown sequel"),
        ("incivilites: {suite: superviseur}", "'supervisors'"),
        ("incivilites: {superviseurs: jardins}", "unknown queue"),
        ("incivilites: {avertissement: Stop}", "two languages"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(rules: str, flaw: str) -> None:
    with pytest.raises(FlawedDocument, match=flaw):
        written(rules)


def test_a_change_of_these_rules_is_told() -> None:
    told = [one.fr for one in differences(BASE, written("incivilites: {garder: 10}"))]
    assert told == ["incivilités : signalement gardé : 30 jours → 10 jours"]
