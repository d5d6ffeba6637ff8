"""`guichet intents add|try`: an example is added to a draft, and what that changes is seen before it is published."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual, Language
from guichet.gateway.commands.intents_desk import IntentDesk, at_intents
from guichet.gateway.commands.intents_versions import usable_intents
from guichet.gateway.commands.rule_files import Telling, json_option, language_option, read_file
from guichet.gateway.settings import Settings
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_editing import add_example
from guichet.routing.intent_evaluation import OUT_OF_SCOPE
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.intent_trial import Change, Figures, Trial, trial
from guichet.routing.tell_language import tell_language
from guichet.routing.use_encoder import find_encoder
from guichet.transcripts.redact import without_labels

_ADDED = Bilingual("ajouté à {file} ; guichet intents try {file}", "added to {file}; guichet intents try {file}")
_LINES: Sequence[tuple[str, Bilingual]] = (
    ("examples", Bilingual("exemples", "examples")),
    ("accuracy", Bilingual("bien compris, chacun par tous les autres", "understood, each by all the others")),
    ("refused", Bilingual("hors sujet bien refusés", "out of scope, refused")),
    ("danger_recall", Bilingual("dangers reconnus", "dangers caught")),
    ("danger_false_alarms", Bilingual("fausses alertes de danger", "false alarms of danger")),
)
_MENDED = Bilingual("exemples désormais bien compris :", "examples now understood:")
_SPOILT = Bilingual("exemples qui ne sont plus compris :", "examples no longer understood:")
_TEXTS = Bilingual("messages d'usagers compris autrement :", "texts of citizens understood otherwise:")
_NOBODY = Bilingual("pas compris", "not understood")


@click.command()
@click.argument("intent")
@click.argument("example")
@click.option("--draft", type=click.Path(path_type=Path), default=Path("intents-draft.yaml"), show_default=True)
@click.option("--example-language", type=click.Choice([one.value for one in Language]), help="(default: as it reads)")
@language_option
@json_option
@click.pass_obj
def add(settings: Settings, /, intent: str, example: str, draft: Path, *, as_json: bool, **given: Any) -> None:
    """Add an EXAMPLE of INTENT (hors_sujet: of what is no matter) to a draft, which begins as the book in force.

    guichet intents add cantine_periscolaire "le petit mange plus le mardi"
    guichet intents try intents-draft.yaml
    """
    telling = Telling.of(settings, given["language"], as_json=as_json)
    text = read_file(draft) if draft.exists() else at_intents(settings, lambda desk: desk.text())
    named = given["example_language"]
    written = Language(named) if named else tell_language(example) or Language.FR
    changed = add_example(text, None if intent in OUT_OF_SCOPE else intent, written, example)
    try:
        draft.write_text(changed, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{draft} cannot be written: {error.strerror}") from None
    telling.print_json({"draft": str(draft), "intent": intent, "language": written.value})
    telling.say(_ADDED, file=draft)


@click.command("try")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--days", type=click.IntRange(1, 3660), default=30, help="How far back to look at unclear texts (30).")
@language_option
@json_option
@click.pass_obj
def try_draft(settings: Settings, file: Path, days: int, language: str | None, *, as_json: bool) -> None:
    """Say what publishing FILE would change: figures before and after, examples and unclear texts read otherwise.

    guichet intents try intents-draft.yaml
    guichet intents try intents-draft.yaml --json
    """
    telling = Telling.of(settings, language, as_json=as_json)
    draft = usable_intents(file, read_file(file), telling)

    async def work(desk: IntentDesk) -> tuple[str, list[str]]:
        return await desk.text(), await desk.unclear(timedelta(days=days))

    text, unclear = at_intents(settings, work)
    encoder = find_encoder(settings.data_dir / "vectors")
    before, after = (IntentMatcher.train(book, encoder) for book in (IntentBook.parse(text), draft))
    found = trial(before, after, filter(None, map(without_labels, unclear)))
    telling.print_json(found.as_data())
    if not as_json:
        _print(found, telling.to)


COMMANDS: Sequence[click.Command] = (add, try_draft)


def _print(found: Trial, to: Language) -> None:
    """Print a trial for people."""
    for name, title in _LINES:
        was, now = (_value(figures, name) for figures in (found.before, found.after))
        click.echo(f"{title.to(to):44} {was:>8} -> {now:>8}")
    for title, changes in ((_MENDED, found.mended), (_SPOILT, found.spoilt), (_TEXTS, found.texts)):
        if changes:
            click.echo(title.to(to))
        for one in changes:
            click.echo(f"  {_change(one, to)}")


def _value(figures: Figures, name: str) -> str:
    value = getattr(figures, name)
    if value is None:
        return "-"
    return str(value) if name == "examples" else f"{value:.2%}"


def _change(one: Change, to: Language) -> str:
    before, after = (name or _NOBODY.to(to) for name in (one.before, one.after))
    return f"{one.text}: {before} -> {after}"
