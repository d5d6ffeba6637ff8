import pytest

from guichet.core.language import Bilingual
from guichet.routing.agent_rules import PAUSES, AgentRules
from guichet.routing.document import FlawedDocument
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_differences import differences
from tests.routing.books import book_with

BOOK = book_with("")
BASE = RuleBook.parse(BOOK)


def written(rules: str) -> RuleBook:
    return RuleBook.parse(f"{BOOK}\n{rules}\n")


def test_a_book_that_says_nothing_of_agents_has_the_usual_rules() -> None:
    assert BASE.agents == AgentRules()
    assert BASE.agents.pauses == PAUSES


def test_rules_of_agents_are_read_in_both_languages() -> None:
    french = written(
        "agents: {apres_appel: 90 s, prolongation: 3 min, sans_reponse: 3, prevenir: non,"
        " pauses: [{fr: Repas, en: Lunch}]}"
    )
    english = written(
        "agents: {wrap_up: 90 s, extension: 3 min, unanswered: 3, text_absent: no, pauses: [{fr: Repas, en: Lunch}]}"
    )
    assert french.agents == english.agents == AgentRules(90, 180, 3, (Bilingual("Repas", "Lunch"),), text_absent=False)
    assert written("agents: {apres_appel: aucun}").agents.wrap_up_seconds == 0


@pytest.mark.parametrize(
    ("rules", "flaw"),
    [
        ("agents: {apres_appel: bientôt}", "write '30 s' or '2 min'"),
        ("agents: {apres_appel: 2 h}", "an hour at most"),
        ("agents: {sans_reponse: 0}", "from 1 to 10"),
        ("agents: {pauses: [Repas]}", "two languages"),
        ("agents: {prevenir: peut-être}", "neither yes nor no"),
        ("agents: {apres: 30 s}", "did you mean 'apres_appel'"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(rules: str, flaw: str) -> None:
    with pytest.raises(FlawedDocument, match=flaw) as refused:
        written(rules)
    assert refused.value.flaws[0].line > BOOK.count("\n")


def test_a_reason_is_found_in_either_language_without_accents() -> None:
    rules = AgentRules()
    assert rules.pause("reunion") == rules.pause("MEETING") == Bilingual("Réunion", "Meeting")
    assert rules.pause("sieste") is None


def test_a_change_of_these_rules_is_told() -> None:
    told = [one.fr for one in differences(BASE, written("agents: {apres_appel: 2 min}"))]
    assert told == ["agents : après l'appel : 30 secondes → 2 minutes"]
