"""Rows as CSV text: whatever leaves as CSV is written here, so that no spreadsheet takes a text for a formula. Pure.

Names, notes and words come from people: a cell that begins as a formula does would be run by whoever opens the file
(OWASP, "CSV Injection"). It gets an apostrophe, which spreadsheets take for "this is text". Numbers and days stay.
"""

import csv
import io
from collections.abc import Iterable

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Iterable[Iterable[object]], separator: str = ",") -> str:
    """Return rows as lines. A cell stays in its cell: a carriage return, where some begin a new row, is a space."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    within = cell.replace("\r", " ")
    return f"'{within}" if cell.startswith(_BEGINS_FORMULA) else within
