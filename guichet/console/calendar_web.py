"""The page of opening hours as a calendar: a month of the book in force, by line and queue."""

from collections.abc import Callable
from datetime import date

from aiohttp import web

from guichet.console.month import around, counters, month_of
from guichet.console.pages import Pages
from guichet.console.visit import visit_of
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.routing.rule_book import RuleBook

_YEARS = range(1971, 2101)


class CalendarPages:
    """Translates. `book` gives the rule book in force."""

    def __init__(self, book: Callable[[], RuleBook], pages: Pages, clock: Clock) -> None:
        self._book = book
        self._pages = pages
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the route."""
        return [web.get("/rules/calendar", self._month)]

    async def _month(self, request: web.Request) -> web.StreamResponse:
        book = self._book()
        today = self._clock.now().astimezone(book.calendar.zone).date()
        first = _first(request.query.get("month", ""), today)
        known = counters(book)
        wanted = request.query.get("of", "")
        shown = next((one for one in known if one.key == wanted), known[0])
        before, after = around(first)
        return self._pages.page(
            visit_of(request),
            "rule_calendar.html",
            counters=known,
            shown=shown,
            first=first,
            before=before,
            after=after,
            today=today,
            weeks=month_of(shown.hours, book.calendar, first),
            territory=book.calendar.territory.name,
        )


def _first(text: str, today: date) -> date:
    """Read `2026-03`; this month without it. Raises BadInput."""
    if not text:
        return today.replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadInput(f"'{text[:20]}' is no month: write it as 2026-03") from None
    if first.year not in _YEARS:
        raise BadInput(f"the calendar shows the years {_YEARS.start} to {_YEARS.stop - 1}")
    return first
