import json
from pathlib import Path
from typing import Any

import pytest

from guichet.citizens.citizen import Item
from guichet.citizens.evaluate import Evaluation, Turn, first_attempts, names_alone, read_dialogues, summary
from guichet.core.errors import BadInput
from tests.citizens.people import EVERYBODY

NAME = {"asked": "name", "attempt": 0, "heard": ["catrine martin", "catherine martin"]}
BIRTH = {"asked": "birth_date", "attempt": 0, "heard": ["3 mars 1985"]}


def written(folder: Path, *dialogues: dict[str, Any]) -> Path:
    file = folder / "dialogues.jsonl"
    file.write_text("\n".join(map(json.dumps, dialogues)) + "\n\n", encoding="utf-8")
    return file


async def test_a_verdict_names_the_best_and_why(tmp_path: Path) -> None:
    file = written(tmp_path, {"id": "D1", "expected": "1", "turns": [NAME, BIRTH]})
    (verdict,) = await (await Evaluation.of(EVERYBODY)).run(read_dialogues(file))
    line = verdict.line()
    assert (line["id"], line["best"], line["outcome"]) == ("D1", "1", "sure")
    assert line["score"] > 0.99
    assert line["because"][0].keys() == {"fr", "en", "weight"}


async def test_nothing_heard_gives_no_best(tmp_path: Path) -> None:
    file = written(tmp_path, {"id": "D1", "expected": "1", "turns": [{"asked": "name", "heard": []}]})
    (verdict,) = await (await Evaluation.of(EVERYBODY)).run(read_dialogues(file))
    assert verdict.line() == {"id": "D1", "best": None, "score": 0.0, "outcome": "unknown", "because": []}


async def test_the_summary_counts_right_sure_and_wrong(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        {"id": "right", "expected": "1", "turns": [NAME, BIRTH]},
        {"id": "wrong", "expected": "2", "turns": [NAME, BIRTH]},
        {"id": "stranger", "expected": None, "turns": [{"asked": "name", "heard": ["wolfgang zimmermann"]}]},
        {"id": "unlabelled", "turns": [NAME]},
    )
    found = summary(await (await Evaluation.of(EVERYBODY)).run(read_dialogues(file)))
    assert (found["dialogues"], found["labelled"]) == (4, 3)
    assert found["right_first"] == pytest.approx(2 / 3, abs=1e-4)
    assert (found["sure_wrong"], found["sure_error_rate"]) == (1, 0.5)


def test_first_attempts_and_names_are_chosen() -> None:
    turns = [Turn(Item.NAME, ["a"]), Turn(Item.NAME, ["b"]), Turn(Item.POSTCODE, ["c"])]
    assert first_attempts(turns) == [turns[0], turns[2]]
    assert names_alone(turns) == turns[:2]


@pytest.mark.parametrize("line", ["{", '{"id": "D1"}', '{"id": "D1", "turns": [{"asked": "size", "heard": []}]}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        list(read_dialogues(file))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_dialogues(tmp_path / "none.jsonl"))
