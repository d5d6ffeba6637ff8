"""How a text of ours travels: which state may follow which. Pure.

    pending --> sending --> queued --> sent --> delivered | undelivered | failed
     | ^           |  \
     | |           |   +--> refused (the carrier said no, or the person has opted out)
     | +-----------+---- in_doubt (asked, no answer: looked up in the carrier's list, never sent blindly again)
     +--> withdrawn (a question that what followed has made needless)

Callbacks come late, twice and out of order: a lower rank never follows a higher one, and an end is never left.
"""

from guichet.carrier.events import MessageState
from guichet.sms.message import DeliveryState

RANK = {
    DeliveryState.PENDING: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.IN_DOUBT: 2,
    DeliveryState.QUEUED: 3,
    DeliveryState.SENT: 4,
    DeliveryState.DELIVERED: 5,
    DeliveryState.UNDELIVERED: 5,
    DeliveryState.FAILED: 5,
    DeliveryState.REFUSED: 5,
    DeliveryState.WITHDRAWN: 5,
    DeliveryState.RECEIVED: 5,
}
_AT_CARRIER = {
    MessageState.QUEUED: DeliveryState.QUEUED,
    MessageState.SENDING: DeliveryState.QUEUED,
    MessageState.SENT: DeliveryState.SENT,
    MessageState.DELIVERED: DeliveryState.DELIVERED,
    MessageState.UNDELIVERED: DeliveryState.UNDELIVERED,
    MessageState.FAILED: DeliveryState.FAILED,
}
FINAL = frozenset(state for state, rank in RANK.items() if rank == RANK[DeliveryState.DELIVERED])
_ASKED = frozenset({DeliveryState.SENDING, DeliveryState.IN_DOUBT})


def at_carrier(state: MessageState) -> DeliveryState:
    """Return our state for the carrier's. Its `sending` is our `queued`: ours means that it is being asked."""
    return _AT_CARRIER[state]


def before(after: DeliveryState) -> frozenset[DeliveryState]:
    """Return the states that may be followed by this one."""
    if after is DeliveryState.PENDING:
        return _ASKED
    if after is DeliveryState.IN_DOUBT:
        return frozenset({DeliveryState.SENDING})
    if after in {DeliveryState.SENDING, DeliveryState.WITHDRAWN}:
        return frozenset({DeliveryState.PENDING})
    return frozenset(state for state, rank in RANK.items() if rank < RANK[after])
