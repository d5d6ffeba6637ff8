"""`guichet transcribe`: hear files as calls are heard."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import click

from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.transcripts.heard import (
    Digits,
    Expectation,
    FileNumber,
    FreeSpeech,
    Heard,
    Letters,
    Postcode,
    SpokenDate,
    Telephone,
    YesNo,
)

EXPECTATIONS: dict[str, Expectation] = {
    "digits": Digits(),
    "yes-no": YesNo(),
    "date": SpokenDate(),
    "letters": Letters(),
    "file": FileNumber(),
    "phone": Telephone(),
    "postcode": Postcode(),
}
EXIT_BAD_INPUT = 2


class Chosen(Protocol):
    """What the settings say of languages and models."""

    @property
    def models_dir(self) -> Path:
        """The folder of the models."""
        ...

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the service, the first one first."""
        ...


@click.command("transcribe")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--language", "language", metavar="L", help="fr or en (default: the first with a model installed).")
@click.option("--expect", "expect", type=click.Choice(list(EXPECTATIONS)), help="What is said; gives its value too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@click.pass_context
def transcribe(
    context: click.Context, files: tuple[Path, ...], language: str | None, expect: str | None, *, as_json: bool
) -> None:
    """Hear each FILE as a call is heard: WAV (mono, 8 to 96 kHz) or raw µ-law (.ulaw, 8 kHz).

    A file that cannot be read is named on standard error, the others are heard all the same, and the exit code is 2.
    One that is cut short is heard as far as it goes, and said to be cut: on standard error, and in the JSON (`cut`).

    Examples:
      guichet transcribe message.wav
      guichet transcribe --language en --expect digits --json numbers/*.wav
    """
    from guichet.transcripts.transcribe import transcribe as hear
    from guichet.transcripts.vosk_engine import VoskEngine

    settings: Chosen = context.obj
    spoken = _language(settings, language)
    engine = VoskEngine(settings.models_dir)
    engine.load([spoken])
    expects = EXPECTATIONS[expect] if expect else FreeSpeech()
    one = partial(_heard, partial(hear, language=spoken, expects=expects, open_decoder=engine.decoder))
    has_failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, heard in zip(files, pool.map(one, files), strict=True):
            if isinstance(heard, BadInput):
                has_failed = True
                click.echo(f"guichet: {heard}", err=True)
            else:
                data = {**_as_data(path, heard[0], expects if expect else None), "cut": heard[1]}
                click.echo(json.dumps(data, ensure_ascii=False) if as_json else _as_line(data))
                if data["cut"]:
                    click.echo(f"guichet: {path} is cut short: it is heard as far as it goes", err=True)
    if has_failed:
        context.exit(EXIT_BAD_INPUT)


def _heard(hear: Callable[[Path], Heard], path: Path) -> tuple[Heard, bool] | BadInput:
    """Hear one file, and whether it is cut; or return what is wrong with it."""
    from guichet.transcripts.audio_file import is_cut

    try:
        return hear(path), is_cut(path)
    except BadInput as error:
        return error


def _language(settings: Chosen, wanted: str | None) -> Language:
    """Return the language asked for, or the first one that can be heard."""
    from guichet.transcripts.model_files import model_folder

    if wanted is not None:
        try:
            return Language(wanted.lower())
        except ValueError:
            raise BadInput(f"'{wanted}' is no language we hear: fr or en") from None
    able = [language for language in settings.languages if model_folder(settings.models_dir, language)]
    return able[0] if able else settings.languages[0]


def _as_data(path: Path, heard: Heard, expects: Expectation | None) -> dict[str, Any]:
    """Return a file's line as data."""
    from guichet.transcripts.understand import understand

    data: dict[str, Any] = {
        "file": str(path),
        "language": heard.language.value,
        "seconds": heard.seconds,
        "text": heard.text,
        "words": [
            {"word": word.text, "start": word.start, "end": word.end, "confidence": word.confidence}
            for word in heard.words
        ],
        "alternatives": list(heard.alternatives),
    }
    return data if expects is None else {**data, "value": understand(heard, expects)}


def _as_line(data: dict[str, Any]) -> str:
    """Return a file's line for people."""
    value = f"  = {data['value']}" if data.get("value") else ""
    return f"{data['file']}  ({data['seconds']:.1f} s)  {data['text'] or '—'}{value}"
