"""How an agent's presence changes. Pure.

        +---------------------- missed, declined: after a rest ---------------------+
        v                                                                           |
    available --claim--> ringing --1--> busy --over--> wrap_up --its time, or done--+--> available
        ^                   |                             |                                  |
        |                   +-- missed twice --> away     +-- lengthened, once               |
        |                                          ^                                         |
        +--------- pause (with a reason) <---------+------------ as they say <---------------+

Whoever asks for a pause, or to leave, while a telephone rings for them or they talk gets it when they are free. Every
way out of wrap-up ends it: it is measured.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.core.errors import Conflict
from guichet.core.ids import AttemptId
from guichet.core.language import Bilingual
from guichet.routing.agent import Agent, Presence

WITH_SOMEBODY = frozenset({Presence.RINGING, Presence.BUSY})
"""Presences in which an agent has somebody; what they want waits until that is over."""
NOT_AT_WORK = frozenset({Presence.PAUSE, Presence.AWAY})
"""Presences in which nobody is served."""
OF_ATTEMPTS = WITH_SOMEBODY
"""Presences that the attempts tell of: no log of their own is kept."""

MISSED = "missed"
REFUSED = "refused"
RESTS = "rests"
REASONS = {
    MISSED: Bilingual("deux appels sans réponse", "two calls left unanswered"),
    REFUSED: Bilingual("l'opérateur refuse ce téléphone", "the carrier refuses this telephone"),
    RESTS: Bilingual("un appel vient de passer à un autre", "a call has just gone to somebody else"),
}
"""Why we have changed an agent's presence ourselves."""


@dataclass(frozen=True, slots=True)
class About:
    """What belongs to a presence: why, until when, and the attempt that is written up."""

    reason: str = ""
    until: datetime | None = None
    attempt: AttemptId | None = None


NOTHING = About()


def changed(agent: Agent, after: Presence, now: datetime, about: About = NOTHING) -> Agent:
    """Return the agent in another presence; who would be free gets what they had asked for."""
    is_free = after is Presence.AVAILABLE
    if is_free and agent.afterwards is not None:
        after, about = agent.afterwards, About(agent.afterwards_reason)
    keeps_wish = after in WITH_SOMEBODY or after is Presence.WRAP_UP
    return agent.evolve(
        presence=after,
        since=now,
        reason=about.reason,
        until=about.until,
        attempt=about.attempt,
        lengthened=False,
        missed=0 if after in NOT_AT_WORK or after is Presence.BUSY else agent.missed,
        afterwards=agent.afterwards if keeps_wish else None,
        afterwards_reason=agent.afterwards_reason if keeps_wish else "",
    )


def missed(agent: Agent, now: datetime, most: int) -> Agent:
    """Return a ringing agent who has left a call unanswered: free again, or away at the `most`th in a row."""
    if agent.missed + 1 >= most:
        return changed(agent.evolve(afterwards=None), Presence.AWAY, now, About(MISSED))
    counted = changed(agent, Presence.AVAILABLE, now)
    return counted.evolve(missed=agent.missed + 1) if counted.can_be_rung else counted


def said(agent: Agent, wanted: Presence, reason: str, now: datetime) -> Agent:
    """Return the agent after they, or a supervisor, have said that they are available, pause or leave.

    With somebody on the telephone it is remembered for afterwards; being available is the absence of a wish.
    """
    if agent.presence in WITH_SOMEBODY:
        if wanted is Presence.AVAILABLE:
            return agent.evolve(afterwards=None, afterwards_reason="")
        return agent.evolve(afterwards=wanted, afterwards_reason=reason)
    if wanted is agent.presence and (reason == agent.reason or wanted is Presence.AVAILABLE):
        return agent
    forgetting = agent.evolve(afterwards=None, afterwards_reason="", missed=0)
    return changed(forgetting, wanted, now, About(reason))


def lengthened(agent: Agent, extension: timedelta, now: datetime) -> Agent:
    """Return the agent with more time to write up. Raises Conflict where they do not write up, or have had it."""
    if agent.presence is not Presence.WRAP_UP or agent.attempt is None:
        raise Conflict(f"{agent.name} is not writing up a conversation")
    if agent.lengthened:
        raise Conflict("the time to write up is lengthened once: end it, or pause with a reason")
    from_when = max(agent.until or now, now)
    return agent.evolve(until=from_when + extension, lengthened=True)
