"""How long things are kept, as the rule book says."""

from datetime import timedelta

import pytest

from guichet.routing.document import FlawedDocument
from guichet.routing.retention import Retention
from guichet.routing.rule_book import RuleBook
from tests.routing.books import book_with


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", Retention()),
        ("conservation: {paroles: 90, personnes: 1095}", Retention(timedelta(days=90), timedelta(days=1095))),
        ("retention: {words: 90, people: always, jobs: 7}", Retention(timedelta(days=90), None, timedelta(days=7))),
        ("conservation: {paroles: toujours}", Retention()),
    ],
)
def test_periods_are_read(text: str, kept: Retention) -> None:
    assert RuleBook.parse(f"{book_with('')}\n{text}").retention == kept


@pytest.mark.parametrize(
    "text",
    [
        "conservation: {paroles: 0}",
        "conservation: {paroles: beaucoup}",
        "conservation: {paroles: 90, personnes: 30}",
        "conservation: {mots: 90}",
    ],
)
def test_what_is_no_period_is_told(text: str) -> None:
    with pytest.raises(FlawedDocument):
        RuleBook.parse(f"{book_with('')}\n{text}")
