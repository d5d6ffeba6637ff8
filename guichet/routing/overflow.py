"""Where somebody holds who is to get an agent: in their queue, or in the one it overflows to; or nowhere. Pure."""

from collections.abc import Callable, Iterator, Mapping

from guichet.core.language import Bilingual
from guichet.routing.hold_rules import Load, why_not
from guichet.routing.rule import Queue

Loads = Mapping[str, Load]
"""The loads of queues, by their names."""


def chain(queues: Mapping[str, Queue], first: Queue) -> Iterator[Queue]:
    """Yield a queue, then those that it overflows to, each once."""
    seen: set[str] = set()
    queue: Queue | None = first
    while queue is not None and queue.name not in seen:
        seen.add(queue.name)
        yield queue
        queue = queues.get(queue.hold.to or "")


def holds_in(
    queues: Mapping[str, Queue], first: Queue, loads: Loads, is_open: Callable[[Queue], bool]
) -> tuple[Queue | None, tuple[Bilingual, ...]]:
    """Return the queue to hold in (None: they are called back), and why it is not the first one.

    A queue of which no load is known has room: nobody has looked.
    """
    because: list[Bilingual] = []
    for queue in chain(queues, first):
        load = loads.get(queue.name)
        why = why_not(queue.hold, load) if load is not None else None
        if why is None and (queue is first or is_open(queue)):
            return queue, tuple(because)
        why = why or Bilingual("elle est fermée", "it is closed")
        because.append(Bilingual(f"file « {queue.name} » : {why.fr}", f"queue '{queue.name}': {why.en}"))
    return None, tuple(because)
