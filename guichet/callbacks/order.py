"""The one order of holders, callbacks and texts, and why somebody stands where they stand. Pure.

The more urgent first (by rule), then whom we promised the earlier, then who came first. A callback whose time has not
come keeps its place and is passed meanwhile.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from guichet.callbacks.request import Request, RequestKind
from guichet.core.language import Bilingual

Place = tuple[int, datetime, str]
"""The smaller stands before the greater."""

_WAITS = {
    RequestKind.HOLD: Bilingual("attend en ligne", "waits on the line"),
    RequestKind.CALLBACK: Bilingual("à rappeler", "to be called back"),
    RequestKind.TEXT: Bilingual("attend une réponse par SMS", "waits for an answer by text"),
}
_URGENT = Bilingual("urgence {priority}, par règle", "urgency {priority}, by rule")
_PROMISED = Bilingual("réponse promise pour le {time}", "an answer promised for {time}")
_SINCE = Bilingual("première demande le {time}", "first asked {time}")
_REMINDED = Bilingual("relances : {count}", "reminders: {count}")
_REPLY_AWAITED = Bilingual(
    "attend la réponse de la personne à une question, au plus tard le {time}",
    "waits for the person's answer to a question, until {time} at the latest",
)
_NOT_BEFORE = Bilingual("pas avant le {time}", "not before {time}")


def place_of(request: Request) -> Place:
    """Return where a request stands."""
    return (-request.priority, request.target_at, request.id)


def why_here(request: Request, now: datetime, zone: ZoneInfo) -> tuple[Bilingual, ...]:
    """Say why a request stands where it stands: the reasons that count first come first."""
    reasons = [_WAITS[request.kind]]
    if request.priority:
        reasons.append(_URGENT.format(priority=request.priority))
    reasons.append(_at(_PROMISED, request.target_at, zone))
    reasons.append(_at(_SINCE, request.opened_at, zone))
    if request.reminders:
        reasons.append(_REMINDED.format(count=request.reminders))
    if request.kind is not RequestKind.HOLD and request.not_before is not None and request.not_before > now:
        later = _REPLY_AWAITED if request.asked_at is not None else _NOT_BEFORE
        reasons.append(_at(later, request.not_before, zone))
    return tuple(reasons)


def _at(text: Bilingual, moment: datetime, zone: ZoneInfo) -> Bilingual:
    local = moment.astimezone(zone)
    return Bilingual(
        text.fr.replace("{time}", f"{local:%d/%m à %Hh%M}"), text.en.replace("{time}", f"{local:%d/%m at %H:%M}")
    )
