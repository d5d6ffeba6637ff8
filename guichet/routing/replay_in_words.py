"""What a replay has found, for people and for programs. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from guichet.core.language import Bilingual
from guichet.routing.decision import Outcome
from guichet.routing.replay import Change, Replay, Side
from guichet.routing.tally import Tally

_OUTCOMES = {
    Outcome.ANSWER: Bilingual("réponse", "answer"),
    Outcome.AGENT: Bilingual("agent", "agent"),
    Outcome.CALLBACK: Bilingual("rappel", "callback"),
    Outcome.EMERGENCY: Bilingual("urgence", "emergency"),
}
_SAMPLE = Bilingual(
    "ATTENTION : {samples} de ces contacts sont un historique d'exemple, inventé",
    "MIND: {samples} of these contacts are a sample history, invented",
)
_NONE = Bilingual("aucun contact n'a gardé de quoi être rejoué", "no contact has kept what it takes to be replayed")
_TOTAL = Bilingual(
    "{contacts} contacts rejoués : {changed} changent de suite ou de file, {other} d'autre règle seulement",
    "{contacts} contacts replayed: {changed} change outcome or queue, {other} only the rule",
)
_OLDER = Bilingual(
    "décidés par d'autres versions des règles : {older}, dont {outdated} autrement que par les règles publiées ; "
    "le brouillon est comparé à ce que les règles publiées en décident",
    "decided by other versions of the rules: {older}, of them {outdated} otherwise than by the published rules; "
    "the draft is compared with what the published rules decide of them",
)
_CHANGE = Bilingual("{matter} : {count} contacts, {before} → {after}", "{matter}: {count} contacts, {before} → {after}")
_EXAMPLE = Bilingual(
    "    {at:%Y-%m-%d %H:%M} UTC {contact} « {heard} » : {old} → {new}",
    "    {at:%Y-%m-%d %H:%M} UTC {contact} '{heard}': {old} → {new}",
)
_WAIT = Bilingual(
    "{kind} {name} : {cases_before} → {cases_after} cas, attente moyenne {mean_before} → {mean_after} min, 9 sur 10 en "
    "{most_before} → {most_after} min, objectif tenu {kept_before} → {kept_after} %, "
    "servis {rate_before} → {rate_after} %",
    "{kind} {name}: {cases_before} → {cases_after} cases, mean wait {mean_before} → {mean_after} min, 9 of 10 within "
    "{most_before} → {most_after} min, target kept {kept_before} → {kept_after} %, "
    "served {rate_before} → {rate_after} %",
)
_ANSWERED = Bilingual("répondus sans agent : {before} → {after}", "answered without an agent: {before} → {after}")
_MODEL = Bilingual(
    "(attentes simulées, des deux côtés avec les mêmes agents et durées)",
    "(waits are simulated, on both sides with the same agents and handling times)",
)
_QUEUE, _MATTER, _ALL = Bilingual("file", "queue"), Bilingual("demande", "matter"), Bilingual("ensemble", "all")
_NO_MATTER = Bilingual("demande non comprise", "matter not understood")
_LEAST = 0.05
"""Waits of matters are told when they differ by this part at least."""


def replay_in_words(one: Replay) -> Iterator[Bilingual]:
    """Yield the lines of a report."""
    if one.samples:
        yield _SAMPLE.format(samples=one.samples)
    if not one.contacts:
        yield _NONE
        return
    changed = sum(one.changes.values())
    yield _TOTAL.format(contacts=one.contacts, changed=changed, other=one.other_rule)
    if one.older:
        yield _OLDER.format(older=one.older, outdated=one.outdated)
    yield from _changes(one)
    yield _ANSWERED.format(before=one.before.answered, after=one.after.answered)
    yield _MODEL
    yield _waits(_ALL, "", one.before.total(), one.after.total())
    for name in sorted({*one.before.queues, *one.after.queues}):
        yield _waits(_QUEUE, name, one.before.queues[name], one.after.queues[name])
    for name in sorted({*one.before.matters, *one.after.matters}):
        before_, after_ = one.before.matters[name], one.after.matters[name]
        if abs(after_.mean - before_.mean) > _LEAST * max(before_.mean, 1.0):
            yield _waits(_MATTER, name, before_, after_)


def _changes(one: Replay) -> Iterator[Bilingual]:
    """Yield what changes, the most frequent first, with examples."""
    for change, count in one.changes.most_common():
        before, after = (_decided(*side) for side in (change.before, change.after))
        matter = Bilingual(change.matter, change.matter) if change.matter else _NO_MATTER
        yield Bilingual(
            _CHANGE.fr.format(matter=matter.fr, count=count, before=before.fr, after=after.fr),
            _CHANGE.en.format(matter=matter.en, count=count, before=before.en, after=after.en),
        )
        for example in one.examples[change]:
            yield _EXAMPLE.format(
                at=example.at,
                contact=example.contact,
                heard=example.heard,
                old=example.rule_before,
                new=example.rule_after,
            )


def _decided(outcome: Outcome, queue: str) -> Bilingual:
    said = _OUTCOMES[outcome]
    return Bilingual(f"{said.fr} ({queue})", f"{said.en} ({queue})")


def _waits(kind: Bilingual, name: str, before: Tally, after: Tally) -> Bilingual:
    figures = {
        f"{what}_{when}": value
        for when, tally in (("before", before), ("after", after))
        for what, value in (
            ("cases", tally.cases),
            ("mean", f"{tally.mean:.1f}"),
            ("most", f"{tally.within(0.9):.0f}"),
            ("kept", f"{100 * tally.kept:.1f}"),
            ("rate", f"{100 * tally.answer_rate:.1f}"),
        )
    }
    fr, en = _WAIT.fr.format(kind=kind.fr, name=name, **figures), _WAIT.en.format(kind=kind.en, name=name, **figures)
    return Bilingual(fr.replace("  ", " "), en.replace(" :", ":"))


def replay_as_json(one: Replay) -> dict[str, Any]:
    """Return the report for programs; waits are in minutes."""
    return {
        "contacts": one.contacts,
        "samples": one.samples,
        "changed": sum(one.changes.values()),
        "other_rule": one.other_rule,
        "older": {"contacts": one.older, "outdated": one.outdated},
        "changes": [_change(one, change, count) for change, count in one.changes.most_common()],
        "before": _side(one.before),
        "after": _side(one.after),
    }


def _change(one: Replay, change: Change, count: int) -> dict[str, Any]:
    return {
        "matter": change.matter or None,
        "count": count,
        "before": {"outcome": change.before[0].value, "queue": change.before[1]},
        "after": {"outcome": change.after[0].value, "queue": change.after[1]},
        "examples": [
            {
                "contact": example.contact,
                "at": example.at.isoformat(),
                "heard": example.heard,
                "rule_before": example.rule_before,
                "rule_after": example.rule_after,
            }
            for example in one.examples[change]
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "answered_without_agent": side.answered,
        "total": _tally(side.total()),
        "queues": _tallies(side.queues),
        "matters": _tallies(side.matters),
    }


def _tallies(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {name: _tally(tallies[name]) for name in sorted(tallies)}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "cases": tally.cases,
        "served": tally.served,
        "gave_up": tally.gave_up,
        "answer_rate": round(tally.answer_rate, 4),
        "target_kept": round(tally.kept, 4),
        "mean_wait": round(tally.mean, 2),
        "wait_of_9_in_10": round(tally.within(0.9), 1),
    }
