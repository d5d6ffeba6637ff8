"""What a draft of the intent book changes, before it is published: figures, examples, texts of citizens. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from guichet.routing.intent import DANGER
from guichet.routing.intent_matcher import IntentMatcher, Unseen


@dataclass(frozen=True, slots=True)
class Figures:
    """How well the examples are understood, each by all the others; parts of 1, None where there are none to count.

    `accuracy`: of examples of matters, those that are given theirs; `refused`: of examples of none, those that are
    refused; `danger_recall` and `danger_false_alarms` are of `urgence_danger`.
    """

    examples: int
    accuracy: float | None
    refused: float | None
    danger_recall: float | None
    danger_false_alarms: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """A text that is understood otherwise: None is "not understood". `wanted` is what it ought to be, if known."""

    text: str
    before: str | None
    after: str | None
    wanted: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Both books' figures; examples that are `mended` or `spoilt`; texts of citizens that are understood otherwise."""

    before: Figures
    after: Figures
    mended: tuple[Change, ...]
    spoilt: tuple[Change, ...]
    texts: tuple[Change, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


def trial(before: IntentMatcher, after: IntentMatcher, texts: Iterable[str] = ()) -> Trial:
    """Compare two trained books on their examples, and on texts of citizens (those that were not understood, say)."""
    old, new = before.unseen(), after.unseen()
    known = {one.text: one for one in old}
    both = [(known[one.text], one) for one in new if one.text in known and known[one.text].wanted == one.wanted]
    changed = [Change(now.text, was.found, now.found, now.wanted) for was, now in both if was.found != now.found]
    return Trial(
        figures(old),
        figures(new),
        tuple(one for one in changed if one.after == one.wanted),
        tuple(one for one in changed if one.before == one.wanted),
        tuple(_otherwise(before.match, after.match, texts)),
    )


def figures(unseen: Sequence[Unseen]) -> Figures:
    """Count."""
    inside = [one for one in unseen if one.wanted is not None]
    outside = [one for one in unseen if one.wanted is None]
    danger = [one for one in inside if one.wanted == DANGER]
    others = [one for one in unseen if one.wanted != DANGER]
    return Figures(
        examples=len(unseen),
        accuracy=_part(inside, lambda one: one.found == one.wanted),
        refused=_part(outside, lambda one: one.found is None),
        danger_recall=_part(danger, lambda one: one.found == DANGER),
        danger_false_alarms=_part(others, lambda one: one.found == DANGER) if danger else None,
    )


def _part(rows: Sequence[Unseen], fits: Callable[[Unseen], bool]) -> float | None:
    return round(sum(map(fits, rows)) / len(rows), 4) if rows else None


def _otherwise(before: Callable[..., Any], after: Callable[..., Any], texts: Iterable[str]) -> Iterable[Change]:
    """Yield the texts whose match is another one."""
    for text in dict.fromkeys(texts):
        was, now = before([text]).intent, after([text]).intent
        if was != now:
            yield Change(text, was, now)
