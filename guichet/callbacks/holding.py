"""What somebody on hold should hear next. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.callbacks.request import Request, RequestState

PATIENCE = timedelta(minutes=5)
"""How long somebody holds before a callback is offered."""
RELAYED_PATIENCE = 3
"""How many times as long somebody holds for whom a relay service speaks: a callback may not find them."""
LONGEST = timedelta(minutes=20)
"""How long somebody holds at most: whom nobody has taken by then is called back, at their place."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Keep them waiting: somebody is being found."""


@dataclass(frozen=True, slots=True)
class OfferCallback:
    """Offer to call them back: they have waited long enough."""


@dataclass(frozen=True, slots=True)
class Over:
    """Let them out of the queue: the request has ended, waits for a call or a text now, or has waited too long."""


HoldAdvice = Wait | OfferCallback | Over


def hold_advice(request: Request, now: datetime, patience: timedelta = PATIENCE) -> HoldAdvice:
    """Say what to do with somebody on hold.

    While an agent's phone rings nothing is offered: the next seconds may connect them.
    """
    if not request.holds:
        return Over()
    if request.state is not RequestState.WAITING or request.held_since is None:
        return Wait()
    times = RELAYED_PATIENCE if request.relayed else 1
    if now - request.held_since >= LONGEST * times:
        return Over()
    return OfferCallback() if now - request.held_since >= patience * times else Wait()
