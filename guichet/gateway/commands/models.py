"""`guichet models`: list, install and verify the speech models."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import click

from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.transcripts.models import CATALOGUE, LARGE, MODELS, Size, SpeechModel
from guichet.transcripts.progress import Progress


class Chosen(Protocol):
    """What the settings say of the models."""

    @property
    def models_dir(self) -> Path:
        """The folder of the models."""
        ...


class PlainProgress:
    """A line for each quarter: for logs and terminals that are none."""

    def __init__(self) -> None:
        self._what, self._total, self._told = "", 1, 0

    def say(self, line: str) -> None:
        """Print a line."""
        click.echo(line, err=True)

    def start(self, what: str, total: int) -> None:
        """Begin counting."""
        self._what, self._total, self._told = what, max(total, 1), 0

    def reach(self, done: int) -> None:
        """Print a line when another quarter is done."""
        quarter = done * 4 // self._total
        if quarter > self._told:
            self._told = quarter
            self.say(f"{self._what}: {quarter * 25} %")


class BarProgress:
    """A bar on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bars = Bars(*columns, console=Console(stderr=True))
        self._task: TaskID | None = None

    @contextmanager
    def shown(self) -> Iterator[Progress]:
        """Show the bar inside the block."""
        with self._bars:
            yield self

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self._bars.print(line, markup=False, highlight=False)

    def start(self, what: str, total: int) -> None:
        """Show a new bar."""
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(what, total=total)

    def reach(self, done: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.update(self._task, completed=done)


@click.group("models")
def models() -> None:
    """Install and check the speech models.

    Examples:
      guichet models install en
      guichet models install fr --from https://mirror.example.org/vosk/
      guichet models install fr --size large --sha256 9f2c…
      guichet models verify --json
    """


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a model.")
@click.pass_obj
def list_models(settings: Chosen, *, as_json: bool) -> None:
    """List the models, and which are installed."""
    for model in MODELS:
        folder = _folder(settings.models_dir, model)
        data: dict[str, Any] = {"language": model.language.value, "model": model.name, "size": model.size.value}
        if as_json:
            found = None if folder is None else str(folder)
            data = {**data, "megabytes": model.megabytes, "folder": found}
            click.echo(json.dumps(data, ensure_ascii=False))
        else:
            state = f"installed in {folder}" if folder else f"not installed: {model.command}"
            click.echo(f"{model.language.value}  {model.name}  {model.megabytes} MB  {state}")


def _folder(models_dir: Path, model: SpeechModel) -> Path | None:
    """Return the folder of a model, or None. A model of the operator's own stands in the place of the small one."""
    from guichet.transcripts.model_files import model_folder

    if (models_dir / model.name).exists():
        return models_dir / model.name
    found = model_folder(models_dir, model.language)
    is_own = found is not None and found.name not in {one.name for one in MODELS}
    return found if is_own and model.size is Size.SMALL else None


@models.command("install")
@click.argument("languages", nargs=-1, required=True, metavar="LANG...")
@click.option("--size", type=click.Choice([size.value for size in Size]), default=Size.SMALL.value, show_default=True)
@click.option("--from", "given", metavar="FILE_OR_URL", help="The archive, or the address of a mirror's folder.")
@click.option("--sha256", metavar="HEX", help="What the archive must have: for large models, which nobody signs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a model.")
@click.pass_obj
def install_models(settings: Chosen, /, languages: tuple[str, ...], *, as_json: bool, **options: Any) -> None:
    """Install the model of each LANG (fr, en): fetched, checked by SHA-256, placed at once.

    Sources, in order: the official site; for English, a Python package that carries the same files. With --from, that
    file or mirror alone. A download that was cut goes on where it stopped.

    Large models hear free speech better and need gigabytes of memory; install the small one too: it hears digits, dates
    and letters, for which large models take no grammar. Without --sha256 a large archive is fetched, and what its
    SHA-256 is, is said.
    """
    from guichet.transcripts.install import install, sources

    wanted = [_model(language, Size(options["size"])) for language in languages]
    given, sha256 = options["given"], options["sha256"]
    if (given is not None or sha256 is not None) and len(wanted) > 1:
        raise BadInput("--from and --sha256 are of one model: name one language")
    if sha256 is not None:
        wanted = [_trusted(wanted[0], sha256)]
    for model in wanted:
        with BarProgress().shown() if sys.stderr.isatty() else nullcontext(PlainProgress()) as progress:
            folder = asyncio.run(install(model, settings.models_dir, sources(model, given), progress))
        if as_json:
            data = {"language": model.language.value, "model": model.name, "folder": str(folder)}
            click.echo(json.dumps(data, ensure_ascii=False))


@models.command("verify")
@click.argument("languages", nargs=-1, metavar="[LANG]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a model.")
@click.pass_context
def verify_models(context: click.Context, languages: tuple[str, ...], *, as_json: bool) -> None:
    """Check the files of the installed models (or of each LANG) by SHA-256; exit 1 when one is not right."""
    from guichet.transcripts.verify import verify

    models_dir: Path = context.obj.models_dir
    named = [_model(language) for language in languages]
    chosen = named or [model for model in MODELS if (models_dir / model.name).exists()]
    if not chosen:
        click.echo("no model is installed: guichet models install fr en", err=True)
    all_right = bool(chosen)
    for model in chosen:
        finding = verify(model, models_dir / model.name)
        all_right &= finding.is_right
        if as_json:
            data = {"language": model.language.value, "model": model.name, "right": finding.is_right}
            click.echo(json.dumps({**data, "faults": list(finding.faults)}, ensure_ascii=False))
        else:
            click.echo(f"{model.name}: {'right' if finding.is_right else '; '.join(finding.faults)}")
    if not all_right:
        context.exit(1)


def _trusted(model: SpeechModel, sha256: str) -> SpeechModel:
    """Return a model with the SHA-256 as typed. Raises BadInput for what is none, or is not the one we know."""
    if not re.fullmatch(r"[0-9A-Fa-f]{64}", sha256):
        raise BadInput(f"'{sha256}' is no SHA-256: give its 64 hexadecimal digits")
    if model.archive.sha256 not in {"", sha256.lower()}:
        raise BadInput(f"the SHA-256 of {model.archive.name} is known, and is another one: leave --sha256 out")
    return model.trusted(sha256)


def _model(language: str, size: Size = Size.SMALL) -> SpeechModel:
    """Return the model of a language as typed. Raises BadInput for one there is none for."""
    try:
        return (CATALOGUE if size is Size.SMALL else LARGE)[Language(language.lower())]
    except ValueError:
        names = ", ".join(language.value for language in CATALOGUE)
        raise BadInput(f"no speech model for '{language}'; there are models for {names}") from None
