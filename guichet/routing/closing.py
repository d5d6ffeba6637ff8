"""What is said when a counter is closed: why, where the rule book gives a reason, and when it opens again. Pure."""

from datetime import datetime

from guichet.core.language import Bilingual
from guichet.routing.hours import Hours, closure_at, next_opening
from guichet.routing.hours_in_words import opening_in_words
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_reader import OPENING_BLANKS
from guichet.routing.text_reader import filled

_BECAUSE = Bilingual("Fermeture exceptionnelle : {reason}.", "Exceptional closure: {reason}.")


def opening_told(book: RuleBook, hours: Hours, now: datetime) -> Bilingual:
    """Say when a counter opens next."""
    return opening_in_words(next_opening(hours, book.calendar, now), now, book.calendar.zone)


def closed_message(book: RuleBook, now: datetime, opening: Bilingual) -> Bilingual:
    """Return the message of a counter that is closed now and opens again at that moment, in words."""
    message = filled(book.messages.closed, **dict.fromkeys(OPENING_BLANKS, opening))
    closure = closure_at(book.calendar, now)
    if closure is None or closure.reason is None:
        return message
    reason = Bilingual(closure.reason.fr.rstrip(" ."), closure.reason.en.rstrip(" ."))
    why = filled(_BECAUSE, reason=reason)
    return Bilingual(f"{why.fr} {message.fr}", f"{why.en} {message.en}")
