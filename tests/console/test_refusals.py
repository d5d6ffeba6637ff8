"""What refuses an agent's step is told in their language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import guichet
from guichet.console.refusals import french, told
from guichet.core.language import Language

BEHIND_THE_DESK = (
    "callbacks/dispatch",
    "callbacks/flag",
    "callbacks/incivility",
    "callbacks/letting_go",
    "callbacks/passing_on",
    "callbacks/presence",
    "callbacks/taking",
    "callbacks/undoing",
    "console/case_talk",
    "console/case_web",
    "console/case_work",
    "console/desk_web",
    "routing/presence",
    "sms/answering",
    "sms/drafting",
)


def raised(module: str) -> Iterator[str]:
    """Return the sentences that a module raises, with `{}` for what is filled in."""
    source = (Path(guichet.__file__).parent / f"{module}.py").read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"BadInput", "Conflict"}:
            yield from sentences(node.args[0])


def sentences(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from sentences(one)
            yield from sentences(other)


@pytest.mark.parametrize("module", BEHIND_THE_DESK)
def test_whatever_refuses_an_agent_is_told_in_french(module: str) -> None:
    assert {one for one in raised(module) if one not in french()} == set()


def test_no_sentence_is_kept_that_nobody_raises() -> None:
    assert set(french()) <= {one for module in BEHIND_THE_DESK for one in raised(module)}


def test_blanks_are_filled_and_what_is_not_known_stays_english() -> None:
    assert told("Bruno is not free (pause): pass it on to a queue", Language.FR).text.startswith(
        "Bruno n’est plus libre"
    )
    assert told("Bruno is not free (pause): pass it on to a queue", Language.EN).language is Language.EN
    assert told("something else", Language.FR) == told("something else", Language.EN)
