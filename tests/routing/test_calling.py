import pytest

from guichet.core.language import Bilingual
from guichet.routing.calling import ANNOUNCE, DELAYS, POLITE_HOURS, CallRules, Missed
from guichet.routing.document import FlawedDocument
from guichet.routing.rule_book import RuleBook
from guichet.routing.slot_rules import Planned, SlotRules
from tests.callbacks.world import BOOK

RULES = """
rappels:
  horaires: guichet
  essais: 3
  delais:
    occupe: [3 min, 10 min]
    sans_reponse: 1 h
    repondeur: 2 h
  repondeur:
    fr: La mairie a cherché à vous joindre. Elle vous rappellera.
    en: The town hall has tried to reach you. It will call again.
  annonce: {fr: La mairie vous rappelle., en: The town hall is calling you back.}
  preavis: 10 min
"""


def test_a_book_without_them_has_the_usual_rules() -> None:
    rules = RuleBook.parse(BOOK).calling
    assert rules == CallRules()
    assert (rules.hours, rules.on_machine, rules.announce) == (POLITE_HOURS, None, ANNOUNCE)


def test_the_rules_of_callbacks_are_read() -> None:
    book = RuleBook.parse(BOOK + RULES)
    rules = book.calling
    assert (rules.hours, rules.most_tries, rules.notice_minutes) == (book.hours["guichet"], 3, 10)
    assert rules.delays[Missed.BUSY] == (3, 10)
    assert rules.delays[Missed.NO_ANSWER] == (60,)
    assert rules.delays[Missed.MACHINE] == (120,)
    assert rules.delays[Missed.CUT] == DELAYS[Missed.CUT]
    assert rules.announce == Bilingual("La mairie vous rappelle.", "The town hall is calling you back.")
    assert rules.on_machine is not None


@pytest.mark.parametrize(
    "text", ["rappels: {repondeur: rien, preavis: aucun}", "callbacks: {machine: nothing, notice: none}"]
)
def test_a_machine_may_be_told_nothing_and_nobody_be_warned(text: str) -> None:
    rules = RuleBook.parse(BOOK + text).calling
    assert (rules.on_machine, rules.notice_minutes) == (None, 0)


@pytest.mark.parametrize(
    "text",
    ["essais: 0", "essais: beaucoup", "horaires: jamais", "delais: {occupe: bientôt}", "preavis: tard", "rein: 1"],
)
def test_what_is_wrong_is_told_with_its_place(text: str) -> None:
    with pytest.raises(FlawedDocument) as told:
        RuleBook.parse(f"{BOOK}rappels:\n  {text}\n")
    assert told.value.flaws[0].line == BOOK.count("\n") + 2


def test_the_packaged_book_says_who_calls() -> None:
    assert "Valmont-sur-Lise" in RuleBook.load().calling.announce.fr


def test_slots_are_read_with_who_is_planned_for_them() -> None:
    text = """
rappels:
  creneaux:
    duree: 30 min
    appel: 10 min
    presence:
      - {file: social, horaires: guichet, agents: 3}
"""
    book = RuleBook.parse(BOOK + text)
    planned = (Planned("social", book.hours["guichet"], 3),)
    assert book.calling.slots == SlotRules(30, 10, planned)
    assert book.calling.slots.plans("etat_civil") == ()
    assert RuleBook.parse(BOOK + "callbacks: {slots: none}").calling.slots.minutes == 0
    assert RuleBook.parse(BOOK + "callbacks: {slots: {length: 10 min}}").calling.slots == SlotRules(10, 10)


@pytest.mark.parametrize(
    "text",
    [
        "{duree: 35 min}",
        "{duree: 1 min}",
        "{duree: 15 min, appel: 30 min}",
        "{presence: [{file: nulle_part, horaires: guichet, agents: 1}]}",
        "{presence: [{file: social, horaires: jamais, agents: 1}]}",
        "{presence: [{file: social, horaires: guichet, agents: beaucoup}]}",
        "{presence: [{file: social, horaires: guichet, agents: -1}]}",
        "{presence: [{file: social, horaires: guichet}]}",
        "{presence: 2}",
        "beaucoup",
    ],
)
def test_slots_that_cannot_be_are_told_with_their_place(text: str) -> None:
    with pytest.raises(FlawedDocument) as told:
        RuleBook.parse(f"{BOOK}rappels:\n  creneaux: {text}\n")
    assert [flaw.line for flaw in told.value.flaws] == [BOOK.count("\n") + 2]
