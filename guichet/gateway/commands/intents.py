"""`guichet intents`: match a text, measure the matcher."""

import json
import time
from pathlib import Path

import click

from guichet.core.errors import BadInput
from guichet.gateway.commands import intents_draft, intents_versions
from guichet.gateway.commands.intents_unclear import unclear
from guichet.gateway.settings import Settings
from guichet.routing.intent import IntentMatch

_WITH_ENCODER = "guichet.with_encoder"


def _keep_choice(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own
    context.meta[_WITH_ENCODER] = value


encoder_option = click.option(
    "--encoder/--no-encoder",
    default=True,
    callback=_keep_choice,
    expose_value=False,
    help="Look again at what words leave in doubt with a sentence encoder, if guichet[encoder] is installed (default).",
)


@click.group("intents")
def intents() -> None:
    """Match what citizens say to matters of the intent book, measure how well, change the book and publish it."""


@intents.command("match")
@click.argument("text", nargs=-1, required=True)
@click.option(
    "--book", "book_path", type=click.Path(path_type=Path), help="An intent book (default: the one in force)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a text.")
@encoder_option
@click.pass_obj
def match(settings: Settings | None, text: tuple[str, ...], book_path: Path | None, *, as_json: bool) -> None:
    """Say what each TEXT asks for, how surely, and which words decided.

    Examples:
      guichet intents match "bjr jvoudrai un rdv pr ma carte didentite svp"
      guichet intents match --json "there is a smell of gas"
    """
    from guichet.gateway.commands.intents_desk import book_in_force
    from guichet.routing.intent_book import IntentBook
    from guichet.routing.intent_matcher import IntentMatcher
    from guichet.routing.use_encoder import find_encoder

    book = IntentBook.parse(_read(book_path)) if book_path else book_in_force(settings)
    encoder = find_encoder(_vectors(settings)) if _wants_encoder() else None
    matcher = IntentMatcher.train(book, encoder)
    for one in text:
        found = matcher.match([one])
        click.echo(json.dumps(_as_data(found), ensure_ascii=False) if as_json else _as_line(found))


@intents.command("evaluate")
@click.argument("test", type=click.Path(path_type=Path))
@click.option("--train", "train_path", type=click.Path(path_type=Path), help="Train on this table, not on the book.")
@click.option("--predictions", "out_path", type=click.Path(path_type=Path), help="Write each prediction here.")
@click.option(
    "--book", "book_path", type=click.Path(path_type=Path), help="An intent book (default: the one in force)."
)
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@encoder_option
@click.pass_obj
def evaluate(
    settings: Settings | None,
    test: Path,
    train_path: Path | None,
    out_path: Path | None,
    book_path: Path | None,
    *,
    as_json: bool,
) -> None:
    """Measure the matcher on TEST, a table with the header text<TAB>intent (`oos` or `hors_sujet`: out of scope).

    Examples:
      guichet intents evaluate test.tsv --json
      guichet intents evaluate test.tsv --train train.tsv --predictions out.tsv
    """
    from guichet.gateway.commands.intents_desk import book_in_force
    from guichet.routing.intent_book import IntentBook
    from guichet.routing.intent_evaluation import (
        answered,
        book_of,
        figures,
        predictions_table,
        read_table,
        times,
        what_is_added,
    )
    from guichet.routing.intent_matcher import IntentMatcher
    from guichet.routing.use_encoder import find_encoder

    asked = read_table(_read(test), test.name)
    if train_path:
        book = book_of(read_table(_read(train_path), train_path.name))
    else:
        book = IntentBook.parse(_read(book_path)) if book_path else book_in_force(settings)
    encoder = find_encoder(_vectors(settings)) if _wants_encoder() else None
    started = time.perf_counter()
    matcher = IntentMatcher.train(book, encoder)
    trained = time.perf_counter()
    answers = answered(matcher, asked)
    if out_path:
        _write(out_path, predictions_table(answers))
    told: dict[str, float | int | str | None] = {
        **figures(answers),
        "threshold": round(matcher.scale.score(matcher.scale.bar), 4),
        "seconds_to_train": round(trained - started, 3),
        **times(answers),
        "encoder": encoder.name if encoder else None,
        **(what_is_added(matcher, answers) if encoder else {}),
    }
    if as_json:
        click.echo(json.dumps(told))
    else:
        click.echo("\n".join(f"{name:36}{'-' if value is None else value}" for name, value in told.items()))


for command in (unclear, *intents_versions.COMMANDS, *intents_draft.COMMANDS):
    intents.add_command(command)


def _wants_encoder() -> bool:
    return bool(click.get_current_context().meta[_WITH_ENCODER])


def _vectors(settings: Settings | None) -> Path | None:
    return settings.data_dir / "vectors" if settings else None


def _read(path: Path) -> str:
    """Read a text file. Raises BadInput for what cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as UTF-8 text ({_why(error)})") from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({_why(error)})") from error


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or "not UTF-8"


def _as_data(found: IntentMatch) -> dict[str, object]:
    runner_up = found.runner_up
    return {
        "text": found.text,
        "intent": found.intent,
        "score": found.score,
        "runner_up": {"intent": runner_up.intent, "score": runner_up.score} if runner_up else None,
        "because": list(found.because),
        "also": list(found.also),
    }


def _as_line(found: IntentMatch) -> str:
    why = f"  ({', '.join(found.because)})" if found.because else ""
    also = "".join(f" + {intent}" for intent in found.also)
    return f"{found.score:.2f}  {found.intent or 'out of scope'}{also}{why}"
