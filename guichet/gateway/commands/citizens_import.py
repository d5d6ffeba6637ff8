"""`guichet citizens import`: the administration's data, from files or from its own database."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from guichet.citizens.import_run import Part, Progress
from guichet.citizens.import_wish import ImportReport, PartReport, Wish
from guichet.citizens.importer import CitizenImport
from guichet.citizens.layout import Layout
from guichet.citizens.line_fault import LineFault
from guichet.citizens.mapping import Mapping as MappingFile
from guichet.citizens.mapping import read_mapping
from guichet.citizens.source import Sources, sources_of
from guichet.core.csv_text import as_csv
from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.gateway.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False)
STOPPED = "stopped; what was read is kept: the same command with --resume goes on from there"


def today() -> date:
    """Return the date: nobody is born after it."""
    return datetime.now(UTC).date()


def _layout_text(part: Part, layout: Layout) -> str:
    """Say what a source was taken for."""
    columns = ", ".join(f"{field} ← {' + '.join(heads)}" for field, heads in layout.columns.items())
    ignored = f"; not used: {', '.join(layout.ignored)}" if layout.ignored else ""
    separator = "tab" if layout.separator == "\t" else layout.separator
    told = [f"encoding {layout.encoding}"] if layout.encoding else []
    told += [f"separator {separator}"] if separator else []
    return f"{part}: {', '.join([layout.kind, *told])}, columns {columns}{ignored}"


def _fault_json(fault: LineFault) -> dict[str, Any]:
    """Write a fault for scripts."""
    return {"line": fault.number, "fr": fault.reason.fr, "en": fault.reason.en, "kept": fault.kept}


def _part_json(report: PartReport) -> dict[str, Any]:
    """Write what was done of a part for scripts."""
    layout, progress = report.layout, report.progress
    return {
        "kind": layout.kind,
        "encoding": layout.encoding,
        "separator": layout.separator,
        "columns": {field: list(heads) for field, heads in layout.columns.items()},
        "ignored": list(layout.ignored),
        "lines": progress.lines,
        **msgspec.to_builtins(progress.saved),
        "left": progress.left,
        "faults": progress.faults,
        "bad_lines": [_fault_json(fault) for fault in report.faults],
    }


def _report_json(report: ImportReport, *, dry_run: bool) -> dict[str, Any]:
    """Write a report for scripts: people at the top, the other parts below."""
    parts = {part.value: _part_json(one) for part, one in report.parts.items()}
    return {
        "dry_run": dry_run,
        **parts.pop(Part.PEOPLE.value, {}),
        "doubted": report.doubted,
        "goes_on_from": report.goes_on_from,
        **parts,
    }


def _print_part(part: Part, report: PartReport, language: Language, *, dry_run: bool) -> None:
    """Print what was done of a part for people."""
    for fault in report.faults:
        click.echo(f"{part}, line {fault.number}: {fault.reason.to(language)}", err=True)
    saved, lines, faults = report.progress.saved, report.progress.lines, report.progress.faults
    if dry_run:
        click.echo(f"{part}: {lines} lines read, {faults} with a fault; nothing was saved")
        return
    left = f", {report.progress.left} no longer in the source" if report.progress.left else ""
    click.echo(
        f"{part}: {lines} lines: {saved.added} added, {saved.changed} changed, {saved.same} as before{left}, "
        f"{faults} faults"
    )


def _print_doubt(report: ImportReport) -> None:
    """Say that too many are gone to be believed."""
    if report.doubted:
        click.echo(
            f"{report.doubted} people of this source were not in it: more than half. Nobody was marked as having left. "
            "If this is a part of the data, use --partial; if they have left, --accept-departures",
            err=True,
        )


@contextmanager
def _fault_file(path: Path | None) -> Iterator[Any]:
    """Open the file of all bad lines, if one is wanted, and yield what writes to it."""
    if path is None:
        yield lambda _part, _fault: None
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(as_csv([["part", "line", "kept", "fr", "en"]], ";"))
        yield lambda part, fault: file.write(
            as_csv([[part.value, fault.number, fault.kept, fault.reason.fr, fault.reason.en]], ";")
        )


def _show(part: Part, progress: Progress) -> None:
    """Show how far it is."""
    click.echo(f"\r{part}: {progress.lines} lines, {progress.faults} faults", err=True, nl=False)


def _sources(file: Path | None, mapping: Path | None, chosen: Mapping[str, Any]) -> tuple[MappingFile, Sources]:
    """Find what is to be read."""
    if chosen["resume"] and chosen["dry_run"]:
        raise BadInput("a dry run saves nothing to go on with; leave out --resume")
    if file is not None and chosen["query"]:
        raise BadInput("give a file or a --query, not both")
    told = MappingFile() if mapping is None else read_mapping(mapping)
    folder = Path() if mapping is None else mapping.parent
    return told, sources_of(file, told, folder, query=chosen["query"], database=chosen["database"])


@click.command("import")
@click.argument("file", type=FILE, required=False)
@click.option("--mapping", type=FILE, help="TOML file: their columns for our fields; files and mandates (see below).")
@click.option("--query", default="", help="Read people by this SELECT from --database instead of a file.")
@click.option(
    "--database",
    default="",
    help="SQLAlchemy URL of the administration's database (default: GUICHET_IMPORT_DATABASE_URL). It is only read.",
)
@click.option("--source", default="", help="Name of where the data is from; people of other sources are left alone.")
@click.option("--partial", is_flag=True, help="The data holds some of the people only: nobody has left.")
@click.option("--accept-departures", is_flag=True, help="More than half of the source may have left it.")
@click.option("--resume", is_flag=True, help="Go on with the import of this source that was cut off.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, save nothing.")
@click.option("--bad-lines", type=FILE, help="Write every bad line to this CSV file (the first 1,000 are printed).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def import_data(settings: Settings, /, file: Path | None, mapping: Path | None, **chosen: Any) -> None:
    """Import citizens from a file (CSV or JSON lines) or a query; again to update.

    Citizens are known by their identifier: nobody is ever doubled, and nobody erased: whoever is no longer in the
    source is marked, and no longer taken for a caller. Encoding, separator and columns (French or English heads) are
    detected and shown first. Bad lines are reported with their number and reason; good lines are kept. Ctrl-C stops;
    what was read is kept, and --resume goes on.

    guichet citizens import usagers.csv --dry-run
    guichet citizens import usagers.csv
    guichet citizens import usagers.jsonl --source ccas
    guichet citizens import --mapping etat-civil.toml
    guichet citizens import --query "SELECT * FROM usagers ORDER BY id" --database postgresql://lecture@sig/usagers

    etat-civil.toml:
      source = "etat-civil"
      [people]
      from = "usagers.csv"
      columns = {external_id = "NUM", given_names = "PRENOMS", birth_name = "NOM", mobile = ["TEL1", "TEL2"]}
      [files]
      from = "dossiers.csv"
      columns = {external_id = "NUM", number = "NUMDOS", kind = "TYPE", state = "ETAT"}
      [mandates]
      from = "mandats.csv"
      columns = {external_id = "NUM", holder = "MANDATAIRE", role = "QUALITE", scope = "PORTEE", until = "FIN"}
    """
    chosen["database"] = chosen["database"] or settings.import_database_url
    told, sources = _sources(file, mapping, chosen)
    dry_run = chosen["dry_run"]

    async def run(fault: Any) -> ImportReport:
        from guichet.gateway.privacy.erased_key import read_key
        from guichet.gateway.services import open_database

        for part, source in sources.items():
            if not source.is_inside:
                click.echo(_layout_text(part, await source.layout()), err=True)
        async with open_database(settings) as database:
            if not dry_run:
                await database.check()
            wish = Wish(
                source=chosen["source"] or told.source,
                dry_run=dry_run,
                partial=chosen["partial"] or told.partial,
                resume=chosen["resume"],
                accept_departures=chosen["accept_departures"],
                progress=_show,
                fault=fault,
            )
            erased = read_key(settings.data_dir)
            importer = CitizenImport(database.begin, settings.region, erased=erased)
            return await importer.run_sources(sources, today(), wish)

    try:
        with _fault_file(chosen["bad_lines"]) as fault:
            report = asyncio.run(run(fault))
    except KeyboardInterrupt:
        click.echo(f"\n{STOPPED}" if not dry_run else "\nstopped", err=True)
        raise
    click.echo("", err=True)
    _print_doubt(report)
    if chosen["as_json"]:
        click.echo(msgspec.json.encode(_report_json(report, dry_run=dry_run)).decode())
        return
    for part, one in report.parts.items():
        _print_part(part, one, settings.languages[0], dry_run=dry_run)
