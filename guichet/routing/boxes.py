"""Conditions as sets of situations, so that one rule can be seen to leave nothing to another. Pure.

A situation gives each field a value. A `Box` holds the situations in which each of some fields has one of some values
(a bit mask over the field's domain; a field that is not in the box is free). A condition is a union of boxes; taking
boxes away from boxes leaves boxes. Unions that grow too large are given up: what is not proved is not warned of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import assert_never

from guichet.routing.conditions import (
    Allowed,
    Compare,
    Condition,
    Group,
    Operator,
    Outside,
    Quantifier,
    comparisons,
    values_allowed,
)
from guichet.routing.hours import DAY_MINUTES
from guichet.routing.intent import DANGER
from guichet.routing.rule import Rule
from guichet.routing.view import Field

Box = Mapping[str, int]

MOST_BOXES = 200

_OTHER = object()
"""Stands for every value that the book does not name."""
_FIXED: dict[Field, tuple[object, ...]] = {
    Field.HOUR: tuple(range(DAY_MINUTES)),
    Field.DAY: tuple(range(7)),
    Field.LANGUAGE: ("fr", "en"),
    Field.CHANNEL: ("voice", "sms"),
    Field.CERTAINTY: ("sure", "check", "unknown"),
    **dict.fromkeys((Field.OPEN, Field.AGENTS_FREE, Field.WANTS_AGENT, Field.CALLER_KNOWN), (False, True)),
}


class TooMany(Exception):
    """The union has grown too large to go on."""


@dataclass(frozen=True, slots=True)
class Domains:
    """The values that each field may have, each with its bit."""

    bits: Mapping[Field, Mapping[object, int]]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Domains":
        """Gather the values named in rules; the fixed domains are whole."""
        named: dict[Field, dict[object, None]] = {Field.INTENT: {DANGER: None, None: None}, Field.LINE: {}}
        for rule in rules:
            for compare in comparisons(rule.condition):
                if compare.field in named:
                    named[compare.field].update(dict.fromkeys(compare.values))
        domains = {**_FIXED, **{field: (*values, _OTHER) for field, values in named.items()}}
        return cls({field: {value: 1 << bit for bit, value in enumerate(values)} for field, values in domains.items()})

    def mask(self, compare: Compare) -> int:
        """Return which values of its field a comparison allows."""
        if compare.field is Field.HOUR:
            return _minutes_mask(values_allowed(compare))
        bits = self.bits[compare.field]
        named = reduce(or_, (bits[value] for value in compare.values), 0)
        return named if compare.operator is Operator.IS else self.full(compare.field) & ~named

    def full(self, field: Field) -> int:
        """Return the mask of all values."""
        return (1 << len(self.bits[field])) - 1

    def boxes(self, rule: Rule) -> list[Box]:
        """Return the situations in which a rule applies. Raises TooMany."""
        return self._boxes(rule.condition, _hours_looked_at(rule), wanted=True)

    def danger(self) -> Box:
        """Return the situations that no rule ever sees."""
        return {Field.INTENT.value: self.bits[Field.INTENT][DANGER]}

    def _boxes(self, condition: Condition, hours: str, *, wanted: bool) -> list[Box]:
        match condition:
            case Compare(field):
                mask = self.mask(condition)
                mask = mask if wanted else self.full(field) & ~mask
                key = f"{field.value} {hours}" if field is Field.OPEN else field.value
                return [{key: mask}] if mask else []
            case Group(quantifier, members):
                # none of = not (any of); not (all of) = any that does not hold
                each_wanted = wanted if quantifier is not Quantifier.NONE else not wanted
                parts = [self._boxes(member, hours, wanted=each_wanted) for member in members]
                together = (quantifier is Quantifier.ALL) == each_wanted
                return _product(parts) if together else _bounded(box for part in parts for box in part)
            case _:
                assert_never(condition)


def _minutes_mask(allowed: Allowed) -> int:
    """Return the mask of a range of minutes, or of what is outside of it."""
    if isinstance(allowed, range):
        return (1 << allowed.stop) - (1 << allowed.start) if allowed else 0
    if isinstance(allowed, Outside) and isinstance(allowed.values, range):
        return ((1 << DAY_MINUTES) - 1) & ~_minutes_mask(allowed.values)
    raise TypeError("hours are compared by ranges")


def _hours_looked_at(rule: Rule) -> str:
    """Name the hours that `open` means in a rule; rules that look at different hours are not compared on it."""
    if rule.queue is None:
        return "of the matter"
    return rule.queue.hours.name if rule.queue.hours else "of the line"


def _bounded(boxes: Iterable[Box]) -> list[Box]:
    found = []
    for box in boxes:
        found.append(box)
        if len(found) > MOST_BOXES:
            raise TooMany
    return found


def _product(parts: Iterable[list[Box]]) -> list[Box]:
    product: list[Box] = [{}]
    for part in parts:
        pairs = (_meet(left, right) for left in product for right in part)
        product = _bounded(met for met in pairs if met is not None)
    return product


def _meet(left: Box, right: Box) -> Box | None:
    """Return the situations in both, or None when there are none."""
    met = dict(left)
    for key, mask in right.items():
        met[key] = met[key] & mask if key in met else mask
        if not met[key]:
            return None
    return met


def without(box: Box, taken: Box, full: Mapping[str, int]) -> list[Box]:
    """Return boxes that together hold what is left of one box when another is taken away."""
    for key, mask in taken.items():
        if key in box and not box[key] & mask:
            return [box]
    rest = dict(box)
    left: list[Box] = []
    for key, mask in taken.items():
        had = rest.get(key, full[key])
        if had & ~mask:
            left.append({**rest, key: had & ~mask})
        rest[key] = had & mask
    return left
