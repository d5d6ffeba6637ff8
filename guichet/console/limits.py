"""How often somebody may try to sign in: guessing is slow, and nobody can be locked out by others. Pure.

Three limits, each a wait that ends by itself:

- the same login from the same address: after FREE failures each further one doubles a wait, to LONGEST at most;
- a login from anywhere: after LOGIN_FREE failures, addresses where it was never opened lately wait MOMENT after each;
- an address with any login: after ADDRESS_FREE failures, a login that was never opened from it waits MOMENT after each.

Where somebody usually signs in, failures made elsewhere, or by others, change nothing for them.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.console.session_store import Try

FREE = 5
LOGIN_FREE = 20
ADDRESS_FREE = 50
FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)
MOMENT = timedelta(minutes=1)
REMEMBERED = timedelta(minutes=30)
"""How long a failure counts."""
USUAL = timedelta(days=30)
"""How long an address is remembered where a login was opened."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was tried lately: failures of a login or from an address, and when it was last opened from there."""

    failures: Sequence[Try]
    opened_here: datetime | None = None


def digest_of(login: str) -> str:
    """Return what stands for a login where attempts are kept."""
    return hashlib.sha256(login.encode()).hexdigest()


def network_of(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, or the first half of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if known.version == 4:
        return str(known)
    mapped = known.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((known, 64), strict=False).network_address)


def may_try_at(past: Past, login: str, address: str, now: datetime) -> datetime:
    """Return when the login may next be tried from the address: `now` or before means at once."""
    own = [one for one in past.failures if (one.login, one.address) == (login, address) and _counts(one, past, now)]
    waits = [_own_wait(own)]
    if past.opened_here is None or now - past.opened_here > USUAL:
        waits += [
            _crowd_wait([one for one in past.failures if one.login == login], LOGIN_FREE),
            _crowd_wait([one for one in past.failures if one.address == address], ADDRESS_FREE),
        ]
    return max((one for one in waits if one is not None), default=now)


def _counts(failure: Try, past: Past, now: datetime) -> bool:
    """Whether a failure is recent, and the login has not been opened from there since."""
    opened = past.opened_here
    return now - failure.at < REMEMBERED and (opened is None or failure.at > opened)


def _own_wait(own: Sequence[Try]) -> datetime | None:
    if len(own) < FREE:
        return None
    doublings: int = min(len(own) - FREE, 10)
    return own[-1].at + min(FIRST * (1 << doublings), LONGEST)


def _crowd_wait(failures: Sequence[Try], free: int) -> datetime | None:
    return failures[-1].at + MOMENT if len(failures) >= free else None
