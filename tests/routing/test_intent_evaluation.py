import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from guichet.core.errors import BadInput
from guichet.gateway.commands.intents import intents
from guichet.routing.intent import DANGER, IntentMatch
from guichet.routing.intent_evaluation import Answered, Labelled, book_of, figures, predictions_table, read_table

TRAIN = """text	intent
louer la salle des fêtes	salle
la salle est libre samedi	salle
réserver une salle	salle
payer ma facture	facture
une facture à régler	facture
comment payer la facture	facture
"""
TEST = """text	intent
la salle samedi	salle
je paye la facture	facture
quelle est la capitale du Pérou	oos
zorglub	hors_sujet
"""


def answer(asked: str | None, found: str | None, score: float, nearest: str | None = None) -> Answered:
    return Answered(Labelled("x", asked), IntentMatch("x", found, score), nearest or found)


def test_a_table_is_read_with_both_names_of_out_of_scope() -> None:
    rows = read_table("\ufeff" + TEST, "test.tsv")
    assert [row.intent for row in rows] == ["salle", "facture", None, None]


def test_quotes_in_a_table_are_letters() -> None:
    (row,) = read_table('text\tintent\nhow do you say "hello\ttranslate\n', "t")
    assert row.text == 'how do you say "hello'


@pytest.mark.parametrize("text", ["", "a\tb\nc\td\n", "text\tintent\n", "text\tintent\nseul\n", "text\tintent\nx\t\n"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_table(text, "test.tsv")


def test_a_table_of_strangers_alone_cannot_train() -> None:
    with pytest.raises(BadInput):
        book_of([Labelled("x", None)])


def test_the_figures_count_refusals_on_both_sides() -> None:
    told = figures(
        [
            answer("a", "a", 0.9),
            answer("a", None, 0.3, nearest="a"),
            answer("b", "a", 0.5),
            answer(None, None, 0.3),
            answer(None, "b", 0.4),
        ]
    )
    assert told["accuracy_in_scope"] == pytest.approx(2 / 3, abs=1e-4)
    assert told["accuracy_in_scope_answered"] == pytest.approx(1 / 3, abs=1e-4)
    assert told["accuracy_overall"] == pytest.approx(2 / 5)
    assert told["oos_auc"] == pytest.approx(4.5 / 6)
    assert told["oos_recall"] == 0.5
    assert told["oos_precision"] == 0.5
    assert told["danger_recall"] is None


def test_danger_has_figures_of_its_own() -> None:
    told = figures([answer(DANGER, DANGER, 1), answer(DANGER, "a", 1), answer("a", DANGER, 1), answer("a", "a", 1)])
    assert (told["danger_recall"], told["danger_false_alarms"]) == (0.5, 0.5)


def test_predictions_keep_the_order_and_leave_refusals_empty() -> None:
    table = predictions_table([answer("a", "a", 0.5), answer(None, None, 0.1)])
    assert table == "text\tintent\tpredicted\tscore\nx\ta\ta\t0.500000\nx\toos\t\t0.100000\n"


def test_the_command_evaluates_and_writes_predictions(tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "test.tsv").write_text(TEST, encoding="utf-8")
    out = tmp_path / "out.tsv"
    asked = ["evaluate", str(tmp_path / "test.tsv"), "--train", str(tmp_path / "train.tsv"), "--predictions", str(out)]
    result = CliRunner().invoke(intents, [*asked, "--json"], catch_exceptions=False)
    told = json.loads(result.output)
    assert told["texts"] == 4
    assert told["accuracy_in_scope"] == 1.0
    assert told["oos_auc"] == 1.0
    assert told["seconds_to_train"] < 2
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "text\tintent\tpredicted\tscore"
    assert [line.split("\t")[2] for line in lines[1:]] == ["salle", "facture", "", ""]
    assert "accuracy_in_scope" in CliRunner().invoke(intents, asked, catch_exceptions=False).output


def test_the_command_matches_with_a_given_book(tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    book.write_text(
        "intents: {salle: {title: {fr: a, en: b}, examples: {fr: [louer la salle]}},"
        " facture: {title: {fr: a, en: b}, examples: {fr: [payer la facture]}}}",
        encoding="utf-8",
    )
    result = CliRunner().invoke(intents, ["match", "la salle", "--book", str(book), "--json"], catch_exceptions=False)
    found = json.loads(result.output)
    assert set(found) == {"text", "intent", "score", "runner_up", "because", "also"}
    assert found["intent"] == "salle"
    assert found["runner_up"]["intent"] == "facture"
    assert found["because"] == ["salle"]


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(intents, ["evaluate", str(tmp_path / "none.tsv")])
    assert isinstance(result.exception, BadInput)
    assert "none.tsv" in str(result.exception)
