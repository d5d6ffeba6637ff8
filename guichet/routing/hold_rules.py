"""The rules of holding in a queue: how long, what is heard meanwhile, and to where it overflows. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from guichet.core.language import Bilingual, counted

LONGEST_MINUTES = 20
"""How long somebody holds at most, unless the book says otherwise: then they are called back, at their place."""


@dataclass(frozen=True, slots=True)
class Load:
    """How a queue stands for somebody who would hold in it: agents at work for them, who holds, the likely wait.

    `minutes` is None where the wait is not known.
    """

    agents: int
    holding: int = 0
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class HoldRules:
    """How people hold in a queue.

    They overflow to the queue `to` (None: they are called back) where fewer than `agents` are at work, `most` hold
    already or `wait_minutes` are to be expected; and those who hold, after `after_minutes`. None: never for that.
    """

    longest_minutes: int = LONGEST_MINUTES
    music: bool = True
    voice: bool = True
    to: str | None = None
    agents: int = 1
    most: int | None = None
    wait_minutes: int | None = None
    after_minutes: int | None = None

    @property
    def longest(self) -> timedelta:
        """How long somebody holds at most."""
        return timedelta(minutes=self.longest_minutes)

    @property
    def after(self) -> timedelta | None:
        """After how long on hold somebody goes over to the other queue."""
        return None if self.after_minutes is None or self.to is None else timedelta(minutes=self.after_minutes)


USUAL = HoldRules()
_HOLDS = Bilingual("{count} personne attend déjà en ligne", "{count} person holds already")
_HOLD = Bilingual("{count} personnes attendent déjà en ligne", "{count} people hold already")
_WAIT_OF_ONE = Bilingual("l'attente prévue est de {count} minute", "the wait to be expected is {count} minute")
_WAIT = Bilingual("l'attente prévue est de {count} minutes", "the wait to be expected is {count} minutes")


def why_not(rules: HoldRules, load: Load) -> Bilingual | None:
    """Say why nobody more holds in a queue; None: there is room. Where nobody serves, nobody ever holds."""
    if load.agents < max(rules.agents, 1):
        if not load.agents:
            return Bilingual("aucun agent ne la sert en ce moment", "no agent serves it now")
        few = f"{load.agents} < {rules.agents}"
        return Bilingual(f"trop peu d'agents présents ({few})", f"too few agents at work ({few})")
    if rules.most is not None and load.holding >= rules.most:
        return counted(load.holding, _HOLDS, _HOLD)
    if rules.wait_minutes is not None and load.minutes is not None and load.minutes > rules.wait_minutes:
        return counted(load.minutes, _WAIT_OF_ONE, _WAIT)
    return None
