"""The rules of holding: read in two languages, decided with, told in words."""

import pytest

from guichet.routing.decide import decide_with, settle
from guichet.routing.decision import Outcome
from guichet.routing.document import FlawedDocument
from guichet.routing.hold_rules import HoldRules, Load, why_not
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_differences import differences
from tests.routing.books import BOOK, book_with, facts

TO_AGENT = "- {nom: agent, si: {veut_agent: oui}, alors: agent}"
FULL, ROOM, EMPTY = Load(agents=1, holding=9, minutes=30), Load(agents=1), Load(agents=0)


def book(hold: str = "", other: str = "") -> RuleBook:
    """Read a book whose front desk, and social services, hold people so."""
    text = BOOK.replace("demandes: [agent_humain]", f"demandes: [agent_humain]{hold}")
    return RuleBook.parse(book_with(TO_AGENT, text.replace("priorite: 5,", f"priorite: 5{other},")))


OVERFLOWS = ", attente: {debordement: {vers: social, personnes: 9}}"


def test_the_rules_of_holding_are_read_in_both_languages() -> None:
    french = ", attente: {au_plus: 10 min, fond: silence, ecoute: non, debordement: {vers: social, agents_presents: 2,"
    french += " personnes: 5, attente_prevue: 15 min, apres: 3 min}}"
    english = ", hold: {longest: 10 min, sound: silence, voice: no, overflow: {to: social, agents: 2, most: 5,"
    english += " wait: 15 min, after: 3 min}}"
    expected = HoldRules(10, music=False, voice=False, to="social", agents=2, most=5, wait_minutes=15, after_minutes=3)
    assert book(french).queues["accueil"].hold == book(english).queues["accueil"].hold == expected
    assert book().queues["accueil"].hold == HoldRules()


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        ("{au_plus: 5 h}", "de 1 minute à 2 heures"),
        ("{fond: jazz}", "fond sonore inconnu"),
        ("{ecoute: peut-etre}", "ni oui ni non"),
        ("{debordement: {vers: jardins}}", "déborde vers « jardins » : il faut une autre file"),
        ("{debordement: {vers: accueil}}", "déborde vers « accueil » : il faut une autre file"),
        ("{debordement: {apres: 5 min}}", "il manque « vers »"),
        ("{debordement: {vers: social, personnes: 0}}", "un nombre va de 1 à 1000"),
        ("{debordement: {vers: social, personnes: beaucoup}}", "un nombre va de 1 à 1000"),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(hold: str, said: str) -> None:
    with pytest.raises(FlawedDocument) as caught:
        book(f", attente: {hold}")
    assert any(said in flaw.text.fr for flaw in caught.value.flaws), caught.value.flaws


@pytest.mark.parametrize(
    ("rules", "load", "has_room"),
    [
        (HoldRules(), ROOM, True),
        (HoldRules(), EMPTY, False),
        (HoldRules(agents=2), ROOM, False),
        (HoldRules(most=9), FULL, False),
        (HoldRules(most=10), FULL, True),
        (HoldRules(wait_minutes=29), FULL, False),
        (HoldRules(wait_minutes=30), FULL, True),
        (HoldRules(wait_minutes=1), ROOM, True),
    ],
)
def test_a_queue_has_room_by_agents_by_length_and_by_wait(rules: HoldRules, load: Load, *, has_room: bool) -> None:
    assert (why_not(rules, load) is None) is has_room


@pytest.mark.parametrize(
    ("loads", "outcome", "queue"),
    [
        ({}, Outcome.AGENT, "accueil"),
        ({"accueil": ROOM, "social": EMPTY}, Outcome.AGENT, "accueil"),
        ({"accueil": FULL, "social": ROOM}, Outcome.AGENT, "social"),
        ({"accueil": EMPTY, "social": ROOM}, Outcome.AGENT, "social"),
        ({"accueil": FULL, "social": EMPTY}, Outcome.CALLBACK, "accueil"),
    ],
)
def test_who_finds_no_room_overflows_and_the_decision_says_why(
    loads: dict[str, Load], outcome: Outcome, queue: str
) -> None:
    known = facts("agent_humain", wants_agent=True)
    decision = decide_with(book(OVERFLOWS), known, {"accueil"}, loads)
    assert (decision.outcome, decision.queue, decision.priority) == (outcome, queue, 0)
    settled = settle(book(OVERFLOWS), known, {"accueil"}, loads)
    assert (settled.outcome, settled.queue) == (outcome, queue)
    has_moved = bool(loads) and (outcome, queue) != (Outcome.AGENT, "accueil")
    assert any("file « accueil »" in why.fr for why in decision.because) is has_moved
    assert (decision.answer is not None) is (outcome is Outcome.CALLBACK)


def test_queues_that_overflow_to_each_other_end_in_a_callback() -> None:
    both = book(OVERFLOWS, ", attente: {debordement: {vers: accueil, personnes: 9}}")
    decision = decide_with(
        both, facts("agent_humain", wants_agent=True), {"accueil"}, {"accueil": FULL, "social": FULL}
    )
    assert decision.outcome is Outcome.CALLBACK


def test_nobody_overflows_to_a_queue_that_is_closed() -> None:
    to_night = ", attente: {debordement: {vers: astreinte, personnes: 9}}"
    loads = {"accueil": FULL, "astreinte": ROOM}
    decision = decide_with(book(to_night), facts("agent_humain", wants_agent=True), {"accueil"}, loads)
    assert decision.outcome is Outcome.CALLBACK
    assert any("elle est fermée" in why.fr for why in decision.because)


def test_a_change_of_how_people_hold_is_told_in_words() -> None:
    told = " ".join(change.fr for change in differences(book(), book(OVERFLOWS)))
    assert "déborde vers" in told
    assert "9 personnes en ligne" in told
