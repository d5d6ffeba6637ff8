"""A report for people (a table) and for programs (JSON, CSV). Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from math import floor
from typing import Any

from guichet.core.csv_text import as_csv
from guichet.core.language import Bilingual, Language, counted
from guichet.routing.measures import By, Key, Measures, Report

_TITLE = Bilingual(
    "Du {first} au {last} ({zone}), tel que connu le {now}", "From {first} to {last} ({zone}), as of {now}"
)
_KEYS = {
    By.ALL: Bilingual("", ""),
    By.LINE: Bilingual("ligne", "line"),
    By.QUEUE: Bilingual("file", "queue"),
    By.MATTER: Bilingual("demande", "matter"),
    By.CHANNEL: Bilingual("canal", "channel"),
    By.HOUR: Bilingual("heure", "hour"),
    By.DAY: Bilingual("jour", "day"),
    By.MONTH: Bilingual("mois", "month"),
}
_NONE = Bilingual("(aucune)", "(none)")
_ALL = Bilingual("ensemble", "all")
_VOICE, _SMS = Bilingual("voix", "voice"), Bilingual("SMS", "text")
_NAMED = {"voice": _VOICE, "sms": _SMS}

_Cell = Callable[[Measures], str]


def amount(millionths: int, currency: str | None = None) -> Bilingual:
    """Write an amount of money: `0,145 EUR`, `0.145 EUR`; at least two decimals."""
    whole, part = divmod(millionths, 1_000_000)
    cents, unit = f"{part:06}".rstrip("0").ljust(2, "0"), f" {currency}" if currency else ""
    return Bilingual(f"{whole},{cents}{unit}", f"{whole}.{cents}{unit}")


def _rate(part: float | None) -> str:
    """Write a rate in per cent, rounded down: only all of them are 100."""
    return "-" if part is None else f"{floor(1000 * part + 1e-9) / 10:.1f}"


def _minutes(microseconds: float | None) -> str:
    """Write minutes and seconds, or hours and minutes."""
    if microseconds is None:
        return "-"
    seconds = round(microseconds / 1_000_000)
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02}"
    minutes = round(seconds / 60)
    return f"{minutes // 60}h{minutes % 60:02}"


_COLUMNS: tuple[tuple[Bilingual, _Cell], ...] = (
    (Bilingual("contacts", "contacts"), lambda one: str(one.contacts)),
    (Bilingual("servis|%", "served|%"), lambda one: _rate(one.overall_rate)),
    (Bilingual("besoin|d'agent", "need|agent"), lambda one: str(one.needing)),
    (Bilingual("pris en|charge %", "handled|%"), lambda one: _rate(one.answer_rate)),
    (Bilingual("objectif|tenu %", "in time|%"), lambda one: _rate(one.service_level)),
    (Bilingual("attente|médiane", "median|wait"), lambda one: _minutes(one.wait_median)),
    (Bilingual("9 sur 10|en", "9 of 10|within"), lambda one: _minutes(one.wait_of_9_in_10)),
    (Bilingual("en ligne|médiane", "on hold|median"), lambda one: _minutes(one.hold_median)),
    (Bilingual("abandon|%", "gave up|%"), lambda one: _rate(one.abandonment)),
    (Bilingual("rappels|tenus %", "calls|kept %"), lambda one: _rate(one.callbacks_kept)),
    (Bilingual("temps|moyen", "mean|work"), lambda one: _minutes(one.handling_mean)),
    (Bilingual("1er|contact %", "first|contact %"), lambda one: _rate(one.first_contact)),
    (Bilingual("sat.|%", "sat.|%"), lambda one: _rate(one.satisfaction)),
)
_SAMPLE = Bilingual(
    "ATTENTION : {samples} de ces contacts sont un historique d'exemple, inventé.",
    "MIND: {samples} of these contacts are a sample history, invented.",
)
_STANDING = Bilingual(
    "Besoin d'un agent : {needing}, dont {handled} pris en charge, {waiting} en attente, {abandoned} raccrochés en "
    "attente, {left} raccrochés avant la file, {withdrawn} retirés, {lost} jamais joints.",
    "Needing an agent: {needing}, of whom {handled} handled, {waiting} waiting, {abandoned} hung up on hold, {left} "
    "hung up before the queue, {withdrawn} withdrawn, {lost} never reached.",
)
_ONE_LEFT = Bilingual(
    "{count} contact s'est arrêté avant que sa demande soit connue.",
    "{count} contact ended before it was known what they wanted.",
)
_LEFT = Bilingual(
    "{count} contacts se sont arrêtés avant que leur demande soit connue.",
    "{count} contacts ended before it was known what they wanted.",
)
_ONE_INFORMED = Bilingual(
    "Compté à part : {count} appelant à qui le message urgent a suffi.",
    "Counted apart: {count} caller who was content with the urgent message.",
)
_INFORMED = Bilingual(
    "Comptés à part : {count} appelants à qui le message urgent a suffi.",
    "Counted apart: {count} callers who were content with the urgent message.",
)
_ALIKE = Bilingual(
    "Voix et SMS : attente médiane {voice} et {sms}, 9 sur 10 en {voice_most} et {sms_most}, objectif tenu "
    "{voice_kept} et {sms_kept} %.",
    "Voice and text: median wait {voice} and {sms}, 9 of 10 within {voice_most} and {sms_most}, target kept "
    "{voice_kept} and {sms_kept} %.",
)
_MONTH = Bilingual("{month} : {alike}", "{month}: {alike}")
_OVERTAKING = Bilingual(
    "Dépassements : {overtakes} demandes prises avant d'autres, plus anciennes, de leur file ({overtaken} en tout).",
    "Overtaking: {overtakes} demands were taken before earlier ones of their queue ({overtaken} in all).",
)
_TEXTS = Bilingual(
    "SMS envoyés : {texts}, en {text_parts} parties{cost}.", "Texts sent: {texts}, in {text_parts} parts{cost}."
)
_COST = Bilingual(", pour {cost}", ", for {cost}")
_SURVEY = Bilingual(
    "Satisfaction : {rated} réponses à {surveyed} questions, {satisfied} satisfaits, note moyenne {mean} sur 5.",
    "Satisfaction: {rated} answers to {surveyed} questions, {satisfied} satisfied, mean score {mean} of 5.",
)
_NOTE = Bilingual(
    "Attentes et durées en minutes:secondes ou en heures (3h05) ; définitions : docs/mesures.md.",
    "Waits and talks in minutes:seconds or in hours (3h05); definitions: docs/measures.md.",
)


def report_in_words(one: Report, language: Language) -> Iterator[str]:
    """Yield the lines of a report: a table, then what it does not show."""
    period = one.period
    title = _TITLE.format(first=period.first, last=period.last, zone=period.zone.key, now=_moment(one))
    yield title.to(language)
    if one.all.samples:
        yield _SAMPLE.format(samples=one.all.samples).to(language)
    yield ""
    rows = {} if one.by is By.ALL else one.rows
    table = _heading([_KEYS[one.by].to(language), *(name.to(language) for name, _ in _COLUMNS)])
    table += [_cells(_name(key, language), measures) for key, measures in rows.items()]
    table.append(_cells(_ALL.to(language), one.all))
    yield from _table(table)
    yield ""
    figures = asdict(one.all)
    yield _STANDING.format(**figures).to(language)
    yield counted(one.all.gone, _ONE_LEFT, _LEFT).to(language)
    yield counted(one.all.informed, _ONE_INFORMED, _INFORMED).to(language)
    yield _ALIKE.format(**_alike(one.channels)).to(language)
    for month, channels in one.months.items():
        yield _MONTH.format(month=month, alike=_ALIKE.format(**_alike(channels)).to(language)).to(language)
    yield _OVERTAKING.format(**figures).to(language)
    cost = _COST.format(cost=amount(one.all.text_cost).to(language)).to(language) if one.all.text_cost else ""
    yield _TEXTS.format(**{**figures, "cost": cost}).to(language)
    if one.all.surveyed:
        mean = "-" if one.all.score_mean is None else f"{one.all.score_mean:.1f}"
        yield _SURVEY.format(**{**figures, "mean": mean}).to(language)
    yield _NOTE.to(language)


def _moment(one: Report) -> str:
    return f"{one.now.astimezone(one.period.zone):%Y-%m-%d %H:%M}"


def _name(key: Key, language: Language) -> str:
    """Return the name of a row."""
    if isinstance(key, date):
        return key.isoformat()
    if isinstance(key, int):
        return f"{key:02}-{key + 1:02} h"
    if key in _NAMED:
        return _NAMED[key].to(language)
    return key or _NONE.to(language)


def _cells(name: str, measures: Measures) -> list[str]:
    return [name, *(cell(measures) for _, cell in _COLUMNS)]


def _heading(names: list[str]) -> list[list[str]]:
    """Return names on two lines, so that columns are narrow; short ones stand on the second."""
    return [[name.rpartition("|")[0] for name in names], [name.rpartition("|")[2] for name in names]]


def _table(rows: list[list[str]]) -> Iterator[str]:
    """Yield rows with even columns: names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        name, *figures = row
        cells = [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(figures, widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _alike(channels: Mapping[Key, Measures]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("voice", "sms"):
        measures = channels.get(name, Measures())
        found[name] = _minutes(measures.wait_median)
        found[f"{name}_most"] = _minutes(measures.wait_of_9_in_10)
        found[f"{name}_kept"] = _rate(measures.service_level)
    return found


_TIMES = (
    "waited",
    "wait_median",
    "wait_of_9_in_10",
    "hold_median",
    "hold_of_9_in_10",
    "talked",
    "talk_median",
    "written_up",
    "handling_median",
    "handling_of_9_in_10",
)
_MEANS = ("wait_mean", "talk_mean", "write_up_mean", "handling_mean")
_RATES = (
    "answer_rate",
    "overall_rate",
    "service_level",
    "abandonment",
    "callbacks_kept",
    "first_contact",
    "satisfaction",
    "survey_answers",
    "score_mean",
)


def as_data(measures: Measures) -> dict[str, int | float | None]:
    """Return counts, rates between 0 and 1, and times in seconds (`…_seconds`); None where there is nothing."""
    told: dict[str, int | float | None] = {
        name: value for name, value in asdict(measures).items() if name not in _TIMES
    }
    told["text_cost"] = measures.text_cost / 1_000_000
    told.update((name, _rounded(getattr(measures, name))) for name in _RATES)
    for name, value in ((name, getattr(measures, name)) for name in (*_TIMES, *_MEANS)):
        told[f"{name}_seconds"] = _rounded(None if value is None else value / 1_000_000)
    return told


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def report_as_json(one: Report) -> dict[str, Any]:
    """Return a report for programs."""
    return {
        "from": one.period.first.isoformat(),
        "to": one.period.last.isoformat(),
        "zone": one.period.zone.key,
        "as_of": one.now.isoformat(),
        "by": one.by.value,
        "all": as_data(one.all),
        "channels": {str(key): as_data(measures) for key, measures in one.channels.items()},
        "rows": [{"key": _plain(key), **as_data(measures)} for key, measures in one.rows.items()],
        "months": {
            month: {str(key): as_data(measures) for key, measures in channels.items()}
            for month, channels in one.months.items()
        },
    }


def report_as_csv(one: Report) -> str:
    """Return a report as CSV: a row each, and `all` at the end (`kind` tells them apart)."""
    days = one.period.first, one.period.last
    rows = {} if one.by is By.ALL else one.rows
    return as_csv(
        [
            ["from", "to", "kind", "key", *as_data(Measures())],
            *([*days, one.by.value, _plain(key), *as_data(measures).values()] for key, measures in rows.items()),
            [*days, By.ALL.value, "", *as_data(one.all).values()],
        ]
    )


def _plain(key: Key) -> str | int:
    return key.isoformat() if isinstance(key, date) else key
