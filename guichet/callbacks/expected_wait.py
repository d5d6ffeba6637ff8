"""How long somebody waits for an agent: from who is before them, who is at work, and how long cases have taken. Pure.

Where all n who can serve them are busy, one comes free every (handling time / n). Those before them go first, as far as
the same agents serve them: of the people in another queue, the share that falls to these agents. Some of them give up:
the more there are, the sooner one of them goes. By how much this is wrong is measured in `benchmarks/hold_wait.py`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from guichet.core.language import Language
from guichet.routing.agent import Agent
from guichet.routing.presence import NOT_AT_WORK

CONNECTING = timedelta(seconds=20)
"""From a free agent's telephone ringing to the conversation."""
ENOUGH = 5
"""Cases that tell how long they take; of fewer, those of all queues are asked."""

PATIENCE = timedelta(minutes=20)
"""How long people hold on average before they give up, where nobody takes them."""

Line = tuple[str, Language]
"""A queue and a language: those who wait in it are served by the same agents."""
Skills = Callable[[str], Collection[str]]
"""Gives the skills of which any serves a queue."""


@dataclass(frozen=True, slots=True)
class Handled:
    """A case that an agent has finished with: its queue, and how long it took from the ringing to the last note."""

    queue: str
    seconds: float


def serving(agents: Sequence[Agent], line: Line, skills: Skills) -> list[Agent]:
    """Return the agents who serve a queue in a language, whatever they do now."""
    queue, language = line
    wanted = set(skills(queue))
    return [one for one in agents if language in one.languages and not wanted.isdisjoint(one.skills)]


def at_work(agents: Sequence[Agent]) -> list[Agent]:
    """Return those who neither pause nor are away."""
    return [one for one in agents if one.presence not in NOT_AT_WORK]


def handling(recent: Sequence[Handled], queue: str) -> timedelta | None:
    """Return how long a case of a queue takes by the recent ones; None where too few are known."""
    own = [one.seconds for one in recent if one.queue == queue]
    known = own if len(own) >= ENOUGH else [one.seconds for one in recent]
    return timedelta(seconds=sum(known) / len(known)) if len(known) >= ENOUGH else None


def expected_wait(
    line: Line, before: Mapping[Line, int], crew: Sequence[Agent], skills: Skills, takes: timedelta | None
) -> timedelta | None:
    """Return how long somebody in a line waits who has so many `before` them, served by a crew that is at work.

    None where it cannot be told: nobody serves them, or nobody knows how long a case takes.
    """
    own = serving(crew, line, skills)
    if not own:
        return None
    ours = {one.id for one in own}
    ahead = 0.0
    for other, count in before.items():
        theirs = serving(crew, other, skills)
        if theirs:
            ahead += count * sum(one.id in ours for one in theirs) / len(theirs)
    free = sum(one.can_be_rung for one in own)
    if ahead < free:
        return CONNECTING
    return None if takes is None else _until_all_are_gone(ahead - free, takes / len(own)) + CONNECTING


def _until_all_are_gone(ahead: float, pace: timedelta) -> timedelta:
    """Return how long until those ahead are gone and an agent comes free, where one does at every `pace`."""
    served, gives_up = 1 / max(pace.total_seconds(), 1.0), 1 / PATIENCE.total_seconds()
    whole = int(ahead)
    last = (ahead - whole) / (served + ahead * gives_up)
    return timedelta(seconds=last + sum(1 / (served + left * gives_up) for left in range(whole + 1)))


def in_minutes(wait: timedelta | None) -> int | None:
    """Return a wait as it is told: in whole minutes, one at least."""
    return None if wait is None else max(1, round(wait.total_seconds() / 60))
