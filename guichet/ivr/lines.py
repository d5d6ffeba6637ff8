"""The script of a line at a moment, made from the rule book and remembered for a minute. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.script import Script
from guichet.routing.closing import closed_message, opening_told
from guichet.routing.hours import is_open
from guichet.routing.rule import Line
from guichet.routing.rule_book import RuleBook
from guichet.routing.urgent import Urgent, as_one

REMEMBERED = timedelta(minutes=1)


class Scripts:
    """Gives scripts: `scripts(line, moment, book)`; `book` is the one in force where none is given.

    `hears` says for which languages there is a recogniser, `has_room` whether it takes one more turn now: when it does
    not, the script hears nothing, so that keys are offered at once. `matters` gives the names of intents where the
    installation has names of its own; `urgent` gives the urgent messages of a line. A number that is no line of the
    book is served as the first line.
    """

    def __init__(
        self,
        book: Callable[[], RuleBook],
        hears: Callable[[Language], bool],
        languages: tuple[Language, ...] = tuple(Language),
        matters: Callable[[], Mapping[str, Bilingual]] = dict,
        has_room: Callable[[], bool] = lambda: True,
        urgent: Callable[[PhoneNumber], tuple[Urgent, ...]] = lambda _line: (),
    ) -> None:
        self._book = book
        self._hears = hears
        self._languages = languages
        self._matters = matters
        self._has_room = has_room
        self._urgent = urgent
        self._known: dict[PhoneNumber, tuple[RuleBook, tuple[Urgent, ...], datetime, Script, Script]] = {}

    def __call__(self, number: PhoneNumber, now: datetime, book: RuleBook | None = None) -> Script:
        """Return the script of a line now (aware)."""
        book = book or self._book()
        line = book.line(number) or book.lines[0]
        urgent = self._urgent(line.number)
        known = self._known.get(number)
        if known is None or known[0] is not book or known[1] != urgent or not _is_fresh(known[2], now):
            script = self._script(book, line, now, urgent)
            known = self._known[number] = (book, urgent, now, script, replace(script, hears=frozenset()))
        return known[3] if self._has_room() else known[4]

    def fallback(self, number: PhoneNumber | None) -> PhoneNumber | None:
        """Return the number where people answer when we cannot; needs nothing but the rule book in memory."""
        book = self._book()
        return ((book.line(number) if number else None) or book.lines[0]).fallback

    def _script(self, book: RuleBook, line: Line, now: datetime, urgent: tuple[Urgent, ...]) -> Script:
        """Make the script of a line."""
        languages = (line.language, *(other for other in self._languages if other is not line.language))
        script = Script(
            welcome=line.greeting,
            language=line.language,
            languages=languages,
            hears=frozenset(language for language in languages if self._hears(language)),
            closed=closing(book, line, now),
            urgent=as_one(urgent),
            urgent_ids=tuple(one.id for one in urgent),
            emergency=book.messages.emergency,
            fallback=line.fallback,
            message_seconds=book.recordings.longest_minutes * 60 if book.recordings.offer else 0,
            relays_to_person=book.relays.to_person,
            keeps_messages=book.recordings.keep_days,
        )
        own = self._matters()
        return replace(script, matters={**script.matters, **own}) if own else script


def _is_fresh(made: datetime, now: datetime) -> bool:
    return timedelta(0) <= now - made < REMEMBERED


def closing(book: RuleBook, line: Line, now: datetime) -> Bilingual | None:
    """Return what is said when the line is closed; None when it is open."""
    if is_open(line.hours, book.calendar, now):
        return None
    return closed_message(book, now, opening_told(book, line.hours, now))
