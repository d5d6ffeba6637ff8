"""The rules of incivility: what is said before a call is ended for it, how long a flag stays, what follows. Pure.

Nobody loses the right to be served: a request whose call was ended goes on in writing, by a later call of somebody
else, or with a supervisor (articles L100-2 and L111-2 of the code of relations between the public and administrations).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from guichet.core.language import Bilingual

WARNING = Bilingual(
    "Ces propos ne permettent pas de poursuivre cet échange. Votre demande n'est pas perdue, elle sera traitée"
    " autrement. Au revoir.",
    "We cannot go on with this conversation in these terms. Your request is not lost: it will be dealt with in another"
    " way. Goodbye.",
)


class Sequel(StrEnum):
    """How a request goes on whose call was ended."""

    TEXT = "text"
    CALLBACK = "callback"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class IncivilityRules:
    """What follows from incivility. `supervisors` is the queue that supervisors serve, if there is one.

    A call that follows is not made before `calm_minutes` have passed.
    """

    warning: Bilingual = WARNING
    flag_days: int = 30
    sequel: Sequel = Sequel.TEXT
    supervisors: str | None = None
    calm_minutes: int = 60

    @property
    def kept(self) -> timedelta:
        """How long a flag stays."""
        return timedelta(days=self.flag_days)

    @property
    def calm(self) -> timedelta:
        """How long nobody calls them."""
        return timedelta(minutes=self.calm_minutes)
