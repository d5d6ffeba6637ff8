"""Queues that nobody can serve: their hours never open, or nobody who works here has a skill for them. Pure."""

from collections.abc import Collection, Iterator

from guichet.core.language import Bilingual
from guichet.routing.document import Flaw
from guichet.routing.hours import Hours
from guichet.routing.rule import Queue
from guichet.routing.rule_book import RuleBook


def unserved(book: RuleBook, skills: Collection[str] | None = None) -> Iterator[Flaw]:
    """Yield a warning for each queue that nobody can serve; `skills` are those of all agents (None: not known)."""
    for queue in book.queues.values():
        hours = [queue.hours] if queue.hours else [line.hours for line in book.lines]
        if not any(map(_ever_opens, hours)):
            names = ", ".join(dict.fromkeys(one.name for one in hours))
            yield _warning(
                queue,
                f"personne ne peut servir la file « {queue.name} » : ses horaires ({names}) n'ouvrent jamais",
                f"nobody can serve the queue '{queue.name}': its hours ({names}) never open",
            )
        if skills is not None and not queue.skills & set(skills):
            asked = ", ".join(sorted(queue.skills))
            yield _warning(
                queue,
                f"personne ne peut servir la file « {queue.name} » : aucun agent n'a la compétence {asked}",
                f"nobody can serve the queue '{queue.name}': no agent has the skill {asked}",
            )


def _ever_opens(hours: Hours) -> bool:
    return any(hours.week) or bool(hours.on_holidays)


def _warning(queue: Queue, fr: str, en: str) -> Flaw:
    return Flaw(queue.place.line, queue.place.column, Bilingual(fr, en))
