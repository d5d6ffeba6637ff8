import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import guichet
from guichet.core.csv_text import as_csv

EVIL = ["=1+1", "+33199001010", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-"]


@pytest.mark.parametrize("text", EVIL)
@pytest.mark.parametrize("separator", [",", ";"])
def test_no_cell_begins_as_a_formula(text: str, separator: str) -> None:
    (row,) = csv.reader(io.StringIO(as_csv([["a", text]], separator), newline=""), delimiter=separator)
    assert row == ["a", f"'{text}".replace("\r", " ")]


def test_numbers_days_and_harmless_texts_stay_as_they_are() -> None:
    row = [-3, -0.5, date(2026, 3, 1), None, True, "", "a=b", "l'État", 'dit "oui", puis non']
    assert as_csv([row]) == '-3,-0.5,2026-03-01,,True,,a=b,l\'État,"dit ""oui"", puis non"\n'


@given(st.lists(st.lists(st.text(st.characters(blacklist_characters="\0")), min_size=2, max_size=4), max_size=4))
def test_whatever_the_texts_there_are_as_many_rows_and_cells_and_none_is_a_formula(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO(as_csv(rows), newline="")))
    assert [len(row) for row in found] == [len(row) for row in rows]
    assert not [cell for row in found for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_nothing_else_writes_csv() -> None:
    """Another writer would have to guard its cells again, and one day one would not."""
    package = Path(guichet.__file__).parent
    writers = {
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)|to_csv", file.read_text("utf-8"))
    }
    assert writers == {"core/csv_text.py"}
