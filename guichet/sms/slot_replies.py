"""What we write about slots for callbacks, in the digits of a text. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from guichet.callbacks.slots import Slot
from guichet.core.language import Bilingual, Language
from guichet.routing.view import DAYS

FULL = Bilingual(
    "Ce moment est complet. Libres : {slots}. Répondez 1, 2... ou un autre moment.",
    "That time is full. Free: {slots}. Reply 1, 2... or another time.",
)
NOT_THEN = Bilingual(
    "Nous n'appelons pas à ce moment. Libres : {slots}. Répondez 1, 2... ou un autre moment.",
    "We do not call at that time. Free: {slots}. Reply 1, 2... or another time.",
)
_SHORT = 3
"""Letters of a day's name."""


def slot_time(slot: Slot, now: datetime, zone: ZoneInfo) -> Bilingual:
    """Say a slot: `demain entre 14h00 et 15h00`, `on Thursday 5/03 between 9:00 and 10:00`."""
    day = day_time(slot.starts, now, zone)
    starts, ends = slot.starts.astimezone(zone), slot.ends.astimezone(zone)
    return Bilingual(
        f"{day.fr} entre {starts.hour}h{starts.minute:02} et {ends.hour}h{ends.minute:02}",
        f"{day.en} between {starts.hour}:{starts.minute:02} and {ends.hour}:{ends.minute:02}",
    )


def day_time(moment: datetime, now: datetime, zone: ZoneInfo) -> Bilingual:
    """Say a day: `demain`, `jeudi 5/03`; `tomorrow`, `on Thursday 5/03`."""
    local = moment.astimezone(zone)
    ahead = (local.date() - now.astimezone(zone).date()).days
    day = DAYS[local.weekday()]
    french = {0: "aujourd'hui", 1: "demain"}.get(ahead, f"{day.fr} {local.day}/{local.month:02}")
    english = {0: "today", 1: "tomorrow"}.get(ahead, f"on {day.en} {local.day}/{local.month:02}")
    return Bilingual(french, english)


def instead(template: Bilingual, slots: Sequence[Slot], now: datetime, zone: ZoneInfo, language: Language) -> str:
    """Offer slots by number: `1. demain 14h-15h, 2. jeu 5/03 9h-10h`."""
    written = ", ".join(f"{place}. {_short(slot, now, zone).to(language)}" for place, slot in enumerate(slots, 1))
    return template.to(language).format(slots=written)


def _short(slot: Slot, now: datetime, zone: ZoneInfo) -> Bilingual:
    day, local = day_time(slot.starts, now, zone), slot.starts.astimezone(zone)
    if " " in day.fr:
        name = DAYS[local.weekday()]
        date = f"{local.day}/{local.month:02}"
        day = Bilingual(f"{name.fr[:_SHORT]} {date}", f"{name.en[:_SHORT]} {date}")
    starts, ends = (_clock(moment.astimezone(zone)) for moment in (slot.starts, slot.ends))
    return Bilingual(f"{day.fr} {starts.fr}-{ends.fr}", f"{day.en} {starts.en}-{ends.en}")


def _clock(local: datetime) -> Bilingual:
    minutes = f"{local.minute:02}"
    return Bilingual(f"{local.hour}h{minutes if local.minute else ''}", f"{local.hour}:{minutes}")
