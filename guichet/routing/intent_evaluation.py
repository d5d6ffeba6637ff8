"""How good a matcher is on labelled texts: tables read and written, and the figures."""

import csv
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual, Language
from guichet.routing.intent import DANGER, IntentMatch
from guichet.routing.intent_book import Intent, IntentBook
from guichet.routing.intent_matcher import IntentMatcher

OUT_OF_SCOPE: Final = frozenset({"oos", "hors_sujet"})
"""Labels of texts that ask for nothing in the book."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what it asks for; `intent` is None when out of scope."""

    text: str
    intent: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A labelled text, its match, and the likeliest matter whether or not it was refused."""

    asked: Labelled
    match: IntentMatch
    nearest: str | None
    milliseconds: float = 0.0
    looked_again: bool = False


def read_table(text: str, name: str) -> list[Labelled]:
    """Read tab-separated lines under the header `text<TAB>intent`. Raises BadInput naming the line."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = [cell.strip() for cell in next(rows, [])]
    if header[:2] != ["text", "intent"]:
        raise BadInput(f"{name}, line 1: the header must be 'text', a tab, 'intent'")
    labelled: list[Labelled] = []
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < 2 or not cells[1].strip():
            raise BadInput(f"{name}, line {rows.line_num}: a text, a tab and an intent are expected")
        intent = cells[1].strip()
        labelled.append(Labelled(cells[0].strip(), None if intent in OUT_OF_SCOPE else intent))
    if not labelled:
        raise BadInput(f"{name}: there is no line under the header")
    return labelled


def book_of(rows: Sequence[Labelled]) -> IntentBook:
    """Make a book of labelled texts alone: no keywords, no answers; the language of the texts does not matter."""
    texts: dict[str, list[str]] = {}
    for row in rows:
        if row.intent is not None:
            texts.setdefault(row.intent, []).append(row.text)
    if not texts:
        raise BadInput("the training table has no text with an intent")
    intents = tuple(Intent(name, Bilingual(name, name), {Language.FR: tuple(held)}) for name, held in texts.items())
    return IntentBook(intents, tuple(row.text for row in rows if row.intent is None))


def answered(matcher: IntentMatcher, asked: Sequence[Labelled]) -> list[Answered]:
    """Match each text alone, as calls come."""
    answers: list[Answered] = []
    for one in asked:
        started = time.perf_counter()
        found = matcher.examine([one.text])
        spent = (time.perf_counter() - started) * 1000
        answers.append(Answered(one, found.match, found.nearest, spent, looked_again=found.looked_again))
    return answers


def times(answers: Sequence[Answered]) -> dict[str, float | int | None]:
    """Return the mean and the 95th percentile."""
    spent = np.array([one.milliseconds for one in answers])
    return {
        "milliseconds_per_text": round(float(spent.mean()), 3),
        "milliseconds_p95": round(float(np.quantile(spent, 0.95)), 3),
    }


def what_is_added(matcher: IntentMatcher, answers: Sequence[Answered]) -> dict[str, float | int | None]:
    """Return the part of texts looked at again, and what words alone would have given."""
    alone = figures(answered(matcher.by_words(), [one.asked for one in answers]))
    kept = ("accuracy_in_scope", "accuracy_overall", "oos_auc", "danger_recall", "danger_false_alarms")
    again = _part([one.looked_again for one in answers])
    return {"looked_at_again": again, **{f"words_alone_{name}": alone[name] for name in kept}}


def predictions_table(answers: Sequence[Answered]) -> str:
    """Write `text, intent, predicted, score` in the same order; `predicted` is empty when out of scope."""
    lines = ["text\tintent\tpredicted\tscore"]
    lines += [
        f"{one.asked.text}\t{one.asked.intent or 'oos'}\t{one.match.intent or ''}\t{one.match.score:.6f}"
        for one in answers
    ]
    return "\n".join(lines) + "\n"


def figures(answers: Sequence[Answered]) -> dict[str, float | int | None]:
    """Return the figures, None where nothing in the table could show them.

    `accuracy_in_scope`: the likeliest matter is the right one, refused or not; `accuracy_in_scope_answered`: right and
    not refused; `accuracy_overall`: the latter with refusals of out-of-scope texts counted right; `oos_auc`: chance
    that a text in scope scores above one that is not; `oos_recall`, `oos_precision`: of refusals; `danger_recall`,
    `danger_false_alarms`: of `urgence_danger`, the latter as a part of all other texts.
    """
    inside = [one for one in answers if one.asked.intent is not None]
    outside = [one for one in answers if one.asked.intent is None]
    danger = [one for one in answers if one.asked.intent == DANGER]
    others = [one for one in answers if one.asked.intent != DANGER]
    refused = [one for one in answers if one.match.intent is None]
    return {
        "texts": len(answers),
        "in_scope": len(inside),
        "out_of_scope": len(outside),
        "accuracy_in_scope": _part([one.nearest == one.asked.intent for one in inside]),
        "accuracy_in_scope_answered": _part([one.match.intent == one.asked.intent for one in inside]),
        "accuracy_overall": _part([one.match.intent == one.asked.intent for one in answers]),
        "oos_auc": _auc([one.match.score for one in inside], [one.match.score for one in outside]),
        "oos_recall": _part([one.match.intent is None for one in outside]),
        "oos_precision": _part([one.asked.intent is None for one in refused]) if outside else None,
        "danger_recall": _part([one.match.intent == DANGER for one in danger]),
        "danger_false_alarms": _part([one.match.intent == DANGER for one in others]) if danger else None,
    }


def _part(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 4) if flags else None


def _auc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Return the area under the ROC curve by ranks (Mann-Whitney), equal scores counting half."""
    if not inside or not outside:
        return None
    ranks = _ranks(np.array([*inside, *outside]))
    total = ranks[: len(inside)].sum() - len(inside) * (len(inside) + 1) / 2
    return round(float(total) / (len(inside) * len(outside)), 4)


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place])
