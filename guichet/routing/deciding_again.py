"""A book that decides past contacts again, each on the grounds of its moment. Pure."""

from datetime import datetime

from guichet.routing.decide import settle
from guichet.routing.decision import Settled
from guichet.routing.hours import Closure
from guichet.routing.past import Past
from guichet.routing.rule_book import RuleBook

_BOOKS = 16
"""Emergency closures for which a book is kept."""


class DecidingAgain:
    """Decides contacts by a book, closed where an emergency closed it then."""

    def __init__(self, book: RuleBook) -> None:
        self.version = book.version
        self._book = book
        self._closed: dict[tuple[tuple[datetime, datetime], ...], RuleBook] = {(): book}

    def decide(self, past: Past) -> Settled:
        """Decide a contact, on the grounds of then."""
        grounds = past.grounds
        return settle(self._at(grounds.closed), grounds.facts, grounds.free, grounds.loads)

    def _at(self, closed: tuple[tuple[datetime, datetime], ...]) -> RuleBook:
        """Return the book with the emergency closures of a moment."""
        known = self._closed.get(closed)
        if known is None:
            if len(self._closed) > _BOOKS:
                self._closed = {(): self._book}
            known = self._closed[closed] = self._book.closed_for(Closure(start, end) for start, end in closed)
        return known
