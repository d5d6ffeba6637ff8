"""`guichet citizens`: import the administration's file, try the matching, measure it."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from guichet.citizens.citizen import Candidate, Evidence
from guichet.citizens.csv_file import CsvLayout, detect
from guichet.citizens.csv_row import LineFault
from guichet.citizens.evaluate import Evaluation, Verdict, first_attempts, names_alone, read_dialogues, summary
from guichet.citizens.heard_text import sort_texts
from guichet.citizens.importer import CitizenImport, ImportReport, Progress, read_file
from guichet.citizens.service import CitizenService
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.settings import Settings

SAMPLE = Path(__file__).parent.parent / "samples" / "citizens.csv"
"""Invented citizens of an invented commune, for the demonstration."""
HIDDEN = frozenset({"anonymous", "hidden", "anonyme", "masqué", "+266696687"})
"""What is given for a caller without a number."""
FILE = click.Path(path_type=Path, dir_okay=False)


def _today() -> date:
    """Return the date: nobody is born after it."""
    return datetime.now(UTC).date()


def _print_json(value: Any) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False))


@click.group()
def citizens() -> None:
    """Import the citizens' record, try who is recognised, measure it."""


def _layout_text(layout: CsvLayout) -> str:
    """Say what a file was taken for."""
    columns = ", ".join(f"{field} ← {' + '.join(heads)}" for field, heads in layout.columns.items())
    ignored = f"; not used: {', '.join(layout.ignored)}" if layout.ignored else ""
    separator = "tab" if layout.separator == "\t" else layout.separator
    return f"encoding {layout.encoding}, separator {separator}, columns {columns}{ignored}"


def _fault_json(fault: LineFault) -> dict[str, Any]:
    """Write a fault for scripts."""
    return {"line": fault.number, "fr": fault.reason.fr, "en": fault.reason.en, "kept": fault.kept}


def _report_json(report: ImportReport, *, dry_run: bool) -> dict[str, Any]:
    """Write a report for scripts."""
    saved = report.progress.saved
    return {
        "dry_run": dry_run,
        "encoding": report.layout.encoding,
        "separator": report.layout.separator,
        "columns": {field: list(heads) for field, heads in report.layout.columns.items()},
        "ignored": list(report.layout.ignored),
        "lines": report.progress.lines,
        "added": saved.added,
        "changed": saved.changed,
        "same": saved.same,
        "faults": report.progress.faults,
        "bad_lines": [_fault_json(fault) for fault in report.faults],
    }


def _print_report(report: ImportReport, language: Language, *, dry_run: bool) -> None:
    """Print a report for people."""
    for fault in report.faults:
        click.echo(f"line {fault.number}: {fault.reason.to(language)}", err=True)
    saved, lines, faults = report.progress.saved, report.progress.lines, report.progress.faults
    if dry_run:
        click.echo(f"{lines} lines read, {faults} with a fault; nothing was saved")
        return
    click.echo(f"{lines} lines: {saved.added} added, {saved.changed} changed, {saved.same} as before, {faults} faults")


@citizens.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Read and check everything, save nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def import_file(settings: Settings, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Import a CSV file; import it again to update (citizens are known by their identifier).

    Encoding, separator and columns (French or English heads) are detected and shown. Bad lines are reported with their
    number and reason; good lines are kept.

    \b
    guichet citizens import usagers.csv --dry-run
    guichet citizens import usagers.csv
    """  # noqa: D301 -- click's mark of a paragraph not to be filled

    def show(progress: Progress) -> None:
        click.echo(f"\r{progress.lines} lines, {progress.faults} faults", err=True, nl=False)

    async def run() -> ImportReport:
        from guichet.gateway.services import open_database

        async with open_database(settings) as database:
            if not dry_run:
                await database.check()
            importer = CitizenImport(database.begin, settings.region)
            return await importer.run(file, _today(), dry_run=dry_run, progress=show)

    click.echo(_layout_text(detect(file)), err=True)
    report = asyncio.run(run())
    click.echo("", err=True)
    if as_json:
        _print_json(_report_json(report, dry_run=dry_run))
    else:
        _print_report(report, settings.languages[0], dry_run=dry_run)


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

    \b
    guichet citizens match --phone 0612345678
    guichet citizens match --heard "catherine martin" --heard "le trois mars quatre-vingt-cinq" --json
    """  # noqa: D301 -- click's mark of a paragraph not to be filled
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

    \b
    guichet citizens evaluate dialogues.jsonl --records records.csv --predictions out.jsonl --json
    """  # noqa: D301 -- click's mark of a paragraph not to be filled

    def fault(found: LineFault) -> None:
        click.echo(f"{records}, line {found.number}: {found.reason.en}", err=True)

    async def run() -> tuple[list[Verdict], dict[str, dict[str, Any]]]:
        evaluation = await Evaluation.of(read_file(records, _today(), fault))
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
