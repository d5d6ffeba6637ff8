"""When somebody may be called back: while their counter is open, at a decent hour of their own clock. Pure."""

from datetime import datetime

from guichet.callbacks.request import Request
from guichet.callbacks.zones import home_of
from guichet.core.phone import PhoneNumber
from guichet.routing.hours import Calendar, Hours, is_open, next_opening
from guichet.routing.rule_book import RuleBook

_MOST_STEPS = 100
"""Openings looked at: the counter's and the citizen's hours must meet within them (a month or two)."""


def counter_hours(book: RuleBook, request: Request) -> Hours:
    """Return the hours of who serves a request: those of its queue, else of the line."""
    queue = book.queues.get(request.queue)
    line = book.line(request.line) or book.lines[0]
    return queue.hours if queue is not None and queue.hours is not None else line.hours


def home_calendar(book: RuleBook, request: Request) -> Calendar:
    """Return the calendar of where the citizen lives, as far as the number to call them at tells."""
    number = request.calls_at
    return home_of(number, book.calendar) if number is not None else book.calendar


def next_window(book: RuleBook, request: Request, moment: datetime) -> datetime | None:
    """Return the first moment from that one on when the request may be called back, in UTC; None: no such moment."""
    hours = counter_hours(book, request)
    home = home_calendar(book, request)
    at: datetime | None = moment
    for _ in range(_MOST_STEPS):
        counter = next_opening(hours, book.calendar, at) if at is not None else None
        at = next_opening(book.calling.hours, home, counter) if counter is not None else None
        if at is None or at == counter:
            return at
    return None


def quiet_until(book: RuleBook, number: PhoneNumber, moment: datetime) -> datetime | None:
    """Return when a text that can wait may go to a number, in UTC, if it may not go at that moment.

    It waits for a decent hour of a working day where its owner lives: the hours in which they may be called. Where
    there is none in sight, nothing is gained by waiting.
    """
    at = next_opening(book.calling.hours, home_of(number, book.calendar), moment)
    return at if at is not None and at > moment else None


def may_ring(book: RuleBook, request: Request, moment: datetime) -> bool:
    """Say whether it is a decent hour where the citizen lives, whatever the counter does: for texts that can wait."""
    return is_open(book.calling.hours, home_calendar(book, request), moment)
