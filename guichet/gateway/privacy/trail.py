"""What was done for people's privacy, in the audit trail: when, by whom, how many rows; of whom is nowhere."""

from collections.abc import Mapping
from datetime import datetime

from guichet.console.audit import MOST, Entry, Look
from guichet.gateway.units import SqlUnit

_ACTION = "privacy."


async def note(unit: SqlUnit, what: str, by: str, counts: Mapping[str, int], now: datetime) -> None:
    """Keep that something was done: `exported`, `erased`, `readmitted` or `tidied`."""
    actor = "system" if by == "system" else "command"
    await unit.audit.note(Entry(now, actor, f"{_ACTION}{what}", detail={"by": by[:200], **counts}))


async def trail(unit: SqlUnit) -> list[dict[str, object]]:
    """Return what was done, latest first."""
    return [
        {"at": one.at.isoformat(), "what": one.action.removeprefix(_ACTION), **one.detail}
        for one in await unit.audit.find(Look(action=_ACTION, limit=MOST))
    ]
