from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.callbacks.joining import new_request
from guichet.callbacks.request import Request
from guichet.callbacks.windows import counter_hours, may_ring, next_window
from guichet.callbacks.zones import home_of
from guichet.core.phone import PhoneNumber
from guichet.routing.hours import is_open
from guichet.routing.rule_book import RuleBook
from tests.callbacks.world import BOOK, NOON, book, demand

MORNING = datetime(2026, 3, 4, 7, tzinfo=UTC)


def asked(number: str | None = "+33612345678", **changes: Any) -> Request:
    return new_request(demand(number=PhoneNumber(number) if number else None, **changes), NOON)


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+33612345678", "Europe/Paris"),
        ("+262692123456", "Indian/Reunion"),
        ("+262639012345", "Indian/Mayotte"),
        ("+590690123456", "America/Guadeloupe"),
        ("+596696123456", "America/Martinique"),
        ("+594694123456", "America/Cayenne"),
        ("+508551234", "America/Miquelon"),
        ("+687751234", "Pacific/Noumea"),
        ("+68987123456", "Pacific/Tahiti"),
        ("+447700900123", "Europe/London"),
        ("+12125550123", "Europe/Paris"),
    ],
)
def test_a_number_tells_the_clock_of_its_owner(number: str, zone: str) -> None:
    assert home_of(PhoneNumber(number), book().calendar).zone.key == zone


def test_a_number_of_metropolitan_france_seen_from_overseas_keeps_its_own_clock() -> None:
    island = RuleBook.parse("territoire: la_reunion\n" + BOOK)
    home = home_of(PhoneNumber("+33612345678"), island.calendar)
    assert (home.zone.key, home.territory.region) == ("Europe/Paris", "FR")


@pytest.mark.parametrize(
    ("number", "moment", "opens"),
    [
        ("+33612345678", NOON, NOON),
        ("+33612345678", NOON + timedelta(hours=6), MORNING),
        ("+33612345678", datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        # At 8 in Paris it is 3 in Guadeloupe, where 8 o'clock is 13 in Paris.
        ("+590690123456", MORNING, datetime(2026, 3, 4, 12, tzinfo=UTC)),
        ("+262692123456", datetime(2026, 3, 3, 16, 30, tzinfo=UTC), MORNING),
        (None, NOON, NOON),
    ],
)
def test_nobody_is_called_but_while_the_counter_is_open_and_at_a_decent_hour_of_theirs(
    number: str | None, moment: datetime, opens: datetime
) -> None:
    assert next_window(book(), asked(number), moment) == opens


def test_hours_that_never_meet_are_no_window() -> None:
    night = RuleBook.parse(BOOK.replace("8:00-18:00", "8:00-9:00"))
    assert next_window(night, asked("+590690123456"), NOON) is None


def test_the_queues_own_hours_come_before_the_lines() -> None:
    text = BOOK.replace("horaires:\n", "horaires:\n  matin: {mardi: 9:00-10:00}\n")
    text = text.replace("nom: accueil, numero", "nom: accueil, horaires: guichet, numero")
    own = RuleBook.parse(text.replace("nom: social,", "nom: social, horaires: matin,"))
    assert counter_hours(own, asked(queue="social")).name == "matin"
    assert counter_hours(own, asked(queue="gone")).name == "guichet"


@given(
    st.sampled_from(["+33612345678", "+590690123456", "+687751234", "+262692123456"]),
    st.integers(0, 365 * 24 * 60),
)
def test_a_window_is_open_for_both_and_not_in_the_past(number: str, minutes: int) -> None:
    moment, request = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), asked(number)
    opens = next_window(book(), request, moment)
    assert opens is not None
    assert opens >= moment
    assert is_open(counter_hours(book(), request), book().calendar, opens)
    assert may_ring(book(), request, opens)
