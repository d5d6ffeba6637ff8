"""Another number than the one they called or wrote from, and another person to ask for there; in a transaction."""

from datetime import datetime

import phonenumbers

from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Request, RequestState
from guichet.core.errors import Conflict
from guichet.core.ids import RequestId
from guichet.core.phone import FRENCH_REGIONS, PhoneNumber

LONGEST_NAME = 40
"""Signs of a name that are kept."""
_CALLABLE = frozenset(
    {
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
        phonenumbers.PhoneNumberType.UNKNOWN,
    }
)
"""Never a number that costs extra: anybody could have us call it."""


def may_be_called(number: PhoneNumber, of: PhoneNumber | None) -> bool:
    """Whether a number that somebody (`of` is their own) gives may be called: an ordinary one, French or of theirs."""
    parsed = phonenumbers.parse(number.e164)
    if phonenumbers.number_type(parsed) not in _CALLABLE:
        return False
    is_french = phonenumbers.region_code_for_country_code(parsed.country_code or 0) in FRENCH_REGIONS
    return is_french or (of is not None and parsed.country_code == phonenumbers.parse(of.e164).country_code)


def called_at(request: Request, number: PhoneNumber, person: str | None, now: datetime) -> Request:
    """Return a request that is to be called at a number, asking for a person there."""
    other = None if number == request.number else number
    return request.evolve(callback_number=other, ask_for=person if other else None, changed_at=now)


async def call_elsewhere(
    unit: Unit, request_id: RequestId, number: PhoneNumber, person: str | None, now: datetime
) -> None:
    """Have somebody called at another number, while they wait. Raises Conflict where the request changes meanwhile."""
    request = await unit.requests.get(request_id)
    if request is None or request.state is not RequestState.WAITING:
        return
    if not await unit.requests.change(request, called_at(request, number, person, now)):
        raise Conflict("the request has changed meanwhile")
