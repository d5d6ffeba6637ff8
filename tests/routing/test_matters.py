"""What the intent book adds to decisions: answers of matters, and their priorities."""

import pytest

from guichet.core.language import Bilingual
from guichet.routing.decide import decide
from guichet.routing.decision import Outcome
from guichet.routing.document import FlawedDocument
from guichet.routing.intent_book import IntentBook
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_warnings import warnings
from tests.routing.books import BOOK, book_with, facts, read

INTENTS = IntentBook.parse("""\
matieres:
  aide_sociale:
    titre: {fr: Aide, en: Help}
    exemples: {fr: [une aide]}
    reponse: {fr: "Venez {horaires}.", en: "Come {hours}."}
    priorite: 30
  elections:
    titre: {fr: Elections, en: Elections}
    exemples: {fr: [voter]}
    priorite: -100
""")
ANSWERS = "- {nom: Réponses, si: {demande: [aide_sociale, elections], veut_agent: non}, alors: reponse}"


def test_a_rule_that_answers_without_a_text_takes_that_of_the_intent_book() -> None:
    decision = decide(read(ANSWERS).knowing(INTENTS), facts("aide_sociale"))
    assert (decision.outcome, decision.rule) == (Outcome.ANSWER, "Réponses")
    assert decision.answer is not None
    assert decision.answer.fr.startswith("Venez du lundi au vendredi de 8 heures 30")
    assert decision.answer.en.startswith("Come Monday to Friday from 8:30 am")


def test_a_matter_without_an_answer_becomes_a_callback_and_says_why() -> None:
    decision = decide(read(ANSWERS).knowing(INTENTS), facts("elections"))
    assert decision.outcome is Outcome.CALLBACK
    assert "the intent book has no answer to this matter: a callback" in [one.en for one in decision.because]


def test_a_rules_own_text_is_what_is_said() -> None:
    book = read("- {nom: A, si: {demande: aide_sociale}, alors: reponse, reponse: {fr: Oui., en: Yes.}}")
    assert decide(book.knowing(INTENTS), facts("aide_sociale")).answer == Bilingual("Oui.", "Yes.")


def test_a_priority_is_added_to_that_of_the_queue_and_stays_within_bounds() -> None:
    book = read("- {nom: A, si: {canal: sms}, alors: rappel, priorite: 7}")
    assert decide(book, facts("aide_sociale")).priority == 5
    assert decide(book.knowing(INTENTS), facts("aide_sociale")).priority == 35
    assert decide(book.knowing(INTENTS), facts("elections")).priority == 0
    assert decide(book.knowing(INTENTS), facts("aide_sociale", channel="sms")).priority == 7


@pytest.mark.parametrize(
    "rules", ["- {nom: A, si: {canal: sms}, alors: reponse}", "- {nom: A, si: {aucun: [{demande: x}]}, alors: reponse}"]
)
def test_an_answer_for_any_matter_needs_a_text(rules: str) -> None:
    with pytest.raises(FlawedDocument, match="the intent book gives it where the rule names its matters"):
        read(rules)
    with pytest.raises(FlawedDocument, match="the text of the answer is missing"):
        RuleBook.parse(book_with("", BOOK).replace("{alors: rappel, file", "{alors: reponse, file"))


def test_an_answer_that_nobody_has_written_is_a_warning() -> None:
    (found,) = warnings(read(ANSWERS), answered=["aide_sociale"])
    assert "which has no answer to 'elections'" in found.text.en


def test_an_emergency_message_without_its_numbers_is_a_warning() -> None:
    written = "messages: {urgence: {fr: appelez le 112, en: call 112 or text 114}}\n"
    (found,) = warnings(
        RuleBook.parse(written + book_with("- {nom: T, si: {demande: x}, alors: rappel, file: astreinte}"))
    )
    assert found.text.en == "the emergency message does not give 114 in both languages"
