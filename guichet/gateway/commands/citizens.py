"""`guichet citizens`: import the administration's file, try the matching, measure it."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from guichet.citizens.citizen import Candidate, Evidence
from guichet.citizens.evaluate import Evaluation, Verdict, first_attempts, names_alone, read_dialogues, summary
from guichet.citizens.heard_text import sort_texts
from guichet.citizens.importer import read_file
from guichet.citizens.line_fault import LineFault
from guichet.citizens.service import CitizenService
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.commands.citizens_import import FILE, import_data, today
from guichet.gateway.commands.citizens_record import history, show, undo_match
from guichet.gateway.settings import Settings

SAMPLE = Path(__file__).parent.parent / "samples" / "citizens.csv"
"""Invented citizens of an invented commune, for the demonstration."""
HIDDEN = frozenset({"anonymous", "hidden", "anonyme", "masqué", "+266696687"})
"""What is given for a caller without a number."""


def _print_json(value: Any) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False))


@click.group()
def citizens() -> None:
    """Import the citizens' record, try who is recognised, measure it."""


for _command in (import_data, show, history, undo_match):
    citizens.add_command(_command)


def _candidate_json(candidate: Candidate) -> dict[str, Any]:
    """Write a candidate for scripts; `id` is the administration's own key."""
    because = [{"fr": one.text.fr, "en": one.text.en, "weight": one.weight} for one in candidate.because]
    citizen = candidate.citizen
    return {
        "id": citizen.external_id,
        "citizen": citizen.id,
        "name": citizen.full_name,
        "score": candidate.score,
        "because": because,
    }


def _print_candidates(candidates: Sequence[Candidate], language: Language) -> None:
    """Print candidates for people."""
    for candidate in candidates:
        click.echo(f"{candidate.score:.3f}  {candidate.citizen.external_id}  {candidate.citizen.full_name}")
        for reason in candidate.because:
            click.echo(f"       {reason.weight:+6.1f}  {reason.text.to(language)}")


@citizens.command()
@click.option("--phone", help="Calling number, or `anonymous`.")
@click.option("--heard", multiple=True, help="What the caller said: a name, a birth date, a postcode. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def match(settings: Settings, phone: str | None, heard: tuple[str, ...], *, as_json: bool) -> None:
    """Show who a caller may be, best first, and why.

    guichet citizens match --phone 0612345678
    guichet citizens match --heard "catherine martin" --heard "le trois mars quatre-vingt-cinq" --json
    """
    number = None if phone is None or phone.lower() in HIDDEN else PhoneNumber.parse(phone, settings.region)
    evidence = Evidence(phone=number, answers=sort_texts(heard))

    async def run() -> tuple[str, tuple[Candidate, ...]]:
        from guichet.gateway.services import open_database

        async with open_database(settings) as database:
            await database.check()
            found = await CitizenService(database.read).identify(evidence)
            return found.certainty.value, found.candidates

    certainty, candidates = asyncio.run(run())
    if as_json:
        _print_json({"outcome": certainty, "candidates": [_candidate_json(candidate) for candidate in candidates]})
        return
    click.echo(certainty)
    _print_candidates(candidates, settings.languages[0])


def _print_figures(figures: dict[str, dict[str, Any]]) -> None:
    """Print figures for people."""
    for turns, found in figures.items():
        click.echo(
            f"{turns:15} right first {found['right_first']:.2%}   sure {found['sure']:.2%}, "
            f"of which wrong {found['sure_error_rate']:.2%} ({found['sure_wrong']})"
            f"   strangers {found['strangers']}, taken for somebody {found['strangers_sure']}"
        )


@citizens.command()
@click.argument("dialogues", type=FILE)
@click.option("--records", type=FILE, required=True, help="CSV file of the people among whom to search.")
@click.option("--predictions", type=FILE, help="Write one JSON line a dialogue: id, best, score, outcome, because.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
def evaluate(dialogues: Path, records: Path, predictions: Path | None, *, as_json: bool) -> None:
    """Measure identification on recorded dialogues: on all turns, the first attempt of each item, the name alone.

    Each line of DIALOGUES is {"id": …, "turns": [{"asked": "name|birth_date|postcode", "heard": [readings, best
    first]}], "expected": …}. `expected` is the identifier of the caller, null for somebody who is not among the
    records; dialogues without it are predicted, but not counted. No database is used.

    guichet citizens evaluate dialogues.jsonl --records records.csv --predictions out.jsonl --json
    """

    def fault(found: LineFault) -> None:
        click.echo(f"{records}, line {found.number}: {found.reason.en}", err=True)

    async def run() -> tuple[list[Verdict], dict[str, dict[str, Any]]]:
        evaluation = await Evaluation.of(read_file(records, today(), fault))
        read = list(read_dialogues(dialogues))
        verdicts = await evaluation.run(read)
        firsts = await evaluation.run(read, first_attempts)
        names = await evaluation.run(read, names_alone)
        return verdicts, {
            "all_turns": summary(verdicts),
            "first_attempts": summary(firsts),
            "name_alone": summary(names),
        }

    verdicts, figures = asyncio.run(run())
    if predictions is not None:
        with predictions.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(verdict.line(), ensure_ascii=False) + "\n" for verdict in verdicts)
    if as_json:
        _print_json(figures)
    else:
        _print_figures(figures)
