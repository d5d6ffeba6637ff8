"""What hearing calls has cost, for people and for programs, every assumption of the estimate beside it. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from guichet.citizens.contact import Spent
from guichet.core.language import Bilingual, Language
from guichet.transcripts.sobriety import Assumptions, energy

_TOLD = Bilingual(
    "{calls} appel(s) du {first} au {last} : {listened} écoutées, {cpu} de processeur "
    "({share} par seconde écoutée), soit environ {watt_hours} Wh et {grams} g de CO2e.",
    "{calls} call(s) from {first} to {last}: {listened} listened to, {cpu} of CPU "
    "({share} a second listened to), which is about {watt_hours} Wh and {grams} g of CO2e.",
)


def spent_as_json(spent: Spent, assumed: Assumptions, language: Language) -> dict[str, Any]:
    """Return the sums, the estimate and what it assumes."""
    used = energy(spent.cpu, assumed)
    return {
        "calls": spent.calls,
        "listened_seconds": round(spent.listened, 1),
        "cpu_seconds": round(spent.cpu, 2),
        "cpu_per_second": round(spent.cpu / spent.listened, 4) if spent.listened else None,
        "watt_hours": round(used.watt_hours, 4),
        "grams_co2e": round(used.grams, 4),
        "assumptions": {
            "watts": assumed.watts,
            "overhead": assumed.overhead,
            "grams_per_kwh": assumed.grams,
            "text": assumed.told().to(language),
        },
    }


def spent_in_words(first: date, last: date, spent: Spent, assumed: Assumptions, language: Language) -> Iterator[str]:
    """Yield a sentence with the sums and the estimate, and one with its assumptions."""
    data = spent_as_json(spent, assumed, language)
    share = data["cpu_per_second"]
    yield _TOLD.to(language).format(
        calls=data["calls"],
        first=first.isoformat(),
        last=last.isoformat(),
        listened=f"{data['listened_seconds']:g} s",
        cpu=f"{data['cpu_seconds']:g} s",
        share="-" if share is None else f"{share:g} s",
        watt_hours=f"{data['watt_hours']:g}",
        grams=f"{data['grams_co2e']:g}",
    )
    yield assumed.told().to(language)
