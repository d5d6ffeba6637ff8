"""What a draft changes is seen before it is published."""

from dataclasses import replace

import pytest

from guichet.core.language import Bilingual, Language
from guichet.routing.intent import DANGER
from guichet.routing.intent_book import Intent, IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.intent_trial import trial

MEALS = ("le menu de la cantine", "inscrire mon fils à la cantine", "la cantine du mercredi", "payer la cantine")
STREET = ("un trou dans la route", "un lampadaire cassé dans la rue", "la route est abîmée", "un trou dans la rue")
HELP = ("au secours il y a le feu", "il y a le feu chez moi", "au secours il me frappe", "ça sent le gaz au secours")
ELSEWHERE = ("quelle heure est-il", "quel temps demain", "raconte une blague", "qui a gagné le match")


def intent(name: str, *texts: str) -> Intent:
    return Intent(name, Bilingual(name, name), {Language.FR: texts})


BOOK = IntentBook((intent("cantine", *MEALS), intent("voirie", *STREET), intent(DANGER, *HELP)), ELSEWHERE)


@pytest.fixture(scope="module")
def matcher() -> IntentMatcher:
    return IntentMatcher.train(BOOK)


def test_the_same_book_changes_nothing(matcher: IntentMatcher) -> None:
    found = trial(matcher, IntentMatcher.train(BOOK), ["le menu de la cantine", "bonjour"])
    assert found.before == found.after
    assert not found.mended
    assert not found.spoilt
    assert not found.texts


def test_every_example_is_judged_without_itself(matcher: IntentMatcher) -> None:
    lonely = replace(BOOK, intents=(*BOOK.intents, intent("piscine", "les bassins de natation")))
    (alone,) = [one for one in IntentMatcher.train(lonely).unseen() if one.wanted == "piscine"]
    assert alone.found != "piscine"
    assert [one.wanted for one in matcher.unseen()].count(None) == len(ELSEWHERE)


def test_a_text_that_was_not_understood_is_so_with_examples_like_it(matcher: IntentMatcher) -> None:
    more = (*MEALS, "le petit mange plus le mardi", "il mange plus le jeudi", "mon petit mange pas le lundi")
    draft = replace(BOOK, intents=(intent("cantine", *more), *BOOK.intents[1:]))
    found = trial(matcher, IntentMatcher.train(draft), ["le petit mange pas le jeudi", "il pleut"])
    assert [(one.before, one.after) for one in found.texts] == [(None, "cantine")]
    assert found.after.examples == found.before.examples + 3
    assert found.as_data()["texts"][0]["text"] == "le petit mange pas le jeudi"


def test_an_example_put_where_it_does_not_belong_spoils_others(matcher: IntentMatcher) -> None:
    wrong = intent("voirie", *STREET, *(text.replace("la cantine", "cantine") for text in MEALS))
    draft = replace(BOOK, intents=(BOOK.intents[0], wrong, BOOK.intents[2]))
    found = trial(matcher, IntentMatcher.train(draft))
    assert found.after.accuracy is not None
    assert found.before.accuracy is not None
    assert found.after.accuracy < found.before.accuracy
    assert {(one.text, one.after) for one in found.spoilt} >= {(text, "voirie") for text in MEALS}
